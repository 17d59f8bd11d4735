"""What a report of a group's file discloses: its name and who put it there, never its bytes. And what the moderation
knows of groups: who belongs to one, and who leads it."""

from collections.abc import Collection, Mapping

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.groups.models import Group, GroupFile, Membership
from community.members.models import User
from community.safety import kinds, limits
from community.safety.kinds import Disclosed

KIND = "group-file"


def may_see(user, file_id: int) -> bool:
    """Who is inside; who reads by an emergency access reports nothing."""
    inside = Group.objects.entered_by(user).values("pk")
    return GroupFile.objects.filter(pk=file_id, group__in=inside).exists()


def disclose(things: Mapping[int, Collection[str]], reader) -> dict[int, Disclosed]:
    files = GroupFile.objects.filter(pk__in=things).select_related("added_by").order_by()
    return {
        file.pk: Disclosed(
            author_id=file.added_by_id,
            author=str(file.added_by),
            html=format_html("<p>{}: {}</p>", _("A file"), file.name),
            place=_("a group"),
            is_hidden=False,
            in_group=True,
            circle_id=file.group_id,
        )
        for file in files
    }


def insiders(file_ids: Collection[int], user_ids: Collection[int]) -> set[tuple[int, int]]:
    rows = GroupFile.objects.filter(
        pk__in=file_ids, group__memberships__user__in=user_ids, group__memberships__left_at=None
    )
    return set(rows.order_by().values_list("pk", "group__memberships__user"))


def belonged_to(user):
    """The ids of the groups that somebody belongs to, signed or not."""
    return Membership.objects.filter(user=user.pk, left_at=None).order_by().values_list("group", flat=True)


def led(group_id: int):
    """Who leads a group, from inside."""
    leading = Membership.objects.filter(group=group_id, left_at=None, role="facilitator").signed()
    return User.objects.members().filter(pk__in=leading.values("user"))


def leads_any(user) -> bool:
    return Group.objects.facilitated_by(user).exists()


def register() -> None:
    kinds.register(
        kinds.Kind(KIND, may_see=may_see, disclose=disclose, insiders=insiders, label=gettext_lazy("a file"))
    )
    kinds.register_circles(kinds.Circles(of=belonged_to, led=led))
    limits.register_leading(leads_any)
