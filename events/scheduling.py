"""Setting up, changing and cancelling events, and writing their dates ahead. The site's form, the Wagtail admin and the
demo all come through here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.groups.models import Group
from community.groups.permissions import is_facilitator
from community.members.models import User
from community.notices import outbox
from core import audit
from core.audience import Audience, is_wider
from events import clock, recurring
from events import rsvp as rsvps
from events.models import Event, Occurrence, Rsvp
from events.permissions import may_organise, may_organise_for

MONTHS_AHEAD = 18
OLDEST_SERIES = timedelta(days=5 * 366)
BATCH = 100


class SchedulingRefused(Exception):
    """Its text is a sentence for the organiser."""


@dataclass(frozen=True)
class Plan:
    """What a change of rule does to the dates that are still to come. Keys are dates on the event's own clock."""

    keep: dict[date, datetime] = field(default_factory=dict)
    add: dict[date, datetime] = field(default_factory=dict)
    drop: frozenset[date] = frozenset()


def plan(existing: Iterable[date], wanted: Iterable[datetime]) -> Plan:
    """Compare the dates that are there with the local starts that a rule wants. Pure; the same date is the same one."""
    there = set(existing)
    starts = {start.date(): start for start in wanted}
    return Plan(
        keep={day: start for day, start in starts.items() if day in there},
        add={day: start for day, start in starts.items() if day not in there},
        drop=frozenset(there - starts.keys()),
    )


def horizon(today: date) -> date:
    """The last day until which dates are written: the end of the month 18 months on, so that each month adds one."""
    months = today.year * 12 + today.month + MONTHS_AHEAD
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


@transaction.atomic
def create_event(event: Event, *, by: User, hosts: Iterable[User] = ()) -> Event:
    """Save a new event and write its dates. Raises ValidationError, and SchedulingRefused where `by` may not."""
    _hold_open(event)
    if not may_organise_for(by, event.group):
        raise SchedulingRefused(_("Events of a group are set up by those who lead it."))
    if event.audience == Audience.GROUP and event.group and not is_facilitator(by, event.group):
        raise SchedulingRefused(_("What is for a group alone is set up by those who lead it."))
    event.full_clean()
    if event.recurrence and event.starts_on < timezone.now().date() - OLDEST_SERIES:
        raise ValidationError({"starts_on": _("A series can have begun five years ago at most.")})
    event.created_by = by
    event.save()
    event.hosts.set(hosts)
    _add(event, _wanted(event))
    return event


@transaction.atomic
def change_event(event: Event, *, by: User, hosts: Iterable[User] | None = None) -> Plan:
    """Save an event whose fields were changed, and bring its coming dates in line. What has begun is never touched.

    The same local date stays the same occurrence with its RSVPs; the one date of a single event moves with it. A date
    that falls away is cancelled and those who come are told; one for which nobody answered is removed.
    Raises ValidationError, and SchedulingRefused where `by` may not.
    """
    _hold_open(event)
    before = Event.objects.select_for_update().get(pk=event.pk)
    if not may_organise(by, before):
        raise SchedulingRefused(_("Events of a group are changed by those who lead it."))
    if before.cancelled_at:
        raise SchedulingRefused(_("This event was cancelled. Set up a new one instead."))
    if event.group_id != before.group_id:
        raise ValidationError(_("An event stays with the group that set it up."), code="group")
    refuse_wider(before.audience, event.audience)
    event.full_clean()
    event.sequence = before.sequence + 1
    event.planned_until, event.cancelled_at, event.hidden_at = before.planned_until, None, before.hidden_at
    event.save()
    if hosts is not None:
        event.hosts.set(hosts)
    result = _move_single(event) if not (before.recurrence or event.recurrence) else _replan(event)
    if event.capacity != before.capacity:
        for occurrence in _to_come(event).filter(capacity=before.capacity, cancelled_at=None):
            rsvps.set_capacity(occurrence, event.capacity)
    if any(getattr(event, name) != getattr(before, name) for name in ("mode", "town", "venue", "address")):
        _tell(_to_come(event).filter(cancelled_at=None), "event_changed")
    return result


