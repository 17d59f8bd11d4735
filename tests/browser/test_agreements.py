"""A new version of the agreement pauses a group for each of its members, and resumes when they sign."""

import pytest

from community.discussions import forums
from community.groups import agreements
from community.groups.models import Group
from factories.discussions import make_topic
from factories.groups import GroupFactory, put_in
from factories.members import UserFactory


@pytest.fixture
def circle(fresh_database):
    """A consultation group with a thread in it, its leader and a member."""
    group = GroupFactory(consultation=True, name="Thursday table")
    leader, member = UserFactory(practitioner=True), UserFactory(practitioner=True)
    put_in(group, leader, role="facilitator")
    put_in(group, member)
    make_topic(forums.forum_for_group(group), by=leader, subject="When two want the same hour")
    return group, leader, member


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_a_new_version_pauses_and_resumes(open_page, log_in, site_url, circle, axe, js):
    group, _leader, member = circle
    reading = open_page(js=js, width=390)
    log_in(reading, member)
    forum = f"{site_url}{forums.forum_for_group(group).get_absolute_url()}"
    reading.goto(forum)
    reading.get_by_role("link", name="When two want the same hour").first.wait_for()

    words = agreements.current("consultation").body.replace("- If I recognize", "- We keep no notes.\n- If I recognize")
    draft = agreements.draft("consultation", words)
    agreements.publish(draft, by=UserFactory(superuser=True), counsel_confirmed=True)

    assert reading.goto(forum).status == 404
    reading.goto(f"{site_url}/groups/{group.slug}/agreement/")
    reading.get_by_text("This is version 2.").wait_for()
    reading.get_by_text("What changed").click()
    reading.get_by_text("We keep no notes.").first.wait_for()
    if js:
        axe(reading)
    reading.get_by_role("button", name="Sign this agreement").click()
    reading.get_by_text("Signed. Welcome to Thursday table.").wait_for()

    reading.goto(forum)
    reading.get_by_role("link", name="When two want the same hour").first.wait_for()
    reading.goto(f"{site_url}/groups/{group.slug}/agreement/")
    reading.get_by_role("heading", name="You have signed").wait_for()
    reading.wait_for_load_state()
    if js:
        axe(reading)


def test_a_facilitator_looks_at_what_the_group_adds_and_publishes_it(open_page, log_in, site_url, circle, axe):
    group, leader, member = circle
    writing = open_page(dark=True)
    log_in(writing, leader)
    writing.goto(f"{site_url}/groups/{group.slug}/agreement/")
    writing.get_by_role("link", name="Add something of your own").click()
    writing.get_by_label("What we add").fill("We begin *on time*.")
    writing.get_by_role("button", name="Preview").click()
    writing.get_by_role("heading", name="As it will be read").wait_for()
    writing.wait_for_load_state()  # with its style sheet
    axe(writing)

    writing.get_by_role("button", name="Publish and sign").click()

    writing.get_by_role("heading", name="What this group adds").wait_for()
    writing.wait_for_load_state()
    axe(writing)
    assert Group.objects.entered_by(leader).exists()
    assert not Group.objects.entered_by(member).exists()
