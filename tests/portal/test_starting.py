"""The page on which a member starts a group, with its first meeting and its first letters."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.groups import agreements, starting
from community.groups.models import Agreement, Group, Invitation
from events.models import Event, Occurrence
from factories.members import UserFactory

URL = "/groups/start/"


def typed(**changes) -> dict:
    form = {
        "kind": "consultation",
        "name": "Tuesday table",
        "purpose": "To look again.",
        "consultation_version": agreements.current("consultation").version,
        "community_version": agreements.current("community").version,
        "signed": "on",
    }
    return {name: value for name, value in (form | changes).items() if value is not None}


@pytest.fixture
def founder(client, db):
    user = UserFactory(time_zone="America/Chicago")
    client.force_login(user)
    return user


def soon() -> str:
    return (timezone.now().date() + timedelta(days=7)).isoformat()


def test_a_name_a_purpose_and_a_signature_are_enough(client, founder):
    response = client.post(URL, typed(), follow=True)

    group = Group.objects.get()
    assert response.redirect_chain == [(group.get_absolute_url(), 302)]
    assert "What waits for you" in response.content.decode()
    assert (group.kind, group.joining, group.size_limit, group.listed) == ("consultation", "invitation", 8, True)
    assert group.time_zone == "America/Chicago"
    assert Group.objects.facilitated_by(founder).get() == group


def test_the_form_brings_its_defaults(client, founder):
    """What the page sends as it comes, with the three fields filled in."""
    form = client.get(URL).context["form"]
    assert [kind for kind, _text in form.agreements] == ["consultation", "community"]
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}

    client.post(URL, {name: value for name, value in (shown | typed()).items() if value not in (None, "")})

    assert Group.objects.get().name == "Tuesday table"
    assert not Event.objects.exists()


def test_a_first_date_makes_the_meetings(client, founder):
    when = {"starts_on": soon(), "starts_time": "12:30", "repeats": "fortnightly"}

    client.post(URL, typed(**when))

    event = Event.objects.get()
    group = Group.objects.get()
    assert (event.group, event.audience, event.kind, event.mode) == (group, "group", "case_consultation", "online")
    assert event.title == group.name
    assert list(event.hosts.all()) == [founder]
    assert event.time_zone == "America/Chicago"
    assert Occurrence.objects.filter(event=event).count() > 30
    assert group.cadence.startswith("Every other ")


def test_a_learning_community_meets_in_a_town(client, founder):
    meeting = {"starts_on": soon(), "starts_time": "18:00", "repeats": "never", "mode": "in_person", "town": "Dayton"}

    client.post(URL, typed(kind="community", hidden="on", places="4", **meeting))

    group, event = Group.objects.get(), Event.objects.get()
    assert (group.kind, group.joining, group.size_limit, group.listed) == ("community", "open", None, True)
    assert (event.kind, event.town, event.audience) == ("workshop", "Dayton", "group")
    assert group.region == "Dayton"


def test_those_who_are_named_get_a_letter(client, founder):
    client.post(URL, typed(invited="ada@example.org, Bo@example.org\nada@example.org"))

    assert set(Invitation.objects.values_list("email", flat=True)) == {"ada@example.org", "bo@example.org"}


def test_a_group_is_left_out_of_the_list(client, founder):
    client.post(URL, typed(hidden="on", joining="request", places="5", tint="3"))

    group = Group.objects.get()
    assert (group.listed, group.joining, group.size_limit, group.tint) == (False, "request", 5, 3)
    assert group not in Group.objects.visible_to(UserFactory())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"signed": None}, "Whoever starts a group signs its agreement first."),
        ({"name": None}, "Please give it a name."),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"kind": "chapter"}, "Select a valid choice."),
        ({"kind": "community", "joining": "invitation"}, "This kind of group is not joined like that."),
        ({"joining": "open"}, "This kind of group is not joined like that."),
        ({"places": "10"}, "less than or equal to 9"),
        ({"invited": "ada@example.org, nobody"}, "is not an e-mail address"),
        ({"starts_on": "2020-01-01", "starts_time": "12:00"}, "This date has passed."),
        ({"starts_on": "9999-01-01", "starts_time": "12:00"}, "Choose a year between 2000 and 2100."),
        ({"starts_on": "0001-01-01", "starts_time": "12:00"}, "Choose a year between 2000 and 2100."),
        ({"starts_time": "12:00"}, "Choose a date too"),
        ({"starts_on": "2090-01-01"}, "At what time?"),
        ({"starts_on": "2090-01-03", "starts_time": "12:00", "mode": "in_person"}, "Say in which town people meet."),
        ({"time_zone": "Moon/Base"}, "Select a valid choice."),
        ({"consultation_version": "77"}, "The agreement has changed while you were reading."),
        ({"consultation_version": "x"}, "The agreement has changed while you were reading."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(client, founder, changes, sentence):
    response = client.post(
        URL, typed(purpose="Kept words", **changes) if "purpose" not in changes else typed(**changes)
    )

    body = response.content.decode()
    assert response.status_code == 200
    assert sentence in body
    assert "Kept words" in body
    assert not Group.objects.exists()
    assert not Event.objects.exists()


def test_a_new_wording_is_read_before_it_is_signed(client, founder):
    old = typed()
    draft = Agreement.objects.create(kind="consultation", body="Bring no names.")
    agreements.publish(draft, by=UserFactory(staff=True), counsel_confirmed=True)

    body = client.post(URL, old).content.decode()

    assert "The agreement has changed" in body
    assert "Bring no names." in body
    assert 'name="consultation_version" value="2"' in body


def test_the_sixth_in_a_month_waits(client, founder):
    for _group in range(starting.MOST_A_MONTH):
        client.post(URL, typed())

    assert "5 groups in a month" in client.post(URL, typed()).content.decode()
    assert Group.objects.count() == starting.MOST_A_MONTH


@pytest.mark.parametrize("trait", ["applicant", "lapsed"])
def test_who_is_no_member_yet_is_told_when(client, db, trait):
    client.force_login(UserFactory(**{trait: True}))

    assert "once your membership is confirmed" in client.get(URL).content.decode()
    client.post(URL, typed())
    assert not Group.objects.exists()


def test_visitors_log_in_first(client, db):
    assert client.get(URL)["Location"].startswith("/accounts/login/")


def test_the_queries_of_the_page(client, founder, django_assert_num_queries):
    """Session, person, the association, and the text of each kind."""
    client.get(URL)

    with django_assert_num_queries(5):
        client.get(URL)
