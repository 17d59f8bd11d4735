"""What is coming up, and how it stands for one reader: their answer, who goes, what is left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Greatest, RowNumber
from django.utils import timezone
from django.utils.formats import date_format

from community.groups.models import Group, Membership
from community.members.models import User
from core.prepared import Prepared
from events import clock
from events.models import LONGEST, Event, Occurrence, Rsvp
from events.permissions import OccurrenceQuerySet

PAGE = 20
FACES = 4
SHOWN_OF_A_GROUP = 3
SHOWN_IN_A_LINE = ("title", "time_zone", "mode", "venue", "town")  # of an event
SHOWN_OF_A_PERSON = ("display_name", "email", "picture")  # the initials of somebody without a name are the address's
A_YEAR = timedelta(days=366)
HORIZON = timedelta(days=120)


@dataclass
class Entry:
    """One meeting as one reader sees it. Only members are told the venue, who goes and how many seats are left."""

    occurrence: Occurrence
    when: clock.When
    is_member: bool
    answer: Rsvp | None = None
    faces: list[User] = field(default_factory=list)

    @property
    def event(self) -> Event:
        return self.occurrence.event

    @property
    def url(self) -> str:
        return self.occurrence.get_absolute_url()

    @property
    def is_going(self) -> bool:
        return self.answer is not None and self.answer.state == Rsvp.State.GOING

    @property
    def is_waiting(self) -> bool:
        return self.answer is not None and self.answer.state == Rsvp.State.WAITING

    @property
    def is_open(self) -> bool:
        """Whether people can still answer."""
        return not (self.occurrence.is_cancelled or self.occurrence.is_over)

    @property
    def place(self) -> str:
        """Where, as far as the reader may know: the town, and for members the venue."""
        if not self.event.has_place:
            return ""
        return ", ".join(filter(None, [self.event.venue if self.is_member else "", self.event.town]))


@dataclass
class Choice:
    """What a reader asks the list for."""

    mine: bool = False
    going: bool = False
    ce: bool = False
    kind: str = ""
    mode: str = ""
    start: datetime | None = None

    def narrow(self, occurrences: OccurrenceQuerySet, user) -> OccurrenceQuerySet:
        if self.mine:
            occurrences = occurrences.of_groups_of(user)
        if self.going:
            occurrences = occurrences.going(user)
        if self.ce:
            occurrences = occurrences.filter(event__ce_hours__gt=0)
        if self.kind:
            occurrences = occurrences.filter(event__kind=self.kind)
        if self.mode:
            modes = [self.mode, Event.Mode.HYBRID] if self.mode != Event.Mode.HYBRID else [self.mode]
            occurrences = occurrences.filter(event__mode__in=modes)
        return occurrences


@dataclass
class AgendaPage:
    """Some meetings in order, and where the next page begins (None at the end)."""

    entries: list[Entry]
    following: tuple[datetime, int] | None

    @property
    def months(self) -> list[tuple[str, list[Entry]]]:
        """The entries under the names of their months, on the reader's clock."""
        by_month = groupby(self.entries, key=lambda entry: (entry.when.start.year, entry.when.start.month))
        grouped = [list(entries) for _month, entries in by_month]
        return [(date_format(entries[0].when.start, "YEAR_MONTH_FORMAT"), entries) for entries in grouped]


def coming(user) -> OccurrenceQuerySet:
    """Meetings that are shared with `user` and not over, soonest first."""
    now = timezone.now()
    return _not_over(Occurrence.objects.shared_with(user), now, now - LONGEST).select_related("event__group")


def since(start: datetime, user) -> OccurrenceQuerySet:
    """Meetings that are shared with `user` and begin at `start` or later, those too that are over."""
    return _since(start, Occurrence.objects.shared_with(user)).select_related("event__group")


def page(user, choice: Choice, after: tuple[datetime, int] | None = None) -> AgendaPage:
    """The meetings that `user` asks for, from the one after `after` (start and id of the last one seen)."""
    rows = choice.narrow(since(choice.start, user) if choice.start else coming(user), user)
    if after:
        rows = rows.filter(Q(starts_at__gt=after[0]) | Q(starts_at=after[0], pk__gt=after[1]))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return AgendaPage(entries(found[:PAGE], user), (last.starts_at, last.pk) if last else None)


