"""Addresses that a program reads without a login: a feed reader, a calendar. Whoever holds one reads what it leads to.

Each member has at most one for each purpose, which a room registers in `AppConfig.ready`. Only the SHA-256 of its key
is stored, so it can be shown when it is made and never again; a new one ends the old one. What stands behind it is
decided at each request, by who its holder is then.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise

from community.members.models import SecretAddress, User

KEY_BYTES = 24


@dataclass(frozen=True)
class Purpose:
    """What an address is for: `title` and `words` for people, and `places(key, user)`, where it leads: pairs of a name
    and a path, the one that most people want first."""

    name: str
    title: str | Promise
    words: str | Promise
    places: Callable[[str, User], list[tuple[str, str]]]


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    _purposes[purpose.name] = purpose


def purposes() -> list[Purpose]:
    return list(_purposes.values())


def get(name: str) -> Purpose | None:
    """The purpose called `name`, None where no room registered it."""
    return _purposes.get(name)


def make(purpose: str, *, by: User) -> str:
    """The key of a new address of `by`; the one before it leads nowhere any more. KeyError for no known purpose."""
    key = secrets.token_urlsafe(KEY_BYTES)
    with transaction.atomic():
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
        SecretAddress.objects.filter(user=by, purpose=_purposes[purpose].name).delete()
        SecretAddress.objects.create(user=by, purpose=purpose, digest=_digest(key))
    return key


def revoke(purpose: str, *, by: User) -> None:
    """Have the address of `by` lead nowhere. Twice changes nothing."""
    SecretAddress.objects.filter(user=by, purpose=purpose).delete()


def holder(purpose: str, key: str) -> User | None:
    """Whose address this is, if they are a member in good standing now."""
    own = SecretAddress.objects.filter(purpose=purpose, digest=_digest(key))
    return User.objects.members().filter(pk__in=own.values("user")).first()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
