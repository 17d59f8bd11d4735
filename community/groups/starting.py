"""Starting a group. Any member may: whoever starts one signs its agreement first, and leads it."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from community.groups import agreements, membership
from community.groups.models import Group, Membership
from community.groups.models.group import RESERVED_SLUGS
from community.groups.refusals import GroupRefused
from community.members.models import User
from core import audit
from core.models import AuditEntry

KINDS = (Group.Kind.CONSULTATION, Group.Kind.COMMUNITY)  # chapters are set up by staff, in the admin
MOST_A_MONTH = 5
MONTH = timedelta(days=30)
STARTED = "group.started"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another


def start(*, by: User, kind: str, version: int, given: Mapping[str, Any]) -> Group:
    """Make a group that `by` leads and whose agreement they have signed.

    `version` is that of the association's text which they read; `given` are the fields of the group that a founder
    decides on. Raises ValidationError, by field, for what cannot be, and GroupRefused where `by` is no member, for
    another kind, where the text has changed since, or for more groups than one person starts in a month.
    """
    if kind not in KINDS:
        raise GroupRefused(_("Chapters are set up by the association's staff."))
    with transaction.atomic():
        # The person's row is held, so that two forms sent at once are counted together.
        by = User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
        if not by.is_member:
            raise GroupRefused(_("Only members of the association start groups."))
        _must_have_one_left(by)
        if agreements.hold(kind).version != version:
            raise GroupRefused(_("The agreement has changed while you were reading. Please look at it once more."))
        group = Group(kind=kind, **given)
        group.slug = _slug(group)
        group.full_clean()
        _insert(group)
        audit.write(STARTED, by=by, on=group)
        membership.add(group, by, by=by, role=Membership.Role.FACILITATOR)
        agreements.sign(group, by=by, edition=group.edition)
    return group


def _must_have_one_left(by: User) -> None:
    since = timezone.now() - MONTH
    started = AuditEntry.objects.filter(actor_id=by.pk, action=STARTED, at__gt=since).count()
    if started >= MOST_A_MONTH:
        words = _("You have started %(count)s groups in a month. Give them some time, then start the next one.")
        raise GroupRefused(words % {"count": started})


def _slug(group: Group) -> str:
    """An address made from the name. One that is not listed ends in letters that nobody guesses, so that nobody finds
    out, by a guess or by a name that is taken, that it is there."""
    name = slugify(group.name)[:60].strip("-") or "group"
    is_free = group.listed and name not in RESERVED_SLUGS and not Group.objects.filter(slug=name).exists()
    return name if is_free else _with_letters(name)


def _with_letters(name: str) -> str:
    return f"{name}-{''.join(secrets.choice(LETTERS) for _letter in range(8))}"


def _insert(group: Group) -> None:
    """Write the row; where somebody took the address in this moment, with one that nobody has."""
    try:
        with transaction.atomic():
            group.save(force_insert=True)
    except IntegrityError:
        group.slug = _with_letters(group.slug)
        group.save(force_insert=True)
