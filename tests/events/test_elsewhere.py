"""What other rooms show of events."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from events import agenda, clock, rsvp
from events.models import Event
from factories.events import EventFactory, RsvpFactory, occurrence
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


def rendered(template: str, user, **context) -> str:
    request = RequestFactory().get("/")
    request.user = user
    return Template("{% load events %}" + template).render(Context({"request": request} | context))


def test_a_groups_next_meetings(db):
    lead = MembershipFactory(facilitator=True)
    EventFactory(title="Open evening", group=lead.group, by=lead.user, world=True)
    EventFactory(title="Among us", group=lead.group, by=lead.user, audience="group")
    shown = "{% include 'events/_next_meetings.html' with entries=found.coming may_set_up=found.may_set_up %}"
    tag = "{% group_meetings group as found %}" + shown

    visitor, leader = (rendered(tag, user, group=lead.group) for user in (AnonymousUser(), lead.user))

    assert "Open evening" in visitor
    assert "Among us" not in visitor
    assert "Set up a meeting" not in visitor
    assert "Among us" in leader
    assert "Set up a meeting" in leader


def test_upcoming_events_show_a_series_once(db):
    EventFactory(title="Every week", repeats="weekly", world=True)
    EventFactory(title="Only once", world=True, starts_on=timezone.now().date() + timedelta(days=30))

    text = rendered("{% upcoming_events 5 %}", AnonymousUser())

    assert text.count("Every week") == 1
    assert "Only once" in text


def test_my_next_meeting_is_one_that_i_have_a_seat_at(db):
    user = UserFactory()
    waiting, going = occurrence(capacity=1), occurrence(starts_on=timezone.now().date() + timedelta(days=20))
    RsvpFactory(occurrence=waiting)
    rsvp.rsvp(waiting, by=user)
    rsvp.rsvp(going, by=user)

    assert [entry.occurrence for entry in agenda.upcoming_for(user, 3)] == [going]
    assert agenda.upcoming_for(AnonymousUser(), 3) == []


@pytest.mark.parametrize("count", [1, 20])
def test_the_next_meetings_are_one_question(db, django_assert_num_queries, count):
    user = UserFactory()
    for _ in range(count):
        rsvp.rsvp(occurrence(), by=user)

    with django_assert_num_queries(1):
        going = [(entry.url, entry.place, entry.is_going) for entry in agenda.upcoming_for(user, 3)]
    with django_assert_num_queries(1):
        coming = [(entry.url, entry.place, entry.is_going) for entry in agenda.upcoming(user, 3)]

    assert going == coming
    assert len(going) == min(count, 3)
    assert all(is_going for *_, is_going in going)


def test_colleagues_whom_one_shares_a_group_with_come_first(db):
    viewer = UserFactory()
    group = GroupFactory()
    known = UserFactory(display_name="Zoe Known")
    for person in (viewer, known):
        MembershipFactory(group=group, user=person)
    meeting = occurrence()
    for name in ("Ann Stranger", "Bob Stranger"):
        RsvpFactory(occurrence=meeting, user__display_name=name)
    RsvpFactory(occurrence=meeting, user=known)

    assert [str(person) for person in agenda.colleagues_going(meeting, viewer, 10)] == [
        "Zoe Known",
        "Ann Stranger",
        "Bob Stranger",
    ]
    assert agenda.entries([meeting], viewer)[0].faces[0] == known


def test_search_finds_what_one_may_read_and_by_nothing_that_is_for_members(db):
    event = EventFactory(title="Telehealth evening", world=True, venue="Canary Hall")
    EventFactory(title="Telehealth among members")

    def found(user, words):
        return [hit.title for hit in Event.objects.visible_to(user).search(words)]

    assert found(AnonymousUser(), "telehealth") == [event.title]
    assert len(found(UserFactory(), "telehealth")) == 2
    assert found(AnonymousUser(), "canary") == []


def test_a_day_begins_on_the_readers_clock():
    day = date(2026, 12, 10)

    assert clock.midnight(day, "America/New_York").hour == 5
    assert clock.midnight(day, None).hour == 0
