"""Reports: made by anybody who may see the thing, read and closed by moderators, never about themselves."""

from collections import defaultdict

from django.db import IntegrityError, transaction
from django.db.models import Case, IntegerField, When
from django.utils import timezone
from django.utils.translation import gettext as _

from community.members.models import User
from community.notices import outbox
from community.safety import kinds
from community.safety.kinds import Disclosed
from community.safety.models import Report
from community.safety.permissions import may_moderate, moderators

QUEUE_SHOWN = 100


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
            disclosed = found.disclose([target_id]).get(target_id)
            author_id = disclosed.author_id if disclosed else None
            outbox.queue_all("report", moderators().exclude(pk=author_id), target_id=made.pk)
    except IntegrityError as error:
        raise ReportRefused(_("You have reported this already. A moderator will look at it.")) from error
    return made


def open_reports(moderator: User) -> list[tuple[Report, Disclosed | None]]:
    """What waits, danger first, then the oldest, each with what it discloses (None once the thing is gone).

    At most `QUEUE_SHOWN` of them, and none about the moderator's own words. The number of queries is that of kinds.
    """
    if not may_moderate(moderator):
        return []
    danger_first = Case(When(reason=Report.Reason.DANGER, then=0), default=1, output_field=IntegerField())
    waiting = Report.objects.filter(closed_at=None).select_related("reporter").order_by(danger_first, "made_at")
    rows = list(waiting[:QUEUE_SHOWN])
    targets = defaultdict(set)
    for row in rows:
        targets[row.kind].add(row.target_id)
    known = {name: kind.disclose(ids) for name, ids in targets.items() if (kind := kinds.get(name))}
    disclosed = [(row, known.get(row.kind, {}).get(row.target_id)) for row in rows]
    return [(row, thing) for row, thing in disclosed if thing is None or thing.author_id != moderator.pk]


def count_open(user) -> int:
    """How many reports wait for `user`; 0 for those who may not read them."""
    return len(open_reports(user)) if Report.objects.filter(closed_at=None).exists() else 0


def close(made: Report, *, by: User, outcome: str) -> None:
    """Decide one report: leave the thing as it is, or hide it.

    Raises ReportRefused for people who may not moderate, or about their own words, or once it is decided.
    """
    with transaction.atomic():
        made = Report.objects.select_for_update().get(pk=made.pk)
        if made.closed_at is not None:
            raise ReportRefused(_("Another moderator has decided this one."))
        kind = kinds.get(made.kind)
        disclosed = kind.disclose([made.target_id]).get(made.target_id) if kind else None
        if not may_moderate(by) or (disclosed and disclosed.author_id == by.pk):
            raise ReportRefused(_("This one is for another moderator."))
        if outcome == Report.Outcome.HIDDEN and kind and disclosed:
            kind.hide(made.target_id, by)
        made.outcome, made.closed_at, made.closed_by = outcome, timezone.now(), by
        made.save(update_fields=["outcome", "closed_at", "closed_by"])
