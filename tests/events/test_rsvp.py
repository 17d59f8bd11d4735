from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.members import blocks
from events import rsvp, scheduling
from events.models import Rsvp
from events.rsvp import RsvpRefused
from factories.events import RsvpFactory, occurrence, organising_staff, past
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


def counts(meeting) -> tuple[int, int]:
    meeting.refresh_from_db()
    return meeting.going_count, meeting.waiting_count


def test_a_seat_is_taken_while_there_is_one(db):
    meeting = occurrence(capacity=2)

    states = [rsvp.rsvp(meeting, by=UserFactory()).state for _ in range(3)]

    assert states == ["going", "going", "waiting"]
    assert counts(meeting) == (2, 1)


def test_without_a_capacity_there_is_room_for_everybody(db):
    meeting = occurrence()

    assert {rsvp.rsvp(meeting, by=UserFactory()).state for _ in range(5)} == {"going"}


def test_asking_twice_is_one_seat_and_one_letter(db, run_jobs, mailoutbox):
    meeting, person = occurrence(capacity=2), UserFactory()

    rsvp.rsvp(meeting, by=person)
    rsvp.rsvp(meeting, by=person)
    run_jobs()

    assert counts(meeting) == (1, 0)
    assert len(mailoutbox) == 1


def test_asking_again_changes_whether_one_goes_quietly(db):
    meeting, person = occurrence(), UserFactory()
    rsvp.rsvp(meeting, by=person)

    rsvp.rsvp(meeting, by=person, quiet=True)

    assert Rsvp.objects.get(user=person).quiet


def test_a_seat_given_back_goes_to_the_first_who_waits(db, run_jobs, mailoutbox):
    meeting = occurrence(capacity=1)
    first, second, third = (UserFactory() for _ in range(3))
    for person in (first, second, third):
        rsvp.rsvp(meeting, by=person)
    run_jobs()
    mailoutbox.clear()

    rsvp.cancel(meeting, by=first)
    run_jobs()

    states = dict(meeting.rsvps.values_list("user", "state"))
    assert states == {first.pk: "cancelled", second.pk: "going", third.pk: "waiting"}
    assert counts(meeting) == (1, 1)
    assert [mail.to for mail in mailoutbox] == [[second.email]]
    assert "came free" in mailoutbox[0].subject


def test_leaving_the_waitlist_promotes_nobody(db):
    meeting = occurrence(capacity=1)
    first, second, third = (UserFactory() for _ in range(3))
    for person in (first, second, third):
        rsvp.rsvp(meeting, by=person)

    former = rsvp.cancel(meeting, by=second)

    assert former == "waiting"
    assert counts(meeting) == (1, 1)


def test_who_comes_back_is_last_in_the_queue(db):
    meeting = occurrence(capacity=1)
    first, second, third = (UserFactory() for _ in range(3))
    for person in (first, second, third):
        rsvp.rsvp(meeting, by=person)
    rsvp.cancel(meeting, by=second)
    rsvp.rsvp(meeting, by=second)

    rsvp.cancel(meeting, by=first)

    assert Rsvp.objects.get(user=third).state == "going"
    assert Rsvp.objects.get(user=second).state == "waiting"


def test_who_may_not_come_any_more_is_passed_over(db):
    meeting = occurrence(capacity=1)
    first, second, third = (UserFactory() for _ in range(3))
    for person in (first, second, third):
        rsvp.rsvp(meeting, by=person)
    second.standing = "lapsed"
    second.save()

    rsvp.cancel(meeting, by=first)

    assert Rsvp.objects.get(user=third).state == "going"
    assert Rsvp.objects.get(user=second).state == "waiting"


def test_cancelling_what_one_never_had_changes_nothing(db):
    meeting = occurrence(capacity=1)
    rsvp.rsvp(meeting, by=UserFactory())

    former = rsvp.cancel(meeting, by=UserFactory())

    assert former == ""
    assert counts(meeting) == (1, 0)


