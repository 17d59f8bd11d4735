"""Where the address of an invitation leads, for each who holds it."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from community.groups import invitations, membership
from community.groups.models import Invitation
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def led(db):
    """A hidden consultation group, as its facilitator's membership."""
    return MembershipFactory(
        facilitator=True, group=GroupFactory(hidden=True, name="Quiet hour", purpose="For grief work.")
    )


def link(led, uses_allowed=1, days=14):
    return invitations.make_link(led.group, by=led.user, uses_allowed=uses_allowed, days=days)


def address(invitation) -> str:
    return reverse("groups:invitation_link", args=[invitations.token(invitation)])


def test_a_token_is_always_the_same_and_cannot_be_made_up(led):
    made = link(led)

    token = invitations.token(made)

    assert token == invitations.token(made)
    assert invitations.from_token(token) == made
    for wrong in (f"{made.pk}", f"{made.pk}.", f"{made.pk + 1}{token[len(str(made.pk)) :]}", "", ".", "\x00", "é.é"):
        assert invitations.from_token(wrong) is None


def test_a_visitor_and_an_applicant_learn_that_there_is_a_group_and_no_more(led, client):
    made = link(led)
    for person in (None, UserFactory(applicant=True), UserFactory(lapsed=True)):
        if person:
            client.force_login(person)

        response = client.get(address(made))

        text = response.content.decode()
        assert response.status_code == 200
        assert "invites you to their group" in text
        for word in ("Quiet hour", "grief", led.group.slug, str(led.user)):
            assert word not in text
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(("group", "is_named"), [({}, True), ({"community": True}, False)])
def test_a_visitor_reads_the_name_of_a_chapter_alone(db, client, group, is_named):
    led = MembershipFactory(facilitator=True, group=GroupFactory(name="Lakeside", **group))

    assert ("Lakeside" in client.get(address(link(led))).content.decode()) == is_named


def test_a_visitor_is_shown_the_way_to_an_account_and_back(led, client):
    made = link(led)

    text = client.get(address(made)).content.decode()

    assert f"{reverse('account_signup')}?next={address(made)}" in text
    assert f"{reverse('account_login')}?next={address(made)}" in text
    assert client.post(address(made)).url == f"{reverse('account_login')}?next={address(made)}"


def test_a_member_sees_the_group_takes_it_up_and_goes_on_to_the_agreement(led, client):
    made = link(led)
    client.force_login(UserFactory())

    text = client.get(address(made)).content.decode()
    response = client.post(address(made))

    assert "Quiet hour" in text
    assert response.url == reverse("groups:agreement", args=[led.group.slug])
    assert client.get(address(made)).url == response.url


def test_who_is_inside_is_led_home(led, client):
    client.force_login(led.user)

    assert client.get(address(link(led))).url == led.group.get_absolute_url()


def test_every_address_that_does_not_work_is_the_same_page(led, client):
    person = UserFactory()
    removed = MembershipFactory(group=led.group, user=person)
    membership.remove(removed, by=led.user, reason="No.")
    over = [link(led) for _ in range(4)]
    invitations.revoke(over[0], by=led.user)
    Invitation.objects.filter(pk=over[1].pk).update(expires_at=timezone.now())
    invitations.accept(over[2], by=UserFactory())
    client.force_login(person)  # who was removed: the fourth is open, and not for them
    paths = [address(made) for made in over] + [
        reverse("groups:invitation_link", args=["garbage"]),
        reverse("groups:group", args=["never-was"]),
        reverse("groups:invitation", args=[led.group.slug]),
        reverse("groups:invitation", args=["never-was"]),
    ]

    answers = [client.get(path) for path in paths]

    bodies = {re.sub(r"/groups/\S+?(?=[\"&])", "", answer.content.decode()) for answer in answers}
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'csrf\S+|nonce="[^"]*"|value="[^"]{64}"', "", body) for body in bodies}) == 1
    assert {client.post(path).status_code for path in paths if "invitation" in path} == {404}


def test_the_own_invitation_is_on_the_groups_own_address_too(led, client):
    person = UserFactory()
    invitations.invite(led.group, by=led.user, email=person.email, words="Do come.")
    client.force_login(person)
    path = reverse("groups:invitation", args=[led.group.slug])

    assert "Do come." in client.get(path).content.decode()
    assert client.post(path).url == reverse("groups:agreement", args=[led.group.slug])
    assert client.get(path).url == reverse("groups:agreement", args=[led.group.slug])


@pytest.mark.parametrize("words", ["", "Do come."])
def test_a_member_reads_who_invites_them(led, client, words):
    person = UserFactory()
    invitations.invite(led.group, by=led.user, email=person.email, words=words)
    client.force_login(person)

    text = client.get(reverse("groups:invitation", args=[led.group.slug])).content.decode()

    assert f"{led.user} invites you." in text


def test_an_applicant_who_is_admitted_finds_the_invitation_that_was_kept(led, client):
    person, made = UserFactory(applicant=True), link(led)
    client.force_login(person)

    assert client.post(address(made)).url == address(made)
    text = client.get(address(made)).content.decode()
    assert "Your invitation is kept" in text
    assert "place is kept" not in text
    assert client.get(reverse("groups:invitation", args=[led.group.slug])).status_code == 404
    type(person).objects.filter(pk=person.pk).update(standing="active")
    assert "Quiet hour" in client.get(reverse("groups:invitation", args=[led.group.slug])).content.decode()
    assert client.post(address(made)).url == reverse("groups:agreement", args=[led.group.slug])


def test_a_full_group_says_so_and_offers_no_button(led, client):
    made = link(led)
    MembershipFactory.create_batch(8, group=led.group)
    client.force_login(UserFactory())

    text = client.get(address(made)).content.decode()

    assert "All 9 places are taken." in text
    assert "Take up the invitation" not in text
    assert client.post(address(made)).url == address(made)


@pytest.mark.parametrize("slug", ["invitations", "start"])
def test_no_group_stands_where_a_page_of_ours_is(db, slug):
    with pytest.raises(ValidationError) as refused:
        GroupFactory.build(slug=slug).full_clean()

    assert "slug" in refused.value.message_dict
