"""The demonstration is built once for this module: it is large."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import ArticlePage
from community.discussions.models import Forum, Post, Topic
from community.groups.models import Group
from community.members.models import User
from community.notices.models import Mail
from config import demo
from config.demo import content
from events.models import Event, Occurrence, Rsvp
from learning.models import CeListingPage


@pytest.fixture(scope="module")
def community(django_db_setup, django_db_blocker):
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        demo.build()
        yield
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def test_it_is_as_large_as_promised(community, db):
    public = Forum.objects.places().exclude(audience="group")

    assert User.objects.count() == 61
    assert [Group.objects.filter(kind=kind).count() for kind in ("chapter", "consultation", "community")] == [6, 4, 4]
    assert ArticlePage.objects.live().count() == 10
    assert CeListingPage.objects.live().count() == 12
    assert public.count() == 10
    assert Topic.objects.filter(forum__in=public).count() == 60
    assert Post.objects.filter(topic__forum__in=public).count() == 300
    assert Event.objects.count() == 40
    assert Event.objects.values("time_zone").distinct().count() >= 6


def test_a_workshop_is_full_and_people_wait(community, db):
    full = Occurrence.objects.get(event__title="Ethics of telehealth across state lines")

    assert full.rsvps.filter(state=Rsvp.State.GOING).count() == full.capacity
    assert full.rsvps.filter(state=Rsvp.State.WAITING).count() == 4


def test_nothing_was_written_in_the_future_and_nobody_got_mail(community, db):
    assert not Post.objects.filter(created__gt=timezone.now()).exists()
    assert not Mail.objects.exists()


def test_counters_of_the_forums_are_exact(community, db):
    for forum in Forum.objects.places():
        topics = forum.topics.filter(approved=True)
        assert forum.direct_topics_count == topics.count()
        assert forum.direct_posts_count == sum(topics.values_list("posts_count", flat=True))
        newest = Post.objects.filter(topic__forum=forum).order_by("-created").first()
        assert forum.last_post_id == (newest and newest.pk)


@pytest.mark.parametrize("name", demo.ACCOUNTS)
def test_each_demo_account_can_log_in(community, db, client, name):
    response = client.post(
        "/accounts/login/", {"login": f"{name}@collegial.test", "password": demo.PASSWORD}, follow=False
    )

    assert (response.status_code, response.url) == (302, "/today/")


def test_every_page_of_it_opens(community, db, client):
    client.force_login(User.objects.get(email="member@collegial.test"))
    member = User.objects.get(email="member@collegial.test")
    things = [
        *ArticlePage.objects.visible_to(member),
        *CeListingPage.objects.visible_to(member),
        *Forum.objects.visible_to(member),
        *Topic.objects.visible_to(member).select_related("forum"),
        *Group.objects.visible_to(member),
        *User.objects.visible_to(member),
    ]

    statuses = {client.get(thing.get_absolute_url()).status_code for thing in things}

    assert statuses == {200}


def test_it_refuses_where_people_are(community, db):
    with pytest.raises(CommandError, match="people here already"):
        call_command("demo")


def test_it_refuses_where_the_settings_do_not_allow_it(db, settings):
    settings.DEMO_ALLOWED = False

    with pytest.raises(CommandError, match="do not allow it"):
        call_command("demo")


def test_no_two_posts_begin_alike():
    openings = [
        " ".join(post["body"].split()[:6])
        for file in content.threads()
        for topic in file["topic"]
        for post in topic["post"]
    ]

    assert len(openings) - len(set(openings)) <= 2
