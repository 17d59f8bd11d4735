"""The pages about who is in a group: who may open what, what they show, and what they cost."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from community.groups import invitations, requests
from community.groups.models import Group, Invitation, JoinRequest, Membership
from factories.groups import GroupFactory, MembershipFactory, put_in
from factories.members import UserFactory


@pytest.fixture
def led(db):
    return MembershipFactory(facilitator=True, group=GroupFactory(consultation=True, joining="request", slug="quiet"))


def url(name: str, *args) -> str:
    return reverse(f"groups:{name}", args=["quiet", *args])


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# Who may open what --------------------------------------------------------------------------------------------------

PEOPLE = ["facilitator", "member", "unsigned", "former", "outsider", "leads elsewhere", "applicant", "superuser"]


def _person(who: str, group: Group):
    return {
        "facilitator": lambda: MembershipFactory(group=group, facilitator=True).user,
        "member": lambda: MembershipFactory(group=group).user,
        "unsigned": lambda: MembershipFactory(group=group, facilitator=True, unsigned=True).user,
        "former": lambda: MembershipFactory(group=group, left_at=timezone.now()).user,
        "outsider": UserFactory,
        "leads elsewhere": lambda: MembershipFactory(facilitator=True).user,
        "applicant": lambda: UserFactory(applicant=True),
        "superuser": lambda: UserFactory(is_staff=True, is_superuser=True),
    }[who]()


@pytest.mark.parametrize("who", PEOPLE)
def test_who_opens_which_page(led, client, who):
    other = MembershipFactory(group=led.group)
    client.force_login(_person(who, led.group))
    leads, reads = who == "facilitator", who in ("facilitator", "member")

    answers = {
        "people": client.get(url("people")).status_code,
        "invite": client.get(url("invite")).status_code,
        "remove": client.get(url("remove", other.pk)).status_code,
        "leave": client.get(url("leave")).status_code,
    }

    assert answers == {
        "people": 200 if reads else 404,
        "invite": 200 if leads else 404,
        "remove": 200 if leads else 404,
        "leave": 200 if reads or who == "unsigned" else 404,
    }


@pytest.mark.parametrize("who", [who for who in PEOPLE if who != "facilitator"])
def test_nobody_else_changes_anything(led, client, who):
    other = MembershipFactory(group=led.group)
    asked = requests.ask(led.group, by=UserFactory())
    made = invitations.make_link(led.group, by=led.user, uses_allowed=1, days=1)
    client.force_login(_person(who, led.group))
    before = list(Membership.objects.order_by("pk").values())
    paths = [
        url("remove", other.pk),
        url("appoint", other.pk),
        url("hand_over", other.pk),
        url("step_down"),
        url("approve", asked.pk),
        url("decline", asked.pk),
        url("invite"),
        url("make_link"),
        url("revoke", made.pk),
    ]

    answers = {client.post(path, {"reason": "x", "uses_allowed": 1, "days": 1}).status_code for path in paths}

    assert answers == {404}
    assert list(Membership.objects.order_by("pk").values()) == before
    assert JoinRequest.objects.get().decided_at is None
    assert list(Invitation.objects.open()) == [made]


def test_ids_of_another_group_are_not_there(led, client):
    elsewhere = MembershipFactory(facilitator=True, group=GroupFactory(consultation=True, joining="request"))
    member = MembershipFactory(group=elsewhere.group)
    asked = requests.ask(elsewhere.group, by=UserFactory())
    made = invitations.make_link(elsewhere.group, by=elsewhere.user, uses_allowed=1, days=1)
    client.force_login(led.user)
    put_in(elsewhere.group, led.user, role="facilitator")  # who leads both sees each under its own address alone

    paths = [url(name, member.pk) for name in ("remove", "appoint", "hand_over")]
    paths += [url(name, asked.pk) for name in ("approve", "decline")]
    paths += [url("revoke", made.pk), url("remove", 10**30)]

    assert {client.post(path, {"reason": "x"}).status_code for path in paths} == {404}
    assert Membership.objects.get(pk=member.pk).left_at is None
    assert JoinRequest.objects.get().decided_at is None
    assert Invitation.objects.get().revoked_at is None


@pytest.mark.parametrize("name", ["people", "invite", "ask", "leave", "invitation"])
def test_a_visitor_is_asked_to_log_in(led, client, name):
    assert client.get(url(name)).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("page", ["x", "0", "99", "\x00"])
def test_a_page_that_is_none_is_not_there(led, client, page):
    client.force_login(led.user)

    assert client.get(url("people"), {"page": page}).status_code == 404


# What it shows ------------------------------------------------------------------------------------------------------


def test_the_roster_says_who_leads_who_has_signed_and_who_has_not(led, client):
    signer, unsigned = UserFactory(display_name="Ada Lang", hidden=True), UserFactory(display_name="Bo Rivers")
    put_in(led.group, signer)
    MembershipFactory(group=led.group, user=unsigned, unsigned=True)
    gone = MembershipFactory(group=led.group, left_at=timezone.now()).user
    client.force_login(signer)

    text = client.get(url("people")).content.decode().split("<main")[1]

    assert text.index(str(led.user)) < text.index("Ada Lang") < text.index("Bo Rivers")
    assert str(gone) not in text
    assert text.count("has not signed yet") == 1
    assert text.count("signed on") == 2
    assert signer.get_absolute_url() not in text
    assert "Invite people" not in text


def test_requests_are_for_facilitators_alone(led, client):
    member = MembershipFactory(group=led.group).user
    requests.ask(led.group, by=UserFactory(display_name="Cleo Hart"), words="I work <b>alone</b>.")

    client.force_login(led.user)
    assert "I work &lt;b&gt;alone&lt;/b&gt;." in client.get(url("people")).content.decode()
    client.force_login(member)
    assert "Cleo Hart" not in client.get(url("people")).content.decode()


def _fill(led, number: int) -> None:
    MembershipFactory.create_batch(number, group=led.group)
    for person in UserFactory.create_batch(number):
        requests.ask(led.group, by=person)
        invitations.invite(led.group, by=led.user, email=f"{person.pk}@example.net")
        invitations.make_link(led.group, by=led.user, uses_allowed=2, days=1)


@pytest.mark.parametrize("number", [1, 20])
def test_the_pages_cost_the_same_for_one_and_for_twenty(db, client, django_assert_num_queries, number):
    led = MembershipFactory(facilitator=True, group=GroupFactory(community=True, joining="request", slug="quiet"))
    _fill(led, number)
    client.force_login(led.user)
    client.get(url("people"))

    with django_assert_num_queries(8):
        client.get(url("people"))
    with django_assert_num_queries(5):
        client.get(url("invite"))


# Leading ------------------------------------------------------------------------------------------------------------


def test_a_request_is_approved_with_a_word(led, client):
    asked = requests.ask(led.group, by=UserFactory())
    client.force_login(led.user)

    response = client.post(url("approve", asked.pk), {"answer": "Welcome."})

    assert response.url == url("people")
    asked.refresh_from_db()
    assert (asked.outcome, asked.answer) == ("approved", "Welcome.")


@pytest.mark.parametrize("words", ["x" * 501, "a\x00b"])
def test_an_answer_that_is_not_taken_keeps_its_words(led, client, words):
    asked = requests.ask(led.group, by=UserFactory())
    client.force_login(led.user)

    response = client.post(url("decline", asked.pk), {"answer": words})

    assert response.status_code == 200
    assert JoinRequest.objects.get().decided_at is None
    assert words[:400] in response.content.decode()


def test_a_full_group_is_said_beside_the_request_and_the_words_stay(led, client):
    asked = requests.ask(led.group, by=UserFactory())
    MembershipFactory.create_batch(8, group=led.group)
    client.force_login(led.user)

    text = client.post(url("approve", asked.pk), {"answer": "Welcome, all."}).content.decode()

    assert "All 9 places are taken." in text
    assert "Welcome, all." in text


def test_a_request_that_another_facilitator_answered_is_said(led, client):
    asked = requests.ask(led.group, by=UserFactory())
    requests.decline(asked, by=led.user)
    client.force_login(led.user)

    response = client.post(url("approve", asked.pk))

    assert said(response) == ["This request is answered already, or was taken back."]


def test_somebody_is_removed_with_a_reason(led, client):
    own = MembershipFactory(group=led.group)
    client.force_login(led.user)

    assert "Please give a reason" in client.post(url("remove", own.pk), {"reason": " "}).content.decode()
    assert client.post(url("remove", own.pk), {"reason": "They asked us to."}).url == url("people")

    own.refresh_from_db()
    assert (own.ending, own.reason) == ("removed", "They asked us to.")
    assert client.get(url("remove", own.pk)).status_code == 404


def test_leading_is_shared_handed_over_and_laid_down(led, client):
    first, second, unsigned = (MembershipFactory(group=led.group) for _ in range(3))
    Membership.objects.filter(pk=unsigned.pk).update(signed_edition=None)
    client.force_login(led.user)

    client.post(url("appoint", first.pk))
    assert set(Membership.objects.filter(role="facilitator")) == {led, first}
    assert "signed its agreement first" in said(client.post(url("hand_over", unsigned.pk)))[-1]
    body = client.get(url("hand_over", second.pk)).content.decode()
    assert "You cannot undo this yourself" in body
    assert set(Membership.objects.filter(role="facilitator")) == {led, first}
    client.post(url("hand_over", second.pk))
    assert set(Membership.objects.filter(role="facilitator")) == {first, second}
    assert client.post(url("appoint", first.pk)).status_code == 404
    client.force_login(first.user)
    client.post(url("step_down"))
    client.force_login(second.user)
    assert "only facilitator" in said(client.post(url("step_down")))[-1]
    assert list(Membership.objects.filter(role="facilitator")) == [second]


# Inviting -----------------------------------------------------------------------------------------------------------


def test_several_are_invited_at_once_however_they_are_written(led, client):
    client.force_login(led.user)
    typed = 'a@example.org, "Bo Rivers" <B@example.org>\nc@example.org;a@example.org\n\n'

    assert client.post(url("invite"), {"addresses": typed, "words": "Do come."}).url == url("invite")

    assert sorted(Invitation.objects.values_list("email", "words")) == [
        ("a@example.org", "Do come."),
        ("b@example.org", "Do come."),
        ("c@example.org", "Do come."),
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("good@example.org\nnonsense\nalso bad@", "“nonsense” is not an e-mail address."),
        ("good@example.org\nnonsense\nalso bad@", "“also bad@” is not an e-mail address."),
        ("\n".join(f"{number}@example.org" for number in range(21)), "At most 20 at a time"),
        (" ,; ", "at least one address"),
        ("a\x00@example.org", "Null characters are not allowed."),
        ("<b>@example.org", "is not an e-mail address."),
        (f"{'x' * 245}@example.org", "is not an e-mail address."),
        ("taken@example.org", "An invitation to taken@example.org is open already."),
    ],
)
def test_bad_addresses_are_named_and_everything_stays(led, client, typed, sentence):
    invitations.invite(led.group, by=led.user, email="taken@example.org")
    client.force_login(led.user)

    response = client.post(url("invite"), {"addresses": typed, "words": "Do come, all."})

    text = response.content.decode()
    assert response.status_code == 200
    assert sentence in text
    assert "Do come, all." in text
    assert Invitation.objects.count() == 1


def test_a_link_is_made_shown_and_taken_back(led, client):
    client.force_login(led.user)
    client.post(url("make_link"), {"uses_allowed": 3, "days": 7})
    made = Invitation.objects.get()

    assert f"/groups/invitations/{invitations.token(made)}/" in client.get(url("invite")).content.decode()
    client.post(url("revoke", made.pk))
    assert invitations.token(made) not in client.get(url("invite")).content.decode()


@pytest.mark.parametrize("typed", [{}, {"uses_allowed": "0", "days": "7"}, {"uses_allowed": "x", "days": "9" * 30}])
def test_a_link_that_cannot_be_made_is_said(led, client, typed):
    client.force_login(led.user)

    assert client.post(url("make_link"), typed).status_code == 200
    assert not Invitation.objects.exists()


# Asking and leaving -------------------------------------------------------------------------------------------------


def test_a_member_asks_takes_it_back_and_asks_again(led, client):
    client.force_login(UserFactory())

    assert "Ask to join" in client.get(url("ask")).content.decode()
    assert client.post(url("ask"), {"words": "Hello."}).url == led.group.get_absolute_url()
    assert "Take my request back" in client.get(url("ask")).content.decode()
    client.post(url("withdraw"))
    client.post(url("ask"), {"words": "Hello again."})

    assert list(JoinRequest.objects.values_list("words", "outcome")) == [("Hello.", "withdrawn"), ("Hello again.", "")]


def test_words_that_cannot_be_sent_any_more_are_given_back(led, client):
    client.force_login(UserFactory())
    MembershipFactory.create_batch(8, group=led.group)

    text = client.post(url("ask"), {"words": "I wrote this for a while."}).content.decode()

    assert "All 9 places are taken." in text
    assert "I wrote this for a while." in text


@pytest.mark.parametrize("name", ["ask", "withdraw"])
def test_a_hidden_group_cannot_be_asked(db, client, name):
    GroupFactory(hidden=True, joining="request", slug="quiet")
    client.force_login(UserFactory())

    assert client.post(url(name), {"words": "x"}).status_code == 404
    assert not JoinRequest.objects.exists()


def test_leaving_is_asked_once_more_and_then_done(led, client):
    own = MembershipFactory(group=led.group)
    client.force_login(own.user)

    assert "Leave" in client.get(url("leave")).content.decode()
    assert client.post(url("leave")).url == reverse("groups:list")
    assert client.get(url("leave")).status_code == 404
    client.force_login(led.user)
    MembershipFactory(group=led.group)
    response = client.post(url("leave"))
    assert (response.url, said(response)) == (
        url("leave"),
        ["You are the only facilitator. Hand over before you leave."],
    )


def test_in_an_archived_group_people_are_read_and_leave(led, client):
    own = MembershipFactory(group=led.group)
    Group.objects.update(archived_at=timezone.now())
    client.force_login(led.user)

    assert "Invite people" not in client.get(url("people")).content.decode()
    assert "archived" in client.post(url("invite"), {"addresses": "a@example.org"}).content.decode()
    client.force_login(own.user)
    assert client.post(url("leave")).status_code == 302


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("people", "GET, HEAD"), ("step_down", "POST"), ("make_link", "POST"), ("withdraw", "POST")],
)
def test_each_address_states_its_methods(led, client, name, allowed):
    client.force_login(led.user)

    assert client.put(url(name)).headers["Allow"] == allowed
