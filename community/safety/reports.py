"""Reports: made by anybody who may see the thing, read and closed by moderators, never about themselves."""

from django.db import IntegrityError, transaction
from django.db.models import Case, IntegerField, When
from django.utils import timezone
from django.utils.translation import gettext as _

from community.members.models import User
from community.notices import outbox
from community.safety import kinds
from community.safety.models import Report
from community.safety.permissions import may_moderate, moderators


class ReportRefused(Exception):
    """Why not, in a sentence for the person who asked."""


def report(kind: str, target_id: int, *, by: User, reason: str, words: str = "") -> Report:
    """Ask the moderators to look at one thing that `by` may see, and tell them by mail.

    Raises ReportRefused where it cannot be seen, or where the same person's report is still open.
    """
    found = kinds.get(kind)
    if found is None or not found.may_see(by, target_id):
        raise ReportRefused(_("That is not there any more."))
    try:
        with transaction.atomic():
            made = Report.objects.create(kind=kind, target_id=target_id, reporter=by, reason=reason, words=words)
            disclosed = found.disclose(target_id)
            author_id = disclosed.author_id if disclosed else None
            outbox.queue_all("report", moderators().exclude(pk=author_id), target_id=made.pk)
    except IntegrityError as error:
        raise ReportRefused(_("You have reported this already. A moderator will look at it.")) from error
    return made


def open_reports(moderator: User):
    """What waits, danger first, then the oldest; without reports about the moderator's own words."""
    if not may_moderate(moderator):
        return []
    danger_first = Case(When(reason=Report.Reason.DANGER, then=0), default=1, output_field=IntegerField())
    waiting = Report.objects.filter(closed_at=None).select_related("reporter").order_by(danger_first, "made_at")
    rows = []
    for row in waiting[:100]:
        kind = kinds.get(row.kind)
        disclosed = kind.disclose(row.target_id) if kind else None
        if disclosed is None or disclosed.author_id != moderator.pk:
            rows.append((row, disclosed))
    return rows


def count_open(user) -> int:
    """How many reports wait, for those who may read them; 0 for everybody else."""
    waiting = Report.objects.filter(closed_at=None).count()
    return waiting if waiting and may_moderate(user) else 0


def close(made: Report, *, by: User, outcome: str) -> None:
    """Decide one report: leave the thing as it is, or hide it.

    Raises ReportRefused for people who may not moderate, or about their own words, or once it is decided.
    """
    with transaction.atomic():
        made = Report.objects.select_for_update().get(pk=made.pk)
        if made.closed_at is not None:
            raise ReportRefused(_("Another moderator has decided this one."))
        kind = kinds.get(made.kind)
        disclosed = kind.disclose(made.target_id) if kind else None
        if not may_moderate(by) or (disclosed and disclosed.author_id == by.pk):
            raise ReportRefused(_("This one is for another moderator."))
        if outcome == Report.Outcome.HIDDEN and kind and disclosed:
            kind.hide(made.target_id, by)
        made.outcome, made.closed_at, made.closed_by = outcome, timezone.now(), by
        made.save(update_fields=["outcome", "closed_at", "closed_by"])
