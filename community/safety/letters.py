"""The letter that tells a moderator of a report. It holds no words of it."""

from community.notices import kinds
from community.safety import reports
from community.safety.models import Report


def report_context(recipient, target_id):
    made = Report.objects.filter(pk=target_id, closed_at=None).first()
    if made is None or not reports.may_judge(recipient, made):
        return None
    return {"reason": made.get_reason_display(), "is_urgent": made.reason == Report.Reason.DANGER}


def register() -> None:
    kinds.register(kinds.Kind("report", "safety/mail/report", report_context))
