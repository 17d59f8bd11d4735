"""Events of the demonstration, in the time to come and a few behind us, with those who come."""

from datetime import date, time, timedelta
from decimal import Decimal

from django.utils import timezone

from community.groups.models import Group
from community.members.models import User
from config.demo import content
from events import recurring, rsvp, scheduling
from events.models import Event, Occurrence

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
PLAIN = [
    "audience",
    "kind",
    "mode",
    "title",
    "summary",
    "description",
    "time_zone",
    "minutes",
    "town",
    "venue",
    "address",
    "online_link",
]
LOOK_BACK = timedelta(days=120)


def events(people: dict[str, User], groups: dict[str, Group], admin: User) -> list[Event]:
    """All events with their next RSVPs. Those of a group are set up by who leads it, the rest by staff."""
    return [_event(row, people, groups, admin) for row in content.read("events")["event"]]


def _event(row: dict, people: dict[str, User], groups: dict[str, Group], admin: User) -> Event:
    group = groups.get(row["group"])
    first = _first_day(row)
    event = Event(
        **{name: row[name] for name in PLAIN},
        access_notes=row["access"],
        group=group,
        starts_on=first,
        starts_time=time.fromisoformat(row["start_time"]),
        recurrence=_rule(row, first),
        capacity=row["capacity"] or None,
        ce_hours=Decimal(str(row["ce_hours"])),
    )
    leader = group.memberships.filter(role="facilitator").first().user if group else admin
    scheduling.create_event(event, by=leader, hosts=[people[key] for key in row["hosts"]])
    upcoming = Occurrence.objects.filter(event=event, starts_at__gt=timezone.now()).order_by("starts_at").first()
    if upcoming is not None:
        for key in [*row["going"], *row["waitlist"]]:
            rsvp.rsvp(upcoming, by=people[key])
    return event


def _rule(row: dict, first: date):
    if row["repeat"] == "none":
        return None
    repeats = "monthly_last" if row["nth"] == -1 else row["repeat"]
    return recurring.build(repeats, first)


def _first_day(row: dict) -> date:
    """A single event's day, counted from today; for a series the first date of its pattern some months ago."""
    today = timezone.localdate()
    if row["repeat"] == "none":
        return today + timedelta(days=row["in_days"])
    weekday = WEEKDAYS.index(row["weekday"])
    nth = row["nth"] if row["repeat"] == "monthly" else 0
    return recurring.first_on_or_after(today - LOOK_BACK, weekday=weekday, nth=nth)
