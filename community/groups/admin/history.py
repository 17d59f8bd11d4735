"""What was done to a group, or to somebody's membership, as the audit trail has it.

Wagtail's own log keeps the name that a thing had, and shows it to whoever may change things of that kind; groups and
memberships write nothing there. The trail holds ids, and names are looked up for the one who reads.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn

from community.groups.models import Group, Membership
from core import audit
from core.models import AuditEntry
from core.viewsets import ScopedViewSet

# What concerns a group and none of its members.
OF_THE_GROUP = ["group.started", "group.set_up", "group.changed", "group.archived", "group.reopened"]


class TrailView(ScopedViewSet.history_view_class):
    """Wagtail's history page with rows of the audit trail."""

    any_permission_required = ["change"]
    filterset_class = None
    paginate_by = 50
    default_ordering = ["-at", "-pk"]
    verbose_name_plural = gettext_lazy("entries")

    @property
    def columns(self):
        return [
            DateColumn("at", label=gettext_lazy("When"), accessor="entry.at", width="20%"),
            Column("actor", label=gettext_lazy("Who")),
            Column("sentence", label=gettext_lazy("What")),
            Column("person", label=gettext_lazy("To whom")),
        ]

    def get_table(self, object_list):
        return super().get_table(audit.lines(self.request.user, object_list))

    def get_base_queryset(self):
        return self.rows().order_by("-at", "-pk")

    def rows(self):
        raise NotImplementedError("A history says which rows of the trail it shows.")


class GroupTrail(TrailView):
    def rows(self):
        rows = _about(self.object)
        return rows.filter(action__in=OF_THE_GROUP) if self.object.kind == Group.Kind.CONSULTATION else rows


class MembershipTrail(TrailView):
    def rows(self):
        own: Membership = self.object
        signed = Q(actor_id=own.user_id, action="group.agreement.signed")
        return _about(own.group).filter(signed | Q(person_id=own.user_id))


def _about(group: Group):
    return AuditEntry.objects.filter(target_kind="groups.group", target_id=group.pk)
