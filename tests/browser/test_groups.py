"""Coming into a group in a real browser: by asking, and by a link that somebody without an account was given."""

import re

import pytest
from django.core import mail

from community.groups import invitations, requests
from community.groups.models import Group, Invitation, JoinRequest
from community.members import standing
from community.members.models import User
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def led(site_url):
    """A listed consultation group, as its facilitator's membership."""
    group = GroupFactory(
        consultation=True, joining="request", slug="quiet", name="Quiet hour", purpose="For grief work."
    )
    return MembershipFactory(facilitator=True, group=group, user__display_name="Ada Lang")


@pytest.mark.parametrize("js", [True, False])
def test_somebody_asks_is_let_in_signs_and_reads(open_page, site_url, log_in, axe, run_jobs, led, js):
    asker = UserFactory(display_name="Bo Rivers")
    theirs, page = open_page(js=js), open_page(js=js)
    log_in(theirs, asker)
    log_in(page, led.user)

    theirs.goto(f"{site_url}/groups/quiet/")
    theirs.get_by_role("link", name="Ask to join").click()
    theirs.wait_for_load_state()
    if js:
        axe(theirs)
    theirs.get_by_label("A word to the facilitators").fill("I work alone.")
    theirs.get_by_role("button", name="Ask to join").click()
    theirs.get_by_text("You have asked. A facilitator will answer you by mail.").wait_for()
    run_jobs()
    page.goto(re.search(r"http://localhost\S+", mail.outbox[-1].body)[0])
    page.get_by_role("link", name="Quiet hour").click()  # the letter names no consultation group, nor does its link
    page.get_by_role("link", name=re.compile("ask.? to join")).click()
    page.get_by_text("I work alone.").wait_for()
    page.locator("summary", has_text="Answer").click()
    if js:
        axe(page)
    page.get_by_label("A word to them").fill("Welcome.")
    page.get_by_role("button", name="Let them in").click()
    page.get_by_text("has not signed yet").wait_for()
    run_jobs()

    letter = mail.outbox[-1]
    assert "Welcome." in letter.body
    assert theirs.goto(f"{site_url}/groups/quiet/people/").status == 404
    theirs.goto(re.search(r"http://localhost\S+", letter.body)[0])
    theirs.get_by_role("link", name=re.compile("Sign the agreement")).first.click()
    theirs.get_by_role("button", name="Sign").click()
    theirs.wait_for_url("**/groups/quiet/")
    assert theirs.goto(f"{site_url}/groups/quiet/people/").status == 200
    theirs.get_by_role("heading", name="Ada Lang").wait_for()
    assert Group.objects.entered_by(asker).exists()


def test_a_link_leads_somebody_without_an_account_in(page, site_url, axe, run_jobs, led):
    made = invitations.make_link(led.group, by=led.user, uses_allowed=1, days=14)
    address = f"{site_url}/groups/invitations/{invitations.token(made)}/"

    page.goto(address)
    page.get_by_role("heading", name="A colleague invites you to their group").wait_for()
    page.wait_for_load_state()
    assert "Quiet hour" not in page.content()
    axe(page)
    page.get_by_role("main").get_by_role("link", name="Apply for an account").click()
    page.get_by_label("Your name").fill("Cleo Hart")
    page.get_by_label("E-mail").fill("cleo@example.org")
    page.get_by_label("Password").fill("four-quiet-words-here")
    page.get_by_label("I am an adult").check()
    page.get_by_role("button", name="Send my application").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()
    run_jobs()
    page.goto(re.search(r"http://localhost\S+/accounts/confirm-email/\S+", mail.outbox[0].body)[0])
    page.get_by_role("button", name="Yes, it is mine").click()
    page.wait_for_url(address)
    page.get_by_role("button", name="Take up the invitation").click()
    page.get_by_role("heading", name="Your invitation is kept").wait_for()
    page.wait_for_load_state()
    assert "Quiet hour" not in page.content()
    axe(page)
    assert Invitation.objects.get().uses == 1

    cleo = User.objects.get(email="cleo@example.org")
    standing.admit(cleo, by=UserFactory(is_staff=True, is_superuser=True))
    page.goto(f"{site_url}/groups/")
    page.get_by_text("You are invited.").first.wait_for()
    page.goto(f"{site_url}/groups/quiet/invitation/")
    page.get_by_role("heading", name="Quiet hour").wait_for()
    axe(page)
    page.get_by_role("button", name="Take up the invitation").click()
    page.wait_for_url("**/groups/quiet/agreement/")
    page.get_by_role("button", name="Sign").click()
    page.wait_for_url("**/groups/quiet/")

    assert list(Group.objects.entered_by(cleo)) == [led.group]
    assert Invitation.objects.get().uses == 1


def test_a_link_is_copied_with_one_press(page, site_url, log_in, led):
    made = invitations.make_link(led.group, by=led.user, uses_allowed=2, days=14)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    log_in(page, led.user)

    page.goto(f"{site_url}/groups/quiet/invite/")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{site_url}/groups/invitations/{invitations.token(made)}/"


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_axe_finds_nothing_on_the_pages_about_people(open_page, site_url, log_in, axe, led, width, dark):
    own = MembershipFactory(group=led.group)
    MembershipFactory(group=led.group, unsigned=True)
    for person in UserFactory.create_batch(2):
        requests.ask(led.group, by=person, words="Hello.")
    invitations.make_link(led.group, by=led.user, uses_allowed=2, days=14)
    invitations.invite(led.group, by=led.user, email=f"{'long' * 12}@example.org")
    page = open_page(width=width, dark=dark)
    log_in(page, led.user)

    for path in ("people/", "invite/", f"people/{own.pk}/remove/", "leave/"):
        page.goto(f"{site_url}/groups/quiet/{path}")
        for details in page.locator("main details").all():
            details.evaluate("element => { element.open = true }")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.goto(f"{site_url}/groups/quiet/invite/")
    page.get_by_label("E-mail addresses").fill("nonsense")
    page.get_by_role("button", name="Send the invitations").click()
    page.get_by_text("“nonsense” is not an e-mail address.").wait_for()
    page.wait_for_load_state()
    axe(page)
    assert JoinRequest.objects.filter(decided_at=None).count() == 2