@transaction.atomic
def cancel_occurrence(occurrence: Occurrence, *, by: User) -> None:
    """Cancel one date and tell those who come or wait. Cancelling twice changes nothing."""
    locked = Occurrence.objects.select_for_update(of=("self",)).select_related("event").get(pk=occurrence.pk)
    if not may_organise(by, locked.event):
        raise SchedulingRefused(_("Events of a group are cancelled by those who lead it."))
    if locked.is_over:
        raise SchedulingRefused(_("This meeting is over."))
    if not locked.is_cancelled:
        audit.write("events.date.cancelled", by=by, on=locked)
    _cancel([locked])


@transaction.atomic
def cancel_event(event: Event, *, by: User) -> None:
    """Cancel an event and all its dates that have not begun; tell those who come or wait."""
    locked = Event.objects.select_for_update().get(pk=event.pk)
    if not may_organise(by, locked):
        raise SchedulingRefused(_("Events of a group are cancelled by those who lead it."))
    _cancel_event(locked, by)


def call_off(group: Group, by: User) -> None:
    """Cancel what is to come of a group that is put away, whoever did that, and tell those who come or wait.

    Called within the transaction that archives the group. What has begun takes place.
    """
    coming = Occurrence.objects.filter(starts_at__gt=timezone.now(), cancelled_at=None).values("event")
    events = Event.objects.filter(group=group, cancelled_at=None, pk__in=coming)
    for event in events.select_for_update(of=("self",)).order_by("pk"):
        _cancel_event(event, by)


def let_go(group: Group, person: User) -> None:
    """Take somebody who is out of a group off the hosts of what is to come of it, where it is for the group alone."""
    coming = Occurrence.objects.filter(ends_at__gt=timezone.now()).values("event")
    private = Event.objects.filter(group=group, audience=Audience.GROUP, pk__in=coming)
    Event.hosts.through.objects.filter(event__in=private, user=person).delete()


def refuse_wider(before: str, after: str) -> None:
    """Raise ValidationError where an event would move to a wider audience than it was written for."""
    if is_wider(after, than=before):
        sentence = _("What was written for fewer people is not shown to more. Set up a new event instead.")
        raise ValidationError({"audience": sentence}, code="wider")


def extend_occurrences(today: date | None = None) -> int:
    """Write the dates of all series up to the horizon, in batches; returns how many rows were written.

    Running it twice writes nothing twice: each event remembers until when it is planned, and its row is locked.
    """
    end = horizon(today or timezone.now().date())
    written = 0
    while True:
        with transaction.atomic():
            due = Event.objects.filter(recurrence__isnull=False, cancelled_at=None, planned_until__lt=end)
            due = due.exclude(group__in=Group.objects.exclude(archived_at=None).values("pk"))
            batch = list(due.select_for_update(skip_locked=True).order_by("pk")[:BATCH])
            if not batch:
                return written
            for event in batch:
                last = event.planned_until or event.starts_on
                missing = [start for start in _wanted(event, end) if start.date() > last]
                written += _add(event, missing, end)


def _hold_open(event: Event) -> None:
    """Refuse events of an archived group, and let nobody archive it before the transaction ends."""
    if event.group_id is None:
        return
    group = Group.objects.select_for_update(no_key=True).get(pk=event.group_id)
    if group.archived_at:
        raise SchedulingRefused(_("This group is archived. Nothing is set up in it any more."))


def _cancel_event(event: Event, by: User) -> None:
    """Cancel a locked event and its dates that have not begun."""
    if event.cancelled_at is None:
        event.cancelled_at = timezone.now()
        audit.write("events.event.cancelled", by=by, on=event)
    event.sequence += 1
    event.save(update_fields=["cancelled_at", "sequence"])
    _cancel(_to_come(event).select_for_update(of=("self",)).order_by("pk"))


