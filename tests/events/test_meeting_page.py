from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Rsvp
from factories.events import EventFactory, RsvpFactory, occurrence, past

LIST = "/events/"


def test_an_event_leads_to_its_next_date_and_then_to_its_last(member, client):
    event = EventFactory(starts_on=timezone.now().date() - timedelta(days=10), repeats="weekly", count=3)
    coming = event.occurrences.filter(ends_at__gt=timezone.now()).order_by("starts_at").first()

    assert client.get(event.get_absolute_url()).headers["Location"] == coming.get_absolute_url()
    event.occurrences.filter(ends_at__gt=timezone.now()).update(cancelled_at=timezone.now())
    assert client.get(event.get_absolute_url()).status_code == 302


def test_an_old_title_in_the_address_leads_to_the_page(member, client):
    meeting = occurrence(title="The new name")
    address = f"/events/{meeting.event_id}-the-old-name/{meeting.original_date}/"

    response = client.get(address)

    assert (response.status_code, response.headers["Location"]) == (301, meeting.get_absolute_url())


def test_a_title_without_letters_has_an_address(member, client):
    meeting = occurrence(title="!!! ???")

    assert client.get(meeting.get_absolute_url()).status_code == 200


def test_a_description_is_clean(member, client):
    meeting = occurrence(description="**Bring** a <script>alert(1)</script> [cup](javascript:alert(1))")

    text = client.get(meeting.get_absolute_url()).content.decode()

    assert "<strong>Bring</strong>" in text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text


def test_the_page_says_who_can_read_it(member, client):
    assert "Members of the association can read this" in client.get(occurrence().get_absolute_url()).content.decode()


def test_the_series_shows_its_other_dates(member, client):
    event = EventFactory(repeats="weekly", count=4)
    first, second, *_rest = event.occurrences.order_by("starts_at")

    text = client.get(first.get_absolute_url()).content.decode()

    assert second.get_absolute_url() in text
    assert event.repeats_words in text


# Answering -----------------------------------------------------------------------------------------------------------


def test_one_tap_and_another_without_javascript(member, client):
    meeting = occurrence(capacity=1)

    went = client.post(reverse("events:go", args=[meeting.pk]), {"next": LIST}, follow=True)
    stayed = client.post(reverse("events:not-go", args=[meeting.pk]), follow=True)

    assert went.redirect_chain == [(LIST, 302)]
    assert "You have a seat" in went.content.decode()
    assert stayed.redirect_chain == [(meeting.get_absolute_url(), 302)]
    assert Rsvp.objects.get().state == "cancelled"


def test_the_full_meeting_says_that_one_waits(member, client):
    meeting = occurrence(capacity=1)
    RsvpFactory(occurrence=meeting)

    response = client.post(reverse("events:go", args=[meeting.pk]), follow=True)

    assert "You are on the waitlist" in response.content.decode()
    assert "number 1" in response.content.decode()


@pytest.mark.parametrize(
    ("target", "template"), [("attend", "events/_attend.html"), ("meeting-1", "events/_entry.html")]
)
def test_htmx_gets_the_fragment_where_the_button_was(member, client, target, template):
    meeting = occurrence()
    headers = {"HX-Request": "true", "HX-Target": target}

    response = client.post(reverse("events:go", args=[meeting.pk]), headers=headers)

    assert response.status_code == 200
    assert template in [used.name for used in response.templates]
    assert "base.html" not in [used.name for used in response.templates]
    assert "You have a seat" in response.content.decode()
    assert "going" in response.content.decode()


def test_going_quietly_and_openly_again(member, client):
    meeting = occurrence()
    go = reverse("events:go", args=[meeting.pk])

    client.post(go, {"quiet": "1"})
    quietly = Rsvp.objects.get().quiet
    client.post(go)

    assert quietly
    assert not Rsvp.objects.get().quiet


def test_a_refusal_is_a_sentence(member, client):
    meeting = past(occurrence())
    go = reverse("events:go", args=[meeting.pk])

    plain = client.post(go, follow=True)
    htmx = client.post(go, headers={"HX-Request": "true", "HX-Target": "attend"})

    assert "This meeting is over." in plain.content.decode()
    assert "This meeting is over." in htmx.content.decode()


def test_a_visitor_is_led_to_log_in_and_back(db, client):
    meeting = occurrence(world=True)

    response = client.post(reverse("events:go", args=[meeting.pk]))

    assert response.headers["Location"].endswith("next=" + meeting.get_absolute_url())


def test_the_way_back_stays_on_this_site(member, client):
    meeting = occurrence()

    response = client.post(reverse("events:go", args=[meeting.pk]), {"next": "https://elsewhere.example.org/"})

    assert response.headers["Location"] == meeting.get_absolute_url()
