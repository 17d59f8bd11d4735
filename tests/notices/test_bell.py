from datetime import timedelta

import pytest
from django.utils import timezone

from community.discussions import forums, posting
from community.members import blocks
from community.members.models import User
from community.notices import bell
from community.notices.models import Notice
from factories.discussions import make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def reader(client, db):
    person = UserFactory(display_name="Ada Asker")
    client.force_login(person)
    return person


def count_in_header(client) -> str:
    page = client.get("/account/").content.decode()
    start = page.index('class="bell"')
    return page[start : page.index("</a>", start)]


def test_the_bell_counts_what_is_new_and_visiting_it_clears_it(client, reader, run_jobs):
    topic = make_topic(by=reader, replies=1)
    other = make_topic()
    posting.reply(other, by=UserFactory(), body="@Ada Asker, look.")
    run_jobs()
    assert "Notices, 2 new" in count_in_header(client)

    client.get(topic.get_absolute_url())
    assert "Notices, 1 new" in count_in_header(client)

    client.get("/notices/")
    assert "Notices, none new" in count_in_header(client)


def test_a_mention_on_a_page_that_one_did_not_see_stays_new(client, reader, run_jobs):
    topic = make_topic(replies=21)
    posting.reply(topic, by=UserFactory(), body="@Ada Asker, look.")
    run_jobs()

    client.get(topic.get_absolute_url())
    assert Notice.objects.get(user=reader).read_at is None

    client.get(f"{topic.get_absolute_url()}?page=2")
    assert Notice.objects.get(user=reader).read_at is not None


def test_the_bell_stops_counting(client, reader, run_jobs):
    for number in range(12):
        Notice.objects.create(user=reader, kind="mention", target_id=number)

    assert "Notices, more than 9 new" in count_in_header(client)


def test_the_count_costs_no_query(client, reader, run_jobs, django_assert_num_queries):
    client.get("/notices/")
    make_topic(by=reader, replies=1)
    run_jobs()

    with django_assert_num_queries(1):
        person = User.objects.filter(pk=reader.pk).annotate(unread_notices=bell.unread_by(reader.pk)).get()
    assert person.unread_notices == 1


def test_looking_at_the_head_alone_marks_nothing(client, reader, run_jobs):
    make_topic(by=reader, replies=1)
    run_jobs()

    client.head("/notices/")

    assert Notice.objects.filter(read_at=None).exists()


def test_notices_of_what_one_may_not_see_any_more_are_not_shown(client, reader, run_jobs):
    group = GroupFactory(consultation=True)
    member = MembershipFactory(group=group, user=reader)
    topic = make_topic(forums.forum_for_group(group), by=reader, subject="Secret subject")
    posting.reply(topic, by=MembershipFactory(group=group).user, body="@Ada Asker, look.")
    run_jobs()
    assert "Secret subject" in client.get("/notices/").content.decode()

    type(member).objects.filter(pk=member.pk).update(left_at=timezone.now(), ending="left")

    assert "Secret subject" not in client.get("/notices/").content.decode()


def test_notices_of_somebody_blocked_later_are_not_shown(client, reader, run_jobs):
    other = UserFactory(display_name="Bea Blocked")
    posting.reply(make_topic(), by=other, body="@Ada Asker, look.")
    run_jobs()

    blocks.block(other, by=reader)

    assert "Bea Blocked" not in client.get("/notices/").content.decode()


def test_pages_meet_without_a_gap(reader, run_jobs):
    topic = make_topic(replies=bell.A_PAGE + 4)
    run_jobs()
    Notice.objects.all().delete()
    now = timezone.now()
    for post in topic.posts.all():
        Notice.objects.create(
            user=reader, kind="watch", target_id=post.pk, made_at=now - timedelta(minutes=post.position // 2)
        )

    first = bell.page(reader)
    second = bell.page(reader, before=first.older)

    assert len({notice.target_id for notice in [*first.notices, *second.notices]}) == bell.A_PAGE + 5
    assert (len(first.notices), second.older) == (bell.A_PAGE, "")


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_for_many(client, reader, count, run_jobs, without_limits, django_assert_num_queries):
    for _each in range(count):
        make_topic(by=reader, replies=1)
        posting.reply(make_topic(), by=UserFactory(), body="@Ada Asker, look.")
    run_jobs()
    client.get("/notices/")

    with django_assert_num_queries(8):
        client.get("/notices/")