def test_more_seats_seat_those_who_wait_in_their_order(db):
    meeting = occurrence(capacity=1)
    people = [UserFactory() for _ in range(5)]
    for person in people:
        rsvp.rsvp(meeting, by=person)

    rsvp.set_capacity(meeting, 3)
    seated = list(meeting.rsvps.filter(state="going").order_by("queued_at").values_list("user", flat=True))
    rsvp.set_capacity(meeting, None)

    assert seated == [person.pk for person in people[:3]]
    assert counts(meeting) == (5, 0)


def test_fewer_seats_throw_nobody_out_and_let_nobody_in(db):
    meeting = occurrence(capacity=3)
    first, second, third, fourth = (UserFactory() for _ in range(4))
    for person in (first, second, third):
        rsvp.rsvp(meeting, by=person)

    rsvp.set_capacity(meeting, 2)
    late = rsvp.rsvp(meeting, by=fourth)
    rsvp.cancel(meeting, by=first)

    assert late.state == "waiting"
    assert counts(meeting) == (2, 1)


# Refused -------------------------------------------------------------------------------------------------------------


def test_a_meeting_that_is_over_takes_no_answers(db):
    meeting = past(occurrence())

    with pytest.raises(RsvpRefused, match="is over"):
        rsvp.rsvp(meeting, by=UserFactory())
    with pytest.raises(RsvpRefused, match="is over"):
        rsvp.cancel(meeting, by=UserFactory())


def test_a_meeting_that_has_begun_still_does(db):
    meeting = past(occurrence(minutes=120), days=0)
    meeting.starts_at = timezone.now() - timedelta(minutes=10)
    meeting.save()

    assert rsvp.rsvp(meeting, by=UserFactory()).state == "going"


def test_a_cancelled_meeting_takes_no_answers(db):
    meeting = occurrence()
    scheduling.cancel_occurrence(meeting, by=organising_staff())

    with pytest.raises(RsvpRefused, match="was cancelled"):
        rsvp.rsvp(meeting, by=UserFactory())


@pytest.mark.parametrize(
    ("audience", "who", "may"),
    [
        ("world", "applicant", False),
        ("world", "lapsed", False),
        ("world", "member", True),
        ("members", "applicant", False),
        ("members", "member", True),
        ("practitioners", "member", False),
        ("practitioners", "practitioner", True),
        ("practitioners", "superuser", False),
        ("group", "practitioner", False),
        ("group", "superuser", False),
        ("group", "inside", True),
        ("group", "left", False),
        ("practitioners", "facilitator", True),
    ],
)
def test_who_may_take_a_seat(db, audience, who, may):
    lead = MembershipFactory(facilitator=True, group=GroupFactory(community=audience == "group"))
    meeting = occurrence(group=lead.group, by=lead.user, audience=audience)
    person = {
        "applicant": lambda: UserFactory(applicant=True),
        "lapsed": lambda: UserFactory(lapsed=True),
        "member": UserFactory,
        "practitioner": lambda: UserFactory(practitioner=True),
        "superuser": lambda: UserFactory(superuser=True),
        "inside": lambda: MembershipFactory(group=lead.group).user,
        "left": lambda: MembershipFactory(group=lead.group, left_at=timezone.now()).user,
        "facilitator": lambda: lead.user,
    }[who]()

    if may:
        assert rsvp.rsvp(meeting, by=person).state == "going"
    else:
        with pytest.raises(RsvpRefused, match="for others"):
            rsvp.rsvp(meeting, by=person)


# What the database itself says ---------------------------------------------------------------------------------------


def test_the_database_refuses_a_seat_too_many_whatever_writes_it(db):
    meeting = occurrence(capacity=1)
    RsvpFactory(occurrence=meeting)

    with pytest.raises(IntegrityError, match="no seat left"), transaction.atomic():
        RsvpFactory(occurrence=meeting)
    waiting = RsvpFactory(occurrence=meeting, waiting=True)
    with pytest.raises(IntegrityError, match="no seat left"), transaction.atomic():
        Rsvp.objects.filter(pk=waiting.pk).update(state="going")

    assert counts(meeting) == (1, 1)


