from datetime import timedelta

import pytest
from django.utils import timezone

from community.discussions import following, posting
from events import rsvp
from factories.articles import ArticleFactory
from factories.discussions import make_forum, make_topic
from factories.events import EventFactory
from factories.groups import MembershipFactory
from factories.members import UserFactory


@pytest.mark.parametrize("count", [1, 20])
def test_today_costs_the_same_with_one_thing_of_each_and_with_twenty(
    client, db, without_limits, django_assert_num_queries, count
):
    user = UserFactory(date_joined=timezone.now() - timedelta(days=90))
    colleague = UserFactory()
    for number in range(count):
        ArticleFactory(title=f"Article {number}")
        rsvp.rsvp(EventFactory(title=f"Meeting {number}").occurrences.get(), by=user)
        forum = make_forum()
        make_topic(forum, by=colleague)
        followed = make_topic(forum, by=colleague)
        following.follow(followed, by=user)
        posting.reply(followed, by=colleague, body="More.")
        MembershipFactory(user=user, unsigned=True)
    client.force_login(user)
    client.get("/today/")

    with django_assert_num_queries(10):
        body = client.get("/today/").content.decode()

    assert "new in a thread you follow" in body
    assert "Article" in body
    assert "Meeting" in body
    assert "once you have read and signed its agreement" in body