def entries(occurrences: Sequence[Occurrence], user, *, with_faces: bool = True) -> list[Entry]:
    """The same meetings as `user` sees them: one more query for their answers and one for the faces of those who go,
    however many meetings they are; none for visitors."""
    is_member = getattr(user, "is_member", False)
    zone = clock.reader_zone(user)
    answers: dict[int, Rsvp] = {}
    faces: dict[int, list[User]] = {}
    if is_member and occurrences:
        ids = tuple(each.pk for each in occurrences)
        answers = {answer.occurrence_id: answer for answer in _answers(ids, user)}
        faces = _faces(ids, user) if with_faces else {}
    return [
        Entry(each, each.when(zone), is_member, answers.get(each.pk), faces.get(each.pk, [])) for each in occurrences
    ]


def colleagues_going(occurrence: Occurrence, viewer, limit: int) -> list[User]:
    """Whom `viewer` is told about, those they share a group with first. Whoever goes quietly, hides from the list of
    people or has lost standing is not among them."""
    return _colleagues(occurrence.pk, viewer, limit)


def upcoming_for(user, limit: int) -> list[Entry]:
    """The next meetings that `user` has a seat at, in one query."""
    now = timezone.now()
    return _lines(_own_next(user, now, now - LONGEST, limit), user)


def upcoming(user, limit: int) -> list[Entry]:
    """The next meetings that `user` may read about, in one query; of a series only its next date."""
    now = timezone.now()
    return _lines(_next_of_each(user, now, now - LONGEST, now + HORIZON, limit), user)


def group_meetings(group: Group, user) -> tuple[list[Entry], list[Entry]]:
    """The next few meetings of `group` that `user` may read about, and the last few of a year, in one query."""
    now = timezone.now()
    rows = _around(group.pk, user, now, now - A_YEAR)
    coming, past = ([row for row in rows if row.has_ended == has_ended] for has_ended in (False, True))
    return _lines(coming, user), _lines(past, user)


def _lines(occurrences: Iterable[Any], user) -> list[Entry]:
    """As `entries`, of meetings that were loaded as `_for_a_line`: without a query."""
    is_member = getattr(user, "is_member", False)
    zone = clock.reader_zone(user)
    return [
        Entry(
            each,
            each.when(zone),
            is_member,
            Rsvp(occurrence=each, user=user, state=each.own_state) if is_member and each.own_state else None,
        )
        for each in occurrences
    ]


def series(event: Event, user, limit: int) -> list[Occurrence]:
    """The next dates of one event, as `user` may read about them."""
    now = timezone.now()
    found = _of_series(event.pk, user, now, now - LONGEST, limit)
    for each in found:
        each.event = event
    return found


def landing(event: Event, user) -> Occurrence | None:
    """The date on which somebody lands who asks for the event as a whole: the next one, or else the last."""
    mine = Occurrence.objects.visible_to(user).filter(event=event).select_related("event__group")
    return (
        mine.filter(ends_at__gt=timezone.now(), cancelled_at=None).order_by("starts_at").first()
        or mine.order_by("-starts_at").first()
    )


def waiting_place(answer: Rsvp) -> int:
    """Which one in the queue somebody on the waitlist is; 1 is the next to be seated."""
    before = Q(queued_at__lt=answer.queued_at) | Q(queued_at=answer.queued_at, pk__lt=answer.pk)
    queue = Rsvp.objects.filter(before, occurrence=answer.occurrence_id, state=Rsvp.State.WAITING)
    return queue.count() + 1


def _since(start: datetime, rows: OccurrenceQuerySet) -> OccurrenceQuerySet:
    return rows.filter(starts_at__gte=start, cancelled_at=None).order_by("starts_at", "pk")


def _not_over(rows: OccurrenceQuerySet, now: datetime, earliest: datetime) -> OccurrenceQuerySet:
    # The bound on the start, `LONGEST` ago, says nothing new, and lets the index on it find the first row at once.
    return _since(earliest, rows).filter(ends_at__gt=now)


def _for_a_line(rows: OccurrenceQuerySet, user) -> OccurrenceQuerySet:
    """With what a line in a list shows `user` of a meeting, and nothing else of it."""
    rows = rows.annotate(own_state=_own_states(user)).select_related("event")
    return rows.only("starts_at", "ends_at", "original_date", *(f"event__{name}" for name in SHOWN_IN_A_LINE))


def _own_states(user):
    if not getattr(user, "is_member", False):
        return Value("")
    return Subquery(Rsvp.objects.filter(occurrence=OuterRef("pk"), user=user).values("state"))


