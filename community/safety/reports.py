"""Reports: made by anybody who may see the thing, read and closed by moderators who have no part in it.

A report discloses the thing and what its reporter ticks beside it, as long as it is open. Recused are moderators whom
it is about or whose own words are among that, who made it, those inside the group that it comes from, and those of
whom the reporter says that they have a part in it. Administrators moderate too, so it comes to them where no other
moderator is left.
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
from community.safety.models import Decision, Disclosure, Report
from community.safety.permissions import may_moderate, moderators
from core import audit, lines

Thing = tuple[str, int]  # its kind and id
QUEUE_SHOWN = 100
LONGEST_WORD = 500
FIRST, SECOND, LATER = range(3)
RANKS: dict[str, int] = {Report.Reason.DANGER: FIRST, Report.Reason.CLIENT: SECOND}  # what is urgent
NOT_A_MODERATOR = gettext_lazy("One of these is no moderator any more. Please look again.")
DECIDED_OTHERWISE = gettext_lazy("Something else was decided about it since. Look at it in its place.")
NOT_BESIDE = gettext_lazy("Something that you ticked is not there any more. Please look again at what you show.")


class ReportRefused(Exception):
    """Why not, in a sentence for the person who asked."""


def report(
    kind: str,
    target_id: int,
    *,
    by: User,
    reason: str,
    words: str = "",
    beside: Collection[str] = (),
    named: Collection[int] = (),
) -> Report:
    """Ask the moderators to look at one thing that `by` may see, and tell them at once.

    `beside` are the keys of what `by` shows them too, of those that the kind offers; `named` the ids of moderators who
    are part of it, of those whom `by` may name: they learn nothing of it. Raises ReportRefused where the thing can't be
    seen, where something else is to be shown, where nobody would be left to read it, where the same person's report is
    still open, and LimitReached after many of them. Dangers are counted by themselves, so that other reports use up
    none of them; of who is in no good standing one an hour is read.
    """
    found = kinds.get(kind)
    if found is None or not found.may_see(by, target_id):
        raise ReportRefused(_("That is not there any more."))
    ticked = set(beside)
    shown = [each for each in found.beside(by, target_id) if each.key in ticked] if ticked else []
    if len(shown) != len(ticked):
        raise ReportRefused(str(NOT_BESIDE))
    if not set(named) <= {person.pk for person in nameable(by)}:
        raise ReportRefused(str(NOT_A_MODERATOR))
    try:
        with transaction.atomic():
            limits.wait_turn(by)
            before = Report.objects.filter(reporter=by)
            if reason == Report.Reason.DANGER:
                what = "danger" if by.is_member else "danger_outside"
                limits.check(what, before.filter(reason=reason), "made_at", by=by)
            else:
                limits.check("reports", before, "made_at", by=by)
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
            made.named.set(named)
            people = judges(made)
            if named and not people:
                raise ReportRefused(
                    _("Nobody would be left to read this. Name fewer moderators, or tell the association's office.")
                )
            decisions.tell("report", made.pk, people)
    except IntegrityError as error:
        raise ReportRefused(_("You have reported this already. A moderator will look at it.")) from error
    return made


def nameable(reporter: User) -> list[User]:
    """The moderators of whom `reporter` can say that they are part of it: those whom they may look up."""
    known = User.objects.visible_to(reporter).values("pk")
    return list(moderators().filter(pk__in=known).exclude(pk=reporter.pk).order_by("display_name", "pk"))


def judges(made: Report) -> list[User]:
    """The moderators who may read and decide this report."""
    people = list(moderators())
    recused = _recused([made], _disclosed([made], to=made.reporter), people)
    return [person for person in people if (made.pk, person.pk) not in recused]


def administrators(made: Report) -> list[User]:
    """Who can see to it that somebody judges a report: administrators, without those of whom it is or whom it names,
    and who leads the group that it comes from."""
    thing = _disclosed([made], to=made.reporter)[made.pk]
    own = {made.reporter_id, made.author_id, *made.named.values_list("pk", flat=True)}
    own |= {thing.author_id, *(each.author_id for each in thing.beside)} if thing else set()
    own |= {leader.pk for leader in kinds.leaders(made.circle_id)} if made.circle_id is not None else set()
    people = User.objects.filter(is_active=True, is_superuser=True).exclude(standing=User.Standing.REMOVED)
    return list(people.exclude(pk__in=[pk for pk in own if pk]).order_by("pk"))


def may_judge(user, made: Report) -> bool:
    """Whether `user` moderates and has no part in what is reported."""
    return may_moderate(user) and not _recused([made], _disclosed([made], to=user), [user])


def waiting(moderator: User) -> QuerySet[Report]:
    """Reports that wait for `moderator`: none that they have a part in. That they moderate is asked by the caller."""
    shown = Disclosure.objects.filter(report=OuterRef("pk"), author=moderator.pk)
    return _without_part_of(moderator, Report.objects.filter(closed_at=None)).exclude(Exists(shown))


def open_reports(moderator: User) -> list[tuple[Report, Disclosed | None]]:
    """What waits, danger first, then what could identify a client, then the oldest, each with what it discloses (None
    once the thing is gone).

    At most `QUEUE_SHOWN` of them, and none that the moderator has a part in. The number of queries is that of kinds.
    """
    ranks = [When(reason=reason, then=rank) for reason, rank in RANKS.items()]
    rank = Case(*ranks, default=LATER, output_field=IntegerField())
    rows = waiting(moderator).select_related("reporter").order_by(rank, "made_at")
    return judged_by(moderator, rows[:QUEUE_SHOWN])


def decided(moderator: User) -> QuerySet[Report]:
    """Reports that were decided, the newest first, for those who might have judged them."""
    rows = _without_part_of(moderator, Report.objects.exclude(closed_at=None))
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
        audit.write(f"safety.report.{outcome}", by=by, on=made, person=_author(thing))
        if outcome == Report.Outcome.HIDDEN and kind:
            _hide(made, kind, thing, by=by, reason=reason)
        made.outcome, made.answer, made.closed_at, made.closed_by = outcome, answer, timezone.now(), by
        made.save(update_fields=["outcome", "answer", "closed_at", "closed_by"])
        shown = made.disclosures.values("author")
        made.named.add(*moderators().filter(pk__in=shown).values_list("pk", flat=True))  # have a part in it after, too
        made.disclosures.all().delete()
        bell.forget("report", made.pk)
        bell.forget("unjudged", made.pk)
        decisions.tell("report_answered", made.pk, [made.reporter])


def can_be_put_back(rows: Collection[tuple[Report, Disclosed | None]]) -> set[int]:
    """The ids of those for which something was hidden that is hidden now, and about which nothing else was decided
    since. One query."""
    hidden: dict[int, Thing] = {}
    for made, thing in rows:
        kind = kinds.get(made.kind)
        if made.outcome == Report.Outcome.HIDDEN and kind and kind.restore and thing and thing.is_hidden:
            hidden[made.pk] = _decided_on(made, thing)
    wanted = Q(pk__in=[])
    for name, target_id in hidden.values():
        wanted |= Q(kind=name, target_id=target_id)
    newest = Decision.objects.filter(wanted).order_by("kind", "target_id", "-made_at", "-pk")
    last = {(each.kind, each.target_id): each for each in newest.distinct("kind", "target_id").defer("words")}
    return {made.pk for made, _thing in rows if made.pk in hidden and _was_hidden_for(made, last.get(hidden[made.pk]))}


def put_back(made: Report, *, by: User, reason: str) -> None:
    """Have a thing be seen again that was hidden for this report; whoever heard that it was hidden hears it, and why.

    Raises ReportRefused for people who may not judge the report, and where it can't be put back for this report any
    more (`can_be_put_back`); `kinds.Refused` where it is gone.
    """
    reason = lines.tidy(reason)[:LONGEST_WORD]
    if not reason:
        raise ReportRefused(_("Write a sentence that tells them why."))
    with transaction.atomic():
        made = Report.objects.select_for_update(of=("self",)).select_related("reporter").get(pk=made.pk)
        if not may_judge(by, made):
            raise ReportRefused(_("This one is for another moderator."))
        kind, thing = kinds.get(made.kind), _disclosed([made], to=by)[made.pk]
        if thing is None:
            raise kinds.Refused(_("It is not there any more."))
        if kind is None or kind.restore is None or not can_be_put_back([(made, thing)]):
            raise ReportRefused(str(DECIDED_OTHERWISE))
        kind.restore(made.target_id, by)
        thing = _disclosed([made], to=by)[made.pk]
        if thing is None or thing.is_hidden:  # whoever wrote it took it away, say
            raise ReportRefused(str(DECIDED_OTHERWISE))
        _tell(kind.restored_as, made, thing, by=by, words=reason)


def _hide(made: Report, kind: kinds.Kind, thing: Disclosed | None, *, by: User, reason: str) -> None:
    if kind.hide is None:
        raise ReportRefused(_("This can't be hidden from here. Decide what becomes of it on its own page."))
    kind.hide(made.target_id, by)
    if kind.hidden_as and thing is not None and not thing.is_hidden:
        _tell(kind.hidden_as, made, thing, by=by, words=reason or str(made.get_reason_display()))


def _tell(action: str, made: Report, thing: Disclosed, *, by: User, words: str) -> None:
    kind, target_id = _decided_on(made, thing)
    decisions.record(
        action,
        by=by,
        person=_author(thing),
        kind=kind,
        target_id=target_id,
        words=words,
        report=made,
    )


def _decided_on(made: Report, thing: Disclosed) -> Thing:
    """What a decision for this report is about: the reported thing, or what is hidden with it."""
    return thing.part_of or (made.kind, made.target_id)


def _was_hidden_for(made: Report, last: Decision | None) -> bool:
    """Whether the last that was decided about a thing is that it is hidden for this report. Where there was nobody to
    tell, nothing is kept of it."""
    kind = kinds.get(made.kind)
    if last is None or kind is None:
        return made.author_id is None
    return last.report_id == made.pk and last.action == kind.hidden_as


def _author(thing: Disclosed | None) -> User | None:
    return User.objects.filter(pk=thing.author_id).first() if thing and thing.author_id else None


def _without_part_of(moderator: User, rows: QuerySet[Report]) -> QuerySet[Report]:
    """Those that `moderator` has no part in, as far as the reports themselves say."""
    rows = rows.exclude(reporter=moderator.pk).exclude(author__isnull=False, author=moderator.pk)
    for circles in kinds.circles_of(moderator):
        rows = rows.exclude(Q(circle_id__in=circles) & Q(circle_id__isnull=False))
    for kind, ids in kinds.partaken_by(moderator):
        rows = rows.exclude(kind=kind, target_id__in=ids)
    return rows.exclude(named=moderator.pk)


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
    rows: Collection[Report], disclosed: dict[int, Disclosed | None], people: Iterable[User]
) -> set[tuple[int, int]]:
    """The pairs of report and person where the person may not judge it."""
    ids = {person.pk for person in people}
    targets = defaultdict(set)
    for row in rows:
        targets[row.kind].add(row.target_id)
    inside = {name: kind.insiders(target_ids, ids) for name, target_ids in targets.items() if (kind := kinds.get(name))}
    named = Report.named.through.objects.filter(report__in=rows, user__in=ids)
    found = set(named.values_list("report_id", "user_id"))
    for row in rows:
        thing = disclosed[row.pk]
        own = {row.reporter_id, row.author_id}
        if thing:
            own |= {thing.author_id, *(each.author_id for each in thing.beside)}
        insiders = {person for target, person in inside.get(row.kind, set()) if target == row.target_id}
        found |= {(row.pk, person) for person in ids & (own | insiders)}
    return found
