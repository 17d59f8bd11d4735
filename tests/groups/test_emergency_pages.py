"""What is read through the glass and what is not, and the page in the admin."""

import pytest
from django.core import mail
from django.urls import reverse

from community.discussions import following, forums, posting
from community.discussions.models import ForumMark, TopicMark
from community.groups import emergency, membership
from community.groups.models import EmergencyAccess
from community.groups.refusals import GroupRefused
from community.safety.models import Report
from events import agenda, rsvp
from factories.discussions import make_topic
from factories.events import occurrence
from factories.groups import GroupFactory, MembershipFactory, glass_breaker, put_in
from factories.members import UserFactory

REASON = "A member writes of harm that somebody may come to."


# Reading, and nothing else ------------------------------------------------------------------------------------------


@pytest.fixture
def topic(group, insider):
    return make_topic(forums.forum_for_group(group), by=insider, subject="Peregrath again", body="In Lindisquay.")


@pytest.fixture
def meeting(group, insider):
    return occurrence(by=insider, group=group, audience="group", kind="case_consultation", title="Marrowthorne evening")


def test_the_reader_reads_the_groups_own_pages(client, group, topic, meeting, access, asker):
    client.force_login(asker)

    pages = {
        group.get_absolute_url(): "Peregrath",
        f"{group.get_absolute_url()}people/": "Ina Insider",
        topic.forum.get_absolute_url(): "Peregrath",
        topic.get_absolute_url(): "Lindisquay",
        meeting.get_absolute_url(): "Marrowthorne",
    }
    for address, words in pages.items():
        page = client.get(address).content.decode()
        assert words in page, address
        assert "you read this by an emergency access" in page, address


def test_the_reader_leaves_no_marks_and_takes_part_in_nothing(client, group, topic, meeting, access, asker):
    client.force_login(asker)
    post = topic.first_post
    at = topic.get_absolute_url()
    for address in (at, topic.forum.get_absolute_url(), group.get_absolute_url(), meeting.get_absolute_url()):
        page = client.get(address).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        for word in ("Post reply", "Mark all as read", "Follow this thread", "going</button>", "Leave this group"):
            assert word not in main, (address, word)
        assert "I'm going" not in main
    refused = {
        f"{at}reply/": {"body": "Hello."},
        f"{at}follow/": {"following": "yes"},
        f"{topic.forum.get_absolute_url()}new/": {"subject": "Hello", "body": "Hello."},
        f"{topic.forum.get_absolute_url()}read/": {},
        f"/discussions/post/{post.pk}/edit/": {"body": "Hello."},
        f"/report/post/{post.pk}/": {"reason": "harm"},
        f"{group.get_absolute_url()}agreement/": {"edition": "1"},
        f"{group.get_absolute_url()}leave/": {},
    }
    for address, form in refused.items():
        assert client.post(address, form).status_code in (302, 403, 404, 405, 409, 422), address
    with pytest.raises(rsvp.RsvpRefused):
        rsvp.rsvp(meeting, by=asker)

    topic.refresh_from_db()
    assert topic.posts_count == 1
    assert not TopicMark.objects.filter(user=asker).exists()
    assert not ForumMark.objects.filter(user=asker).exists()
    assert not Report.objects.exists()
    assert not meeting.rsvps.exists()
    assert not group.memberships.filter(user=asker).exists()


def test_the_reader_does_not_ask_to_come_in(client, group, access, asker):
    type(group).objects.filter(pk=group.pk).update(joining="request")
    client.force_login(asker)

    home = client.get(group.get_absolute_url()).content.decode()
    client.post(f"{group.get_absolute_url()}ask/", {"words": "Let me in."})

    assert "Ask to join" not in home
    assert not group.requests.exists()


def test_what_is_read_through_the_glass_comes_to_nobody(client, group, topic, meeting, access, asker, insider):
    """It stands on the group's own pages, where each hour is noted, and in no list, search, calendar or suggestion."""
    client.force_login(asker)
    month = reverse("events:month", args=[f"{meeting.local_date:%Y-%m}"])
    places = ["/today/", "/discussions/", "/search/?q=Lindisquay", "/search/?q=Marrowthorne", "/events/"]
    places += [month, "/", "/search/?q=Peregrath"]

    for place in places:
        page = client.get(place).content.decode().replace('value="', "").partition("<main")[2]
        for word in ("Peregrath again", "Marrowthorne evening", "In Lindisquay"):
            assert word not in page, place
    assert not agenda.coming(asker).exists()
    assert agenda.coming(insider).exists()


def test_no_letter_about_it_goes_to_the_reader(group, topic, access, asker, insider, run_jobs):
    following.follow(topic, by=asker)  # from a time when they were in the group
    run_jobs()
    mail.outbox.clear()
    posting.reply(topic, by=insider, body="Once more.")
    run_jobs()

    assert mail.outbox == []


