"""The letters that tell people about their account."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from community.members.models import User
from community.notices import kinds


def admitted(recipient: User, target_id: int | None) -> dict | None:
    """The context of "you have been admitted"; None for somebody who is no member by the time it goes out."""
    return {"path": reverse("members:people")} if recipient.is_member else None


def invited(recipient: User, target_id: int | None) -> dict | None:
    """The context of an invitation, with a link made at this moment; None once it is not needed any more."""
    if not recipient.is_active or recipient.has_usable_password():
        return None
    key = default_token_generator.make_token(recipient)
    return {"path": reverse("account_reset_password_from_key", args=[user_pk_to_url_str(recipient), key])}


def register() -> None:
    kinds.register(kinds.Kind("admitted", "members/mail/admitted", admitted))
    kinds.register(kinds.Kind("invited", "members/mail/invited", invited))
