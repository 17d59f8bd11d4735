import pytest
from django.core import mail

from community.members import blocks
from community.members.models import Block
from community.notices import kinds, outbox
from community.notices.models import Mail
from factories.members import UserFactory


@pytest.fixture
def pair(client, db):
    me, other = UserFactory(), UserFactory(display_name="Somebody Else")
    client.force_login(me)
    return me, other


def test_blocking_and_unblocking_from_the_persons_page(client, pair):
    me, other = pair
    assert f'action="/people/{other.pk}/block/"' in client.get(f"/people/{other.pk}/").content.decode()

    client.post(f"/people/{other.pk}/block/")
    assert me.has_blocked(other.pk)
    assert f'action="/people/{other.pk}/unblock/"' in client.get(f"/people/{other.pk}/").content.decode()
    assert "Somebody Else" in client.get("/account/blocks/").content.decode()

    client.post(f"/people/{other.pk}/unblock/")
    assert not Block.objects.exists()


def test_blocking_twice_or_oneself_changes_nothing(client, pair):
    me, other = pair

    client.post(f"/people/{other.pk}/block/")
    client.post(f"/people/{other.pk}/block/")
    client.post(f"/people/{me.pk}/block/")

    assert [(block.blocker, block.blocked) for block in Block.objects.all()] == [(me, other)]


def test_somebody_who_hides_can_be_blocked_too(client, pair):
    hiding = UserFactory(hidden=True)

    client.post(f"/people/{hiding.pk}/block/")

    assert pair[0].has_blocked(hiding.pk)


def test_blocking_tells_nobodys_name(client, pair):
    hiding, shown = UserFactory(hidden=True, display_name="Canary Quince"), pair[1]

    for person in (hiding, shown):
        client.post(f"/people/{person.pk}/block/")
    page = client.get("/account/blocks/").content.decode()

    assert "Canary Quince" not in page
    assert f'action="/people/{hiding.pk}/unblock/"' in page
    assert "Somebody Else" in page
    told = client.post(f"/people/{hiding.pk}/unblock/", follow=True).content.decode()
    assert "Canary Quince" not in told
    assert not pair[0].has_blocked(hiding.pk)


@pytest.mark.parametrize("standing", ["applicant", "lapsed"])
def test_only_members_block(client, pair, standing):
    """Or whoever signs up could read the names of all members, one number after the other."""
    client.force_login(UserFactory(**{standing: True}))

    assert client.post(f"/people/{pair[1].pk}/block/").status_code == 404
    assert not Block.objects.exists()


def test_the_blocked_person_sees_no_difference(client, pair):
    me, other = pair
    blocks.block(other, by=me)
    client.force_login(other)

    page = client.get(f"/people/{me.pk}/").content.decode()

    assert "block/" in page
    assert "You block" not in page


@pytest.mark.parametrize("action", ["block", "unblock"])
@pytest.mark.parametrize(
    ("method", "who", "status"), [("get", "member", 405), ("post", "visitor", 302), ("get", "visitor", 302)]
)
def test_blocking_takes_a_post_of_somebody_with_an_account(client, pair, action, method, who, status):
    if who == "visitor":
        client.logout()

    assert getattr(client, method)(f"/people/{pair[1].pk}/{action}/").status_code == status
    assert not Block.objects.exists()


@pytest.mark.parametrize("action", ["block", "unblock"])
def test_nobody_that_is_not_there_is_blocked(client, pair, action):
    for pk in (987654321, 99999999999999999999, UserFactory(applicant=True).pk):
        assert client.post(f"/people/{pk}/{action}/").status_code == 404


def test_a_block_withholds_the_mail_that_the_person_causes(pair, run_jobs):
    me, other = pair
    kinds.register(kinds.Kind("test_block", "members/mail/admitted", lambda recipient, target_id: {"path": "/"}))
    blocks.block(other, by=me)

    outbox.queue("test_block", me, actor=other)
    outbox.queue("test_block", me, actor=UserFactory())
    run_jobs()

    assert len(mail.outbox) == 1
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["sent", "withheld"]


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_of_blocks_costs_the_same_for_one_and_for_twenty(client, pair, django_assert_num_queries, count):
    for other in UserFactory.create_batch(count):
        blocks.block(other, by=pair[0])
    client.get("/account/blocks/")

    with django_assert_num_queries(4):
        client.get("/account/blocks/")
