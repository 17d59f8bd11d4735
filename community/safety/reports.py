"""Reports: made by anybody who may see the thing, read and closed by moderators who have no part in it.

A report discloses the thing and what its reporter ticks beside it, as long as it is open. Recused are moderators whom
it is about or whose own words are among that, who made it, and those inside the group that it comes from.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.members.models import User
from community.notices import bell
from community.safety import decisions, kinds, limits
from community.safety.kinds import Disclosed
from community.safety.models import Disclosure, Report
from community.safety.permissions import may_moderate, moderators
from core import audit, lines

QUEUE_SHOWN = 100
LONGEST_WORD = 500
NOT_BESIDE = gettext_lazy("Something that you ticked is not there any more. Please look again at what you show.")


class ReportRefused(Exception):
    """Why not, in a sentence for the person who asked."""


def report(
    kind: str, target_id: int, *, by: User, reason: str, words: str = "", beside: Collection[str] = ()
) -> Report:
    """Ask the moderators to look at one thing that `by` may see, and tell them at once.

    `beside` are the keys of what `by` shows them too, of those that the kind offers. Raises ReportRefused where the
    thing cannot be seen, where something else is to be shown, where the same person's report is still open, and
    LimitReached after many of them. That someone may be in danger can always be reported.
    """
    found = kinds.get(kind)
    if found is None or not found.may_see(by, target_id):
        raise ReportRefused(_("That is not there any more."))
    ticked = set(beside)
    shown = [each for each in found.beside(by, target_id) if each.key in ticked] if ticked else []
    if len(shown) != len(ticked):
        raise ReportRefused(str(NOT_BESIDE))
    try:
        with transaction.atomic():
            if reason != Report.Reason.DANGER:
                limits.wait_turn(by)
                limits.check("reports", Report.objects.filter(reporter=by), "made_at", by=by)
            thing = found.disclose({target_id: ()}, by).get(target_id)
            whose = {"author_id": thing.author_id, "circle_id": thing.circle_id} if thing else {}
            made = Report.objects.create(
                kind=kind, target_id=target_id, reporter=by, reason=reason, words=words, **whose
            )
            Disclosure.objects.bulk_create(
                [
                    Disclosure(report=made, kind=each.kind, target_id=each.target_id, author_id=each.author_id)
                    for each in shown
                ]
            )
            decisions.tell("report", made.pk, judges(made))
    except IntegrityError as error:
        raise ReportRefused(_("You have reported this already. A moderator will look at it.")) from error
    return made


def judges(made: Report) -> list[User]:
    """The moderators who may read and decide this report."""
    people = list(moderators())
    recused = _recused([made], _disclosed([made], to=made.reporter), people)
    return [person for person in people if (made.pk, person.pk) not in recused]


def may_judge(user, made: Report) -> bool:
    """Whether `user` moderates and has no part in what is reported."""
    return may_moderate(user) and not _recused([made], _disclosed([made], to=user), [user])


def waiting(moderator: User) -> QuerySet[Report]:
    """Reports that wait for `moderator`: none that they have a part in. That they moderate is asked by the caller."""
    rows = Report.objects.filter(closed_at=None).exclude(reporter=moderator.pk)
    rows = rows.exclude(author__isnull=False, author=moderator.pk)
    rows = rows.exclude(Exists(Disclosure.objects.filter(report=OuterRef("pk"), author=moderator.pk)))
    for circles in kinds.circles_of(moderator):
        rows = rows.exclude(Q(circle_id__in=circles) & Q(circle_id__isnull=False))
    return rows


def open_reports(moderator: User) -> list[tuple[Report, Disclosed | None]]:
    """What waits, danger first, then the oldest, each with what it discloses (None once the thing is gone).

    At most `QUEUE_SHOWN` of them, and none that the moderator has a part in. The number of queries is that of kinds.
    """
    danger_first = Case(When(reason=Report.Reason.DANGER, then=0), default=1, output_field=IntegerField())
    rows = waiting(moderator).select_related("reporter").order_by(danger_first, "made_at")
    return judged_by(moderator, rows[:QUEUE_SHOWN])


def decided(moderator: User) -> QuerySet[Report]:
    """Reports that were decided, the newest first, for those who might have judged them."""
    rows = Report.objects.exclude(closed_at=None).exclude(reporter=moderator.pk)
    rows = rows.exclude(author__isnull=False, author=moderator.pk)
    for circles in kinds.circles_of(moderator):
        rows = rows.exclude(Q(circle_id__in=circles) & Q(circle_id__isnull=False))
    return rows.select_related("reporter", "closed_by").order_by("-closed_at", "-pk")


def judged_by(moderator: User, reports: Iterable[Report]) -> list[tuple[Report, Disclosed | None]]:
    """Those of the reports that `moderator` may read, each with what it discloses; none for those who don't moderate.

    The number of queries is that of kinds.
    """
    if not may_moderate(moderator):
        return []
    rows = list(reports)
    disclosed = _disclosed(rows, to=moderator)
    recused = _recused(rows, disclosed, [moderator])
    return [(row, disclosed[row.pk]) for row in rows if (row.pk, moderator.pk) not in recused]


def close(made: Report, *, by: User, outcome: str, reason: str = "", answer: str = "") -> None:
    """Decide one report: leave the thing as it is, or hide it. What was ticked beside it is disclosed no longer.

    `reason` is read by the author of what is hidden, `answer` by whoever reported it. Raises ReportRefused for people
    who may not judge it, once it is decided, and where such a thing can't be hidden.
    """
    reason, answer = lines.tidy(reason)[:LONGEST_WORD], lines.tidy(answer)[:LONGEST_WORD]
    with transaction.atomic():
        made = Report.objects.select_for_update(of=("self",)).select_related("reporter").get(pk=made.pk)
        if not may_judge(by, made):
            raise ReportRefused(_("This one is for another moderator."))
        if made.closed_at is not None:
            raise ReportRefused(_("Another moderator has decided this one."))
        kind = kinds.get(made.kind)
        thing = _disclosed([made], to=by)[made.pk]
        author = User.objects.filter(pk=thing.author_id).first() if thing and thing.author_id else None
        audit.write(f"safety.report.{outcome}", by=by, on=made, person=author)
        if outcome == Report.Outcome.HIDDEN and kind:
            _hide(made, kind, thing, author, by=by, reason=reason)
        made.outcome, made.answer, made.closed_at, made.closed_by = outcome, answer, timezone.now(), by
        made.save(update_fields=["outcome", "answer", "closed_at", "closed_by"])
        made.disclosures.all().delete()
        bell.forget("report", made.pk)
        decisions.tell("report_answered", made.pk, [made.reporter])


def _hide(
    made: Report, kind: kinds.Kind, thing: Disclosed | None, author: User | None, *, by: User, reason: str
) -> None:
    if kind.hide is None:
        raise ReportRefused(_("This can't be hidden from here. Decide what becomes of it on its own page."))
    kind.hide(made.target_id, by)
    if kind.hidden_as and thing is not None and not thing.is_hidden:
        words = reason or str(made.get_reason_display())
        decisions.record(kind.hidden_as, by=by, person=author, kind=made.kind, target_id=made.target_id, words=words)


def _disclosed(rows: Collection[Report], *, to: User) -> dict[int, Disclosed | None]:
    """What each report discloses, by the report's id."""
    ticked: dict[int, set[str]] = defaultdict(set)
    for disclosure in Disclosure.objects.filter(report__in=rows):
        ticked[disclosure.report_id].add(disclosure.key)
    things: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        things[row.kind][row.target_id] |= ticked[row.pk]
    known = {name: kind.disclose(asked, to) for name, asked in things.items() if (kind := kinds.get(name))}
    found: dict[int, Disclosed | None] = {}
    for row in rows:
        thing = known.get(row.kind, {}).get(row.target_id)
        if thing is not None:  # two reports of one thing may show different things beside it
            thing = replace(thing, beside=tuple(each for each in thing.beside if each.key in ticked[row.pk]))
        found[row.pk] = thing
    return found


def _recused(
    rows: Iterable[Report], disclosed: dict[int, Disclosed | None], people: Iterable[User]
) -> set[tuple[int, int]]:
    """The pairs of report and person where the person may not judge it."""
    ids = {person.pk for person in people}
    targets = defaultdict(set)
    for row in rows:
        targets[row.kind].add(row.target_id)
    inside = {name: kind.insiders(target_ids, ids) for name, target_ids in targets.items() if (kind := kinds.get(name))}
    found = set()
    for row in rows:
        thing = disclosed[row.pk]
        own = {row.reporter_id, row.author_id}
        if thing:
            own |= {thing.author_id, *(each.author_id for each in thing.beside)}
        insiders = {person for target, person in inside.get(row.kind, set()) if target == row.target_id}
        found |= {(row.pk, person) for person in ids & (own | insiders)}
    return found
