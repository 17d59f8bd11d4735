"""What this room writes into the audit trail, and how people are named in it."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from community.members.permissions import people_known_to
from core import audit

ACTIONS = {
    "members.admit": _("admitted a member"),
    "members.lapse": _("ended a membership"),
    "members.reinstate": _("reinstated a member"),
    "members.check_licence": _("checked a license"),
    "members.withdraw_check": _("withdrew a license check"),
    "members.invite": _("invited somebody"),
    "members.close": _("closed an account"),
    "members.reopen": _("opened an account again"),
    "members.roles": _("set somebody's roles"),
}


def names(viewer, ids: Collection[int]) -> dict[int, str]:
    return {person.pk: str(person) for person in people_known_to(viewer).filter(pk__in=ids)}


def register() -> None:
    audit.register_actions(ACTIONS, by_staff=True)
    audit.register("members.user", names, unnamed=_("a person"))