# The pages in the admin ---------------------------------------------------------------------------------------------

ADMIN = "/admin/emergency-access/"


def test_one_alone_is_offered_nothing(client, group, asker):
    client.force_login(asker)

    page = client.get(ADMIN).content.decode()

    assert "It takes two people" in page
    assert "<textarea" not in page
    assert "takes two people" in client.post(ADMIN, {"group": str(group.pk), "reason": REASON}).content.decode()
    assert not EmergencyAccess.objects.exists()


def test_asking_granting_and_ending_in_the_admin(client, group, asker, granter, insider):
    client.force_login(asker)
    assert client.post(ADMIN, {"group": f" {group.pk} ", "reason": REASON}).status_code == 302
    access = EmergencyAccess.objects.get()
    asked = client.get(ADMIN).content.decode()
    client.force_login(granter)
    read = client.get(ADMIN).content.decode()
    client.post(f"{ADMIN}{access.pk}/grant/")
    granted = client.get(ADMIN).content.decode()
    client.post(f"{ADMIN}{access.pk}/end/")
    ended = client.get(ADMIN).content.decode()

    assert "Take it back" in asked
    assert "Grant it" not in asked
    assert REASON in read
    assert "Grant it" in read
    for page in (asked, read, ended):
        assert f"Group {group.pk}" in page
        assert "Brackenmoor" not in page
    assert f"Brackenmoor circle (Group {group.pk})" in granted
    assert group.get_absolute_url() in granted
    assert "End it now" in granted
    assert "Gro Granter granted it" in ended


def test_a_hidden_group_is_not_found_by_its_name(client, group, asker, granter):
    GroupFactory(consultation=True, name="Thornlea")
    client.force_login(asker)

    hidden = client.post(ADMIN, {"group": "Brackenmoor circle", "reason": REASON})
    never = client.post(ADMIN, {"group": "Never Was", "reason": REASON})
    number = client.post(ADMIN, {"group": "987654321987654321987", "reason": REASON})
    listed = client.post(ADMIN, {"group": "thornlea", "reason": REASON})

    assert [answer.status_code for answer in (hidden, never, number, listed)] == [422, 422, 422, 302]
    for answer in (hidden, never, number):
        assert "There is no group with this number" in answer.content.decode()
        assert REASON in answer.content.decode()


def test_a_name_of_two_groups_asks_for_the_number(asker):
    for _each in range(2):
        GroupFactory(consultation=True, name="Thornlea")

    with pytest.raises(GroupRefused, match="number"):
        emergency.find("Thornlea")


def test_who_belongs_to_the_group_is_told_of_no_request(client, group, waiting, asker):
    own = glass_breaker()
    MembershipFactory(group=group, user=own)
    client.force_login(own)

    page = client.get(ADMIN).content.decode()

    assert "Asa Asker" not in page
    assert f"Group {group.pk}" not in page
    assert client.post(f"{ADMIN}{waiting.pk}/decline/").status_code == 404


@pytest.mark.parametrize("action", ["grant", "decline", "withdraw", "end", "nothing"])
def test_bad_numbers_and_words_are_not_found(client, asker, granter, action):
    client.force_login(asker)

    for pk in ("0", "99999999", "9" * 30):
        assert client.post(f"{ADMIN}{pk}/{action}/").status_code == 404
    assert client.get(f"{ADMIN}1/{action}/").status_code == 405
    assert client.get(f"{ADMIN}?page=x").status_code == 404


@pytest.mark.parametrize("typed", [{}, {"group": "\x00", "reason": "\x00"}, {"group": "1" * 900, "reason": "x" * 1001}])
def test_bad_forms_are_answered_beside_their_fields(client, asker, granter, typed):
    client.force_login(asker)

    assert client.post(ADMIN, typed).status_code == 422
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize("rows", [1, 20])
def test_the_page_costs_the_same_for_one_and_twenty(client, asker, granter, rows, django_assert_num_queries):
    for number in range(rows):
        for step in range(3):
            access = emergency.ask(GroupFactory(hidden=True), by=asker, reason=f"{number}.")
            if step:
                emergency.grant(access, by=granter)
            if step == 2:
                emergency.end(access, by=granter)
    client.force_login(granter)
    client.get(ADMIN)

    with django_assert_num_queries(18):
        client.get(ADMIN)


# Leaving ------------------------------------------------------------------------------------------------------------


def test_whoever_leaves_follows_nothing_in_the_group_any_more(group, insider):
    person = UserFactory(practitioner=True)
    put_in(group, person)
    topic, other = make_topic(forums.forum_for_group(group), by=insider), make_topic()
    for each in (topic, other):
        following.follow(each, by=person)

    membership.leave(group, by=person)

    assert [mark.topic_id for mark in TopicMark.objects.filter(user=person, following=True)] == [other.pk]
