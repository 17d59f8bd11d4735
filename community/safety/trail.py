"""What this room writes into the audit trail, and how reports are named in it. Who made a report is never written."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.safety import reports
from community.safety.models import Appeal, Report
from community.safety.permissions import may_moderate
from core import audit

ACTIONS = {
    f"safety.report.{Report.Outcome.LEFT}": gettext_lazy("read a report and left the words as they are"),
    f"safety.report.{Report.Outcome.HIDDEN}": gettext_lazy("read a report and hid the words"),
    f"safety.appeal.{Appeal.Outcome.UPHELD}": gettext_lazy("read an appeal and left the decision as it is"),
    f"safety.appeal.{Appeal.Outcome.LIFTED}": gettext_lazy("read an appeal and lifted the decision"),
    "safety.member.warn": gettext_lazy("warned a member"),
    "safety.member.pause": gettext_lazy("paused a member"),
    "safety.member.remove": gettext_lazy("removed a member"),
    "safety.member.lifted": gettext_lazy("ended a member's pause or removal"),
    "safety.member.over": gettext_lazy("let a removed member in again, since the time was over"),
}


def names(viewer, ids: Collection[int]) -> dict[int, str]:
    """Reports, for the moderators who may judge them. One whose thing is gone no longer says whose it was."""
    judged = reports.judged_by(viewer, Report.objects.filter(pk__in=ids))
    return {made.pk: _("report %(number)s") % {"number": made.pk} for made, thing in judged if thing is not None}


def appeal_names(viewer, ids: Collection[int]) -> dict[int, str]:
    """Appeals from outside of groups, for moderators whom they are not about."""
    if not may_moderate(viewer):
        return {}
    rows = Appeal.objects.filter(pk__in=ids, decision__circle_id=None).exclude(decision__person=viewer.pk)
    return {pk: _("appeal %(number)s") % {"number": pk} for pk in rows.order_by().values_list("pk", flat=True)}


def register() -> None:
    audit.register_actions(ACTIONS, by_staff=True)
    audit.register("safety.report", names, unnamed=gettext_lazy("a report"))
    audit.register("safety.appeal", appeal_names, unnamed=gettext_lazy("an appeal"))