def test_the_counters_follow_every_way_of_writing(db):
    meeting = occurrence()
    seats = [RsvpFactory(occurrence=meeting) for _ in range(4)]
    Rsvp.objects.bulk_create([Rsvp(occurrence=meeting, user=UserFactory(), state="waiting") for _ in range(2)])
    seats[0].user.delete()
    seats[1].delete()
    Rsvp.objects.filter(pk=seats[2].pk).update(state="cancelled")

    assert counts(meeting) == (1, 2)


def test_touching_a_seat_after_the_capacity_fell_is_allowed(db):
    meeting = occurrence(capacity=2)
    seat = RsvpFactory(occurrence=meeting)
    RsvpFactory(occurrence=meeting)
    rsvp.set_capacity(meeting, 1)

    seat.quiet = True
    seat.save()

    assert counts(meeting) == (2, 0)


# Letters -------------------------------------------------------------------------------------------------------------


def test_the_letters_say_what_happened_and_nothing_private_in_the_subject(db, run_jobs, mailoutbox):
    lead = MembershipFactory(facilitator=True, group=GroupFactory(consultation=True, name="Canary circle"))
    inside = MembershipFactory(group=lead.group).user
    meeting = occurrence(
        group=lead.group, by=lead.user, audience="group", capacity=1, online=True, title="Canary evening"
    )

    rsvp.rsvp(meeting, by=lead.user)
    rsvp.rsvp(meeting, by=inside)
    run_jobs()

    subjects = [mail.subject for mail in mailoutbox]
    assert subjects[0].startswith("You have a seat: your group's meeting")
    assert subjects[1].startswith("You are on the waitlist: your group's meeting")
    everything = " ".join(mail.body + mail.alternatives[0][0] for mail in mailoutbox)
    assert "canary" not in everything.lower()
    assert f"/events/dates/{meeting.pk}/\n" in mailoutbox[0].body
    assert "Canary" not in "".join(subjects)


def test_the_address_in_a_groups_letter_leads_those_inside_to_the_meeting_and_is_404_to_others(db, client):
    lead = MembershipFactory(facilitator=True, group=GroupFactory(consultation=True))
    meeting = occurrence(group=lead.group, by=lead.user, audience="group")
    address = f"/events/dates/{meeting.pk}/"

    assert client.get(address).status_code == 404
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404
    client.force_login(lead.user)
    assert client.get(address).url == meeting.get_absolute_url()
    assert client.get("/events/dates/99999999999999999999/").status_code == 404


def test_the_time_in_a_letter_is_the_recipients(db, run_jobs, mailoutbox):
    meeting = occurrence()

    rsvp.rsvp(meeting, by=UserFactory(time_zone="America/Los_Angeles"))
    run_jobs()

    assert "Pacific time" in mailoutbox[0].body
    assert "Eastern time" in mailoutbox[0].body


@pytest.mark.parametrize("change", ["gave it back", "lost standing", "meeting cancelled", "meeting over"])
def test_a_letter_that_is_no_longer_true_is_not_sent(db, run_jobs, mailoutbox, change):
    meeting, person = occurrence(), UserFactory()
    rsvp.rsvp(meeting, by=person)
    if change == "gave it back":
        rsvp.cancel(meeting, by=person)
    elif change == "lost standing":
        type(person).objects.filter(pk=person.pk).update(standing="lapsed")
    elif change == "meeting cancelled":
        meeting.cancelled_at = timezone.now()
        meeting.save()
    else:
        past(meeting)

    run_jobs()

    assert mailoutbox == []


def test_somebody_who_blocks_the_organiser_still_hears_that_it_was_cancelled(db, run_jobs, mailoutbox):
    lead = MembershipFactory(facilitator=True)
    meeting = occurrence(group=lead.group, by=lead.user)
    seat = RsvpFactory(occurrence=meeting)
    blocks.block(lead.user, by=seat.user)

    scheduling.cancel_occurrence(meeting, by=lead.user)
    run_jobs()

    assert len(mailoutbox) == 1


def test_somebody_who_lost_their_standing_is_not_told_where_people_meet(db, run_jobs, mailoutbox):
    meeting, member = occurrence(world=True), UserFactory()
    rsvp.rsvp(meeting, by=member)

    type(member).objects.filter(pk=member.pk).update(standing="lapsed")
    run_jobs()

    assert mailoutbox == []