def _wanted(event: Event, end: date | None = None) -> list[datetime]:
    """The local starts up to the horizon. A single event has its one, however far away."""
    if event.recurrence is None:
        return [event.local_start]
    end = end or horizon(timezone.now().date())
    return recurring.local_starts(event.recurrence, event.local_start, datetime.combine(end, datetime.max.time()))


def _add(event: Event, starts: Iterable[datetime], end: date | None = None) -> int:
    """Write a row for each local start and note until when the event is planned. The event's row is locked or new."""
    rows = []
    for start in starts:
        row = Occurrence(event=event, original_date=start.date(), capacity=event.capacity)
        row.place_at(start)
        row.original_start = row.starts_at
        rows.append(row)
    Occurrence.objects.bulk_create(rows, batch_size=500)
    event.planned_until = end or horizon(timezone.now().date())
    event.save(update_fields=["planned_until"])
    return len(rows)


def _to_come(event: Event):
    return event.occurrences.filter(starts_at__gt=timezone.now()).select_related("event")


def _move_single(event: Event) -> Plan:
    row = event.occurrences.select_for_update().get()
    row.event = event
    before = row.starts_at, row.ends_at
    row.place_at(event.local_start)
    if (row.starts_at, row.ends_at) == before:
        return Plan(keep={row.original_date: event.local_start})
    if before[0] <= timezone.now():
        raise SchedulingRefused(_("This meeting has begun or is over; its date and time stay as they were."))
    row.original_date, row.original_start = row.local_date, row.starts_at
    row.save()
    _tell([row], "event_changed")
    return Plan(keep={row.original_date: event.local_start})


def _replan(event: Event) -> Plan:
    now = timezone.now()
    rows = {row.original_date: row for row in _to_come(event).select_for_update(of=("self",)).order_by("pk")}
    begun = set(event.occurrences.filter(starts_at__lte=now).values_list("original_date", flat=True))
    wanted = [
        start for start in _wanted(event) if start.date() not in begun and clock.to_utc(start, event.time_zone) > now
    ]
    result = plan(rows, wanted)
    moved = []
    for day, start in result.keep.items():
        row = rows[day]
        row.event = event
        before = row.starts_at, row.ends_at, row.cancelled_at
        row.place_at(start)
        row.original_start = row.starts_at
        if row.outside_rule:
            row.outside_rule, row.cancelled_at = False, None
        if (row.starts_at, row.ends_at, row.cancelled_at) != before:
            moved.append(row)
    Occurrence.objects.bulk_update(
        moved,
        ["local_date", "local_time", "starts_at", "ends_at", "original_start", "outside_rule", "cancelled_at"],
        batch_size=200,
    )
    _tell([row for row in moved if not row.is_cancelled], "event_changed")
    fallen = [rows[day] for day in result.drop]
    answered = [row for row in fallen if row.going_count or row.waiting_count]
    Occurrence.objects.filter(pk__in=[row.pk for row in fallen if row not in answered]).delete()
    Occurrence.objects.filter(pk__in=[row.pk for row in answered], cancelled_at=None).update(outside_rule=True)
    _cancel(answered)
    _add(event, result.add.values())
    return result


def _cancel(rows: Iterable[Occurrence]) -> None:
    """Mark locked rows cancelled and tell those who come or wait."""
    rows = [row for row in rows if not row.is_cancelled]
    Occurrence.objects.filter(pk__in=[row.pk for row in rows]).update(cancelled_at=timezone.now())
    _tell(rows, "event_cancelled")


def _tell(rows: Iterable[Occurrence], kind: str) -> None:
    """Queue a letter to everybody who has a seat or waits for one."""
    answers = Rsvp.objects.filter(occurrence__in=[row.pk for row in rows])
    for answer in answers.exclude(state=Rsvp.State.CANCELLED).select_related("user"):
        outbox.queue(kind, answer.user, target_id=answer.pk)
