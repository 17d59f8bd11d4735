"""Who may see and do what with a group. Sets of rows, never a loop: the cost does not grow with the groups."""

from django.db import models
from django.db.models import CharField, Count, Exists, OuterRef, Q, Subquery, Value


class GroupQuerySet(models.QuerySet):
    def entered_by(self, user):
        """Groups that `user` is inside of: reads their forum, roster and meetings. Staff get no way round it."""
        if not getattr(user, "is_member", False):
            return self.none()
        return self.filter(Exists(self._own_memberships(user)))

    def facilitated_by(self, user):
        """Groups that `user` leads."""
        if not getattr(user, "is_member", False):
            return self.none()
        return self.filter(Exists(self._own_memberships(user).filter(role="facilitator")))

    def visible_to(self, user):
        """Groups whose name and purpose `user` may read: chapters are public, the rest is for members,
        and a group that is not listed is there for those inside only."""
        if not getattr(user, "is_member", False):
            return self.filter(kind="chapter", archived_at=None)
        inside = Q(pk__in=self.model.objects.entered_by(user).values("pk"))
        return self.filter(Q(listed=True, archived_at=None) | inside)

    def with_sizes(self):
        """Adds `size`, the number of current members."""
        return self.annotate(size=Count("memberships", filter=Q(memberships__left_at=None)))

    def with_role_of(self, user):
        """Adds `own_role`: the role of `user` in each group, None where they are not in it."""
        if not getattr(user, "is_member", False):
            return self.annotate(own_role=Value(None, output_field=CharField()))
        return self.annotate(own_role=Subquery(self._own_memberships(user).values("role")))

    def _own_memberships(self, user):
        """The current membership of `user` in the group of the outer query: one row, or none."""
        membership = self.model._meta.get_field("memberships").related_model
        return membership.objects.filter(group=OuterRef("pk"), user=user, left_at=None)


class MembershipQuerySet(models.QuerySet):
    def current(self):
        """Of people who have not left, and whose account is open and in good standing."""
        return self.filter(left_at=None, user__is_active=True, user__standing="active")

    def visible_to(self, user):
        """Who is in a group is known inside it."""
        group_model = self.model._meta.get_field("group").related_model
        return self.current().filter(group__in=group_model.objects.entered_by(user))


def is_inside(user, group) -> bool:
    """Whether `user` is a current member of `group`, in good standing."""
    return type(group).objects.entered_by(user).filter(pk=group.pk).exists()


def is_facilitator(user, group) -> bool:
    """Whether `user` leads `group`."""
    return type(group).objects.facilitated_by(user).filter(pk=group.pk).exists()


def may_join(user, group) -> bool:
    """Chapters and learning communities are open to every member; a consultation group invites."""
    open_kind = group.kind in ("chapter", "community")
    return open_kind and group.archived_at is None and getattr(user, "is_member", False)
