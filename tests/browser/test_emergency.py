"""Breaking the glass, with two of the staff and a member who hears of it."""

import os

import pytest
from django.core import mail

from community.discussions import forums
from factories.discussions import make_topic
from factories.groups import GroupFactory, MembershipFactory, glass_breaker

REASON = "A member writes of harm that somebody may come to, and cannot be reached."


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_break_glass(open_page, log_in, site_url, run_jobs, axe, js, tmp_path):
    group = GroupFactory(hidden=True, name="Thursday circle", purpose="Six of us, and the cases that stay with us.")
    member = MembershipFactory(group=group, facilitator=True, user__display_name="Ina Insider").user
    topic = make_topic(forums.forum_for_group(group), by=member, subject="What I carried home", body="It was late.")
    asking, granting = open_page(width=1280), open_page(width=1280)
    inside = open_page(js=js, width=390)
    shots = os.environ.get("COLLEGIAL_SHOTS", "")

    def look(page, name):
        if js:
            page.reload()  # Wagtail's own message of success fades in, too pale for a moment
            axe(page)
        if shots:
            page.screenshot(path=f"{shots}/{name}-{'js' if js else 'plain'}.png", full_page=True)

    asker, granter = glass_breaker("Asa Asker"), glass_breaker("Gro Granter")
    log_in(asking, asker)
    log_in(granting, granter)
    log_in(inside, member)

    inside.goto(f"{site_url}{group.get_absolute_url()}")
    inside.get_by_text("Who can read here from outside").click()
    inside.get_by_text(f"This group's number for the association: {group.pk}").wait_for()

    asking.goto(f"{site_url}/admin/emergency-access/")
    look(asking, "ask")
    asking.get_by_label("Group", exact=False).fill(str(group.pk))
    asking.get_by_label("Reason", exact=False).fill(REASON)
    asking.get_by_role("button", name="Ask", exact=True).click()
    asking.get_by_role("button", name="Take it back").wait_for()
    assert "Thursday circle" not in asking.locator("main").inner_text()
    assert asking.goto(f"{site_url}{group.get_absolute_url()}").status == 404

    granting.goto(f"{site_url}/admin/emergency-access/")
    granting.get_by_text(REASON).wait_for()
    look(granting, "grant")
    granting.get_by_role("button", name="Grant it for 24 hours").click()
    granting.get_by_role("link", name="Go to the group").wait_for()
    look(granting, "granted")
    run_jobs()
    assert {letter.to[0] for letter in mail.outbox} == {asker.email, member.email}

    asking.goto(f"{site_url}{group.get_absolute_url()}")
    asking.get_by_text("you read this by an emergency access").wait_for()
    look(asking, "reader-home")
    asking.get_by_role("link", name="What I carried home").click()
    asking.get_by_text("It was late.").wait_for()
    asking.get_by_text("you read this by an emergency access").wait_for()
    assert asking.get_by_role("button", name="Post reply").count() == 0
    look(asking, "reader-topic")

    inside.reload()
    inside.get_by_role("heading", name="Two of the association's staff can read here").wait_for()
    assert REASON in inside.locator("main").inner_text()
    look(inside, "member-home")

    granting.get_by_role("button", name="End it now").click()
    granting.get_by_text("The group is shut again").wait_for()
    look(granting, "ended")
    assert asking.goto(f"{site_url}{topic.get_absolute_url()}").status == 404
    inside.reload()
    inside.get_by_text("1 emergency access so far").click()
    inside.get_by_text("could read here.").wait_for()
    look(inside, "member-afterwards")