@Prepared
def _around(group_id: int, user, now: datetime, earliest: datetime) -> OccurrenceQuerySet:
    """Of what `user` may read about in one group the nearest meetings on either side of `now`."""
    rows = Occurrence.objects.filter(event__group=group_id, cancelled_at=None, starts_at__gte=earliest)
    has_ended = Case(When(ends_at__lte=now, then=True), default=False)
    distance = Greatest(F("starts_at") - now, now - F("starts_at"))
    nth = Window(RowNumber(), partition_by=F("has_ended"), order_by=[distance, F("pk")])
    rows = rows.visible_to(user).annotate(has_ended=has_ended).annotate(nth=nth)
    return _for_a_line(rows.filter(nth__lte=SHOWN_OF_A_GROUP).order_by("nth"), user)


@Prepared
def _own_next(user, now: datetime, earliest: datetime, limit: int) -> OccurrenceQuerySet:
    return _for_a_line(_not_over(Occurrence.objects.shared_with(user), now, earliest).going(user), user)[:limit]


@Prepared
def _next_of_each(user, now: datetime, earliest: datetime, latest: datetime, limit: int) -> OccurrenceQuerySet:
    """Only the first meeting of each event, within a horizon that keeps the window small."""
    soon = _not_over(Occurrence.objects.shared_with(user), now, earliest).filter(starts_at__lt=latest)
    nth = Window(RowNumber(), partition_by=F("event_id"), order_by=[F("starts_at"), F("pk")])
    return _for_a_line(soon.annotate(nth=nth).filter(nth=1), user)[:limit]


@Prepared
def _of_series(event_id: int, user, now: datetime, earliest: datetime, limit: int) -> OccurrenceQuerySet:
    rows = _not_over(Occurrence.objects.visible_to(user), now, earliest).filter(event=event_id)
    return rows.only("event_id", "starts_at", "ends_at", "original_date")[:limit]


def _shares_a_group(viewer, user_field: str) -> Exists:
    mine = Membership.objects.of(viewer).signed().values("group")
    return Exists(Membership.objects.filter(user=OuterRef(user_field), left_at=None, group__in=mine))


@Prepared
def _colleagues(occurrence_id: int, viewer, limit: int) -> QuerySet[User]:
    going = Rsvp.objects.filter(occurrence=occurrence_id, state=Rsvp.State.GOING, quiet=False, user=OuterRef("pk"))
    people = User.objects.visible_to(viewer).filter(Exists(going)).only(*SHOWN_OF_A_PERSON)
    return people.annotate(shares_a_group=_shares_a_group(viewer, "pk")).order_by(
        "-shares_a_group", "display_name", "pk"
    )[:limit]


@Prepared
def hosts_of(event_id: int) -> QuerySet[User]:
    """Members who host an event, by name."""
    people = User.objects.members().filter(hosted_events=event_id).order_by("display_name")
    return people.only(*SHOWN_OF_A_PERSON, "is_active", "standing", "hidden")


@Prepared
def _answers(occurrence_ids: tuple[int, ...], user) -> QuerySet[Rsvp]:
    return Rsvp.objects.filter(user=user, occurrence__in=occurrence_ids)


@Prepared
def _some_who_go(occurrence_ids: tuple[int, ...], viewer) -> QuerySet[Rsvp]:
    shown = User.objects.visible_to(viewer).filter(pk=OuterRef("user"))
    nth = Window(
        RowNumber(),
        partition_by=F("occurrence_id"),
        order_by=[F("shares_a_group").desc(), F("queued_at"), F("pk")],
    )
    going = Rsvp.objects.filter(Exists(shown), occurrence__in=occurrence_ids, state=Rsvp.State.GOING, quiet=False)
    going = going.annotate(shares_a_group=_shares_a_group(viewer, "user")).annotate(nth=nth)
    people = (f"user__{name}" for name in SHOWN_OF_A_PERSON)
    return going.filter(nth__lte=FACES).select_related("user").only("occurrence", *people).order_by("nth")


def _faces(occurrence_ids: tuple[int, ...], viewer) -> dict[int, list[User]]:
    """For each meeting a few people to show by their faces, those whom `viewer` shares a group with first."""
    faces: dict[int, list[User]] = {}
    for answer in _some_who_go(occurrence_ids, viewer):
        faces.setdefault(answer.occurrence_id, []).append(answer.user)
    return faces
