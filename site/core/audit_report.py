"""The audit trail in the Wagtail admin: a list to read and to filter. Nothing is added, changed or exported there."""

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import BaseListingView, PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from core import audit
from core.models import AuditEntry


class AuditFilterSet(WagtailFilterSet):
    person = django_filters.CharFilter(
        label=_("Person"),
        method="by_name",
        widget=forms.TextInput(attrs={"placeholder": _("Part of a name")}),
        max_length=80,
    )
    action = django_filters.ChoiceFilter(label=_("What was done"), choices=audit.actions)
    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)

    class Meta:
        model = AuditEntry
        fields = ["person", "action", "at"]

    def by_name(self, queryset, name, value):
        """Rows of the people so called whom the reader may know of, done by them or to them."""
        called = get_user_model().objects.filter(display_name__icontains=value).values_list("pk", flat=True)
        viewer = self.request.user
        return audit.concerning(queryset, viewer, audit.named_people(viewer, set(called)))


def _moment(line: audit.Line) -> str:
    return date_format(timezone.localtime(line.entry.at), "SHORT_DATETIME_FORMAT")


class AuditReport(PermissionCheckedMixin, BaseListingView):
    """What was done, newest first, as the reader may know it."""

    model = AuditEntry
    permission_policy = ModelPermissionPolicy(AuditEntry)
    permission_required = "view"
    page_title = _("Audit trail")
    header_icon = "clipboard-list"
    index_url_name = "audit_trail"
    index_results_url_name = "audit_trail_results"
    verbose_name_plural = AuditEntry._meta.verbose_name_plural
    filterset_class = AuditFilterSet
    paginate_by = 50
    columns = [
        Column("at", label=_("When"), accessor=_moment),
        Column("actor", label=_("Who")),
        Column("sentence", label=_("What")),
        Column("person", label=_("To whom")),
        Column("thing", label=_("Where")),
    ]

    def get_table(self, object_list):
        return super().get_table(audit.lines(self.request.user, object_list))
