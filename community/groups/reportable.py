"""What a report of a group's file discloses: its name and who put it there, never its bytes. Moderators may hide
exactly that file and put it back. And what they know of groups: who belongs to one, and who leads it."""

from collections.abc import Collection, Mapping

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.groups import shelf
from community.groups.models import Group, GroupFile, Membership
from community.groups.models.file import HIDDEN, KIND, RESTORED
from community.members.models import User
from community.safety import decisions, kinds, limits
from community.safety.kinds import Disclosed


def may_see(user, file_id: int) -> bool:
    """Who is inside; who reads by an emergency access reports nothing."""
    inside = Group.objects.entered_by(user).values("pk")
    return GroupFile.objects.visible_to(user).filter(pk=file_id, group__in=inside).exists()


def disclose(things: Mapping[int, Collection[str]], reader) -> dict[int, Disclosed]:
    files = GroupFile.objects.filter(pk__in=things).select_related("added_by").order_by()
    return {
        file.pk: Disclosed(
            author_id=file.added_by_id,
            author=str(file.added_by),
            html=format_html("<p>{}: {}</p>", _("A file"), file.name),
            place=_("a group"),
            is_hidden=file.hidden_at is not None,
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


def url(file_id: int) -> str:
    group = Group.objects.filter(files=file_id).first()
    return reverse("groups:files" if group else "groups:list", args=[group.slug] if group else [])


def belonged_to(user):
    """The ids of the groups that somebody belongs to, signed or not."""
    return Membership.objects.filter(user=user.pk, left_at=None).order_by().values_list("group", flat=True)


def entered(user):
    """The ids of the groups that somebody is inside of."""
    return Group.objects.entered_by(user).order_by().values_list("pk", flat=True)


def belonged(user_id: int, group_id: OuterRef, at: OuterRef) -> Exists:
    """Whether somebody had not left a group by a moment."""
    not_left = Q(left_at=None) | Q(left_at__gt=at)
    return Exists(Membership.objects.filter(not_left, user=user_id, group=group_id))


def led(group_id: int):
    """Who leads a group, from inside."""
    leading = Membership.objects.filter(group=group_id, left_at=None, role="facilitator").signed()
    return User.objects.members().filter(pk__in=leading.values("user"))


def leads_any(user) -> bool:
    return Group.objects.facilitated_by(user).exists()


def register() -> None:
    kinds.register(
        kinds.Kind(
            KIND,
            may_see=may_see,
            disclose=disclose,
            hide=shelf.hide,
            restore=shelf.put_back,
            insiders=insiders,
            hidden_as=HIDDEN,
            restored_as=RESTORED,
            label=gettext_lazy("a file"),
            url=url,
        )
    )
    decisions.register({HIDDEN: lambda made, by: shelf.put_back(made.target_id, by)})
    decisions.register_told({HIDDEN: gettext_lazy("hid your file"), RESTORED: gettext_lazy("put back your file")})
    kinds.register_circles(kinds.Circles(of=belonged_to, entered=entered, belonged=belonged, led=led))
    limits.register_leading(leads_any)
