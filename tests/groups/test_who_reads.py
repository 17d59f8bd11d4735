"""Who reads in a group, in words that are true: alone, in an emergency, and for those who have to sign again."""

import re

import pytest

from community.discussions import forums
from community.groups import emergency, home
from factories.discussions import make_topic
from factories.groups import GroupFactory, MembershipFactory, glass_breaker, new_version, put_in
from factories.members import UserFactory


def page(client, group, person) -> str:
    client.force_login(person)
    return client.get(group.get_absolute_url()).content.decode()


def test_alone_is_who_reads_alone_and_nobody_else(client, db):
    own = MembershipFactory(group__consultation=True)
    MembershipFactory.create_batch(home.FACES + 2, group__consultation=True)
    paused = MembershipFactory(group=own.group, unsigned=True, user__display_name="Aa First")

    assert "Read by you alone so far, by 1 more once they have signed, and by those" in page(
        client, own.group, own.user
    )
    assert "alone" not in page(client, own.group, paused.user)


def test_who_reads_in_an_emergency_is_told_and_is_none_of_these_people(client, db):
    own = MembershipFactory(group__consultation=True)
    asker, granter = glass_breaker(), glass_breaker()
    access = emergency.grant(emergency.ask(own.group, by=asker, reason="Harm."), by=granter)
    topic = make_topic(forums.forum_for_group(own.group), by=own.user)

    for person, who in ((own.user, "you"), (asker, "this 1 person")):
        body = page(client, own.group, person)
        assert re.search(f"Read by {who}, until [^<]+ by staff of the association, in an emergency, and by those", body)
        assert "alone" not in body
    client.force_login(own.user)
    assert "by staff of the association" in client.get(f"{topic.get_absolute_url()}reply/").content.decode()

    emergency.end(access, by=asker)
    assert "Read by you alone so far, and by those" in page(client, own.group, own.user)


def test_who_reads_in_an_emergency_is_not_offered_to_ask(client, db):
    leader = MembershipFactory(group__consultation=True, group__joining="request", facilitator=True)
    asker, granter = glass_breaker(), glass_breaker()
    assert "Ask to join" in page(client, leader.group, asker)

    emergency.grant(emergency.ask(leader.group, by=asker, reason="Harm."), by=granter)

    assert "Ask to join" not in page(client, leader.group, asker)


@pytest.mark.parametrize("is_over", [False, True])
def test_who_has_to_sign_again_reads_who_opened_the_group_and_why(client, db, is_over):
    own = MembershipFactory(group__consultation=True)
    asker, granter = glass_breaker("Asa Asker"), glass_breaker()
    access = emergency.grant(emergency.ask(own.group, by=asker, reason="A client is in danger."), by=granter)
    if is_over:
        emergency.end(access, by=asker)
    new_version("consultation")

    body = page(client, own.group, own.user)

    assert "A client is in danger." in body
    assert "Asa Asker" in body
    assert "A client is in danger." not in page(client, own.group, UserFactory())


def test_a_paused_home_says_why_and_where_the_meetings_are(client, db):
    group, person = GroupFactory(consultation=True), UserFactory()
    put_in(group, person)
    new_version("consultation")

    paused = page(client, group, person)
    first = page(client, group, MembershipFactory(group=group, unsigned=True).user)

    assert "The wording has changed since you signed on" in paused
    assert "The wording has changed" not in first
    assert "You are in this group once you have signed its agreement." in first
    for body in (paused, first):
        assert "once you have signed." in body
        assert "Ask the facilitator" not in body
