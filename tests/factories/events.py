"""Events for tests: fields by factory, rows through `events.scheduling`, as the site makes them."""

from datetime import datetime, time, timedelta

import factory
from django.utils import timezone

from community.members.models import User
from events import recurring, scheduling
from events.forms import EventForm
from events.models import Event, Occurrence, Rsvp
from factories.members import UserFactory

THURSDAY = recurring.first_on_or_after(
    timezone.now().date() + timedelta(days=20), weekday=3, nth=2
)  # the second of its month


def organising_staff() -> User:
    """Somebody on the staff who may set up and change events."""
    return User.objects.filter(email="events-staff@example.org").first() or UserFactory(
        email="events-staff@example.org", display_name="Events Staff", superuser=True
    )


class EventFactory(factory.django.DjangoModelFactory):
    """A meeting in a week's time, in New York, for members; `repeats` and `until`/`count` make it a series.

    It is set up by the staff, or by whoever leads its group: `by`.
    """

    class Meta:
        model = Event

    title = factory.Sequence(lambda n: f"Meeting {n}")
    summary = "An hour among colleagues."
    starts_on = factory.LazyFunction(lambda: timezone.now().date() + timedelta(days=7))
    starts_time = time(18, 0)
    time_zone = "America/New_York"
    town = "Columbus, Ohio"
    venue = "Alder Row Library, room 2"
    address = "318 Larkmoor Avenue"

    class Params:
        online = factory.Trait(
            mode="online", town="", venue="", address="", online_link="https://meet.example.org/canary-room"
        )
        world = factory.Trait(audience="world")
        practitioners = factory.Trait(audience="practitioners")
        case = factory.Trait(kind="case_consultation", audience="practitioners")

    @classmethod
    def _create(cls, model_class, *args, by=None, hosts=(), repeats="", until=None, count=None, **fields):
        event = model_class(*args, **fields)
        if repeats:
            event.recurrence = recurring.build(repeats, event.starts_on, until=until, count=count)
        return scheduling.create_event(event, by=by or organising_staff(), hosts=hosts)


def occurrence(**fields) -> Occurrence:
    """The first meeting of a new event."""
    return EventFactory(**fields).occurrences.select_related("event__group").order_by("starts_at").first()


def past(meeting: Occurrence, *, days: int = 1) -> Occurrence:
    """The same meeting, over since some days."""
    start = timezone.now() - timedelta(days=days)
    meeting.starts_at, meeting.ends_at = start, start + meeting.event.length
    meeting.save()
    return meeting


def local(text: str) -> datetime:
    """ "2026-03-08 02:30" on a wall clock."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M")


class RsvpFactory(factory.django.DjangoModelFactory):
    """A seat at a meeting, without its letter."""

    class Meta:
        model = Rsvp

    occurrence = factory.LazyFunction(occurrence)
    user = factory.SubFactory(UserFactory)
    state = "going"

    class Params:
        waiting = factory.Trait(state="waiting")


def typed_event(lead=None, **changes) -> dict:
    """What a person types into the form."""
    return {
        "title": "Supper and one topic",
        "group": lead.group.pk if lead else "",
        "kind": "chapter_meeting",
        "audience": "members",
        "summary": "Soup at six.",
        "description": "",
        "starts_on": str(THURSDAY),
        "starts_time": "18:00",
        "time_zone": "America/New_York",
        "minutes": "90",
        "repeats": "never",
        "repeats_until": "",
        "repeats_count": "",
        "mode": "in_person",
        "town": "Columbus, Ohio",
        "venue": "",
        "address": "",
        "access_notes": "",
        "online_link": "",
        "capacity": "",
        "ce_hours": "",
    } | changes


def typed_event_again(event: Event, **changes) -> dict:
    """The form of an event as it stands, with changes."""
    form = EventForm(instance=event, user=organising_staff())
    shown = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else value for name, value in shown.items()}
    return values | {"starts_time": f"{event.starts_time:%H:%M}"} | changes
