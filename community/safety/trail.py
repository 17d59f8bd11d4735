"""What this room writes into the audit trail, and how reports are named in it. Who made a report is never written."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.safety import reports
from community.safety.models import Report
from core import audit

ACTIONS = {
    f"safety.report.{Report.Outcome.LEFT}": gettext_lazy("read a report and left the words as they are"),
    f"safety.report.{Report.Outcome.HIDDEN}": gettext_lazy("read a report and hid the words"),
}


def names(viewer, ids: Collection[int]) -> dict[int, str]:
    """Reports, for the moderators who may judge them. One whose thing is gone no longer says whose it was."""
    judged = reports.judged_by(viewer, Report.objects.filter(pk__in=ids))
    return {made.pk: _("report %(number)s") % {"number": made.pk} for made, thing in judged if thing is not None}


def register() -> None:
    audit.register_actions(ACTIONS, by_staff=True)
    audit.register("safety.report", names, unnamed=gettext_lazy("a report"))
