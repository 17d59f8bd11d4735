"""The letters that tell people about their account.

The mail path stands above this room: it knows members, and members do not know it. So it hands its two entrances in
when the site starts, and registers the kinds below with itself.
"""

from collections.abc import Callable

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from community.members.models import User

_entrances: dict[str, Callable[..., None]] = {}


def carried_by(*, queue: Callable[..., None], queue_words: Callable[..., None]) -> None:
    """Name the mail path: `queue` takes a kind and a recipient, `queue_words` a letter that brings its words."""
    _entrances.update(queue=queue, queue_words=queue_words)


def send(kind: str, recipient: User, **about) -> None:
    """Queue a letter of one of the kinds below, in the caller's transaction."""
    _entrances["queue"](kind, recipient, **about)


def send_words(**letter) -> None:
    """Queue a letter of the account system, which brings its own words."""
    _entrances["queue_words"](**letter)


def admitted(recipient: User, target_id: int | None) -> dict | None:
    """The context of "you have been admitted"; None for somebody who is no member by the time it goes out."""
    return {"path": reverse("members:people")} if recipient.is_member else None


def invited(recipient: User, target_id: int | None) -> dict | None:
    """The context of an invitation, with a link made at this moment; None once it is not needed any more."""
    if not recipient.is_active or recipient.has_usable_password():
        return None
    key = default_token_generator.make_token(recipient)
    return {"path": reverse("account_reset_password_from_key", args=[user_pk_to_url_str(recipient), key])}


KINDS = {
    "admitted": ("members/mail/admitted", admitted),
    "invited": ("members/mail/invited", invited),
}
