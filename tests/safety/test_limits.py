"""How much one person posts in a while, by how well they are known."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community.discussions import answering, pacing, places, posting
from community.discussions.models import Draft, Post, Reaction, Topic
from community.discussions.refusals import DiscussionRefused
from community.groups.refusals import GroupRefused
from community.notices import outbox
from community.safety import limits, reports
from community.safety.limits import Limit, Trust
from community.safety.models import Tally
from factories.discussions import make_forum, make_topic
from factories.files import keep, sent
from factories.groups import GroupFactory, put_in
from factories.members import UserFactory, as_moderator
from racing import all_at_once


@pytest.fixture
def few(db, monkeypatch):
    """Small numbers, so that a test reaches them."""
    for name, old in limits.LIMITS.items():
        monkeypatch.setitem(limits.LIMITS, name, Limit(old.within, (2, 3, 4, 5), old.sentence))


def write(person, topic, count: int) -> None:
    for number in range(count):
        posting.reply(topic, by=person, body=f"Answer {number} of {person.pk}, {Post.objects.count()}")


@pytest.mark.parametrize("trust", Trust)
def test_each_trust_has_its_number(few, trust):
    person = {
        Trust.NEW: lambda: UserFactory(),
        Trust.VERIFIED: lambda: UserFactory(practitioner=True),
        Trust.FACILITATOR: lambda: UserFactory(),
        Trust.STAFF: lambda: as_moderator(UserFactory()),
    }[trust]()
    if trust == Trust.FACILITATOR:
        put_in(GroupFactory(), person, role="facilitator")
    topic = make_topic(make_forum())

    assert limits.trust_of(person) == trust
    write(person, topic, (2, 3, 4, 5)[trust])
    with pytest.raises(DiscussionRefused, match="You can go on in 60 minutes"):
        write(person, topic, 1)


def test_who_has_been_here_for_a_month_is_known(db):
    assert limits.trust_of(UserFactory(date_joined=timezone.now() - timedelta(days=31))) == Trust.VERIFIED


def test_the_time_left_is_that_of_the_oldest(few):
    person, topic = UserFactory(), make_topic(make_forum())
    write(person, topic, 2)
    first = Post.objects.filter(poster=person).order_by("pk").first()
    Post.objects.filter(pk=first.pk).update(created=timezone.now() - timedelta(minutes=40))

    with pytest.raises(DiscussionRefused, match=r"within an hour\. You can go on in 20 minutes"):
        write(person, topic, 1)

    Post.objects.filter(pk=first.pk).update(created=timezone.now() - timedelta(minutes=61))
    write(person, topic, 1)


def test_topics_mentions_and_reports_too(few):
    person, forum = UserFactory(), make_forum()
    named = [UserFactory(display_name=f"Quill {name}") for name in ("Amber", "Birch", "Cedar")]
    topic = make_topic(forum, replies=3)
    for number in range(2):
        posting.start_topic(forum, by=person, subject=f"Subject {number}", body="Words")

    with pytest.raises(DiscussionRefused, match=r"conversations within a day\. You can go on in 24 hours"):
        posting.start_topic(forum, by=person, subject="One more", body="Words")
    Post.objects.filter(poster=person).update(created=timezone.now() - timedelta(hours=2))
    with pytest.raises(DiscussionRefused, match="called 2 people"):
        posting.reply(topic, by=person, body=" ".join(f"@{each.display_name}," for each in named))
    posts = list(Post.objects.filter(topic=topic).order_by("position"))
    for post in posts[:2]:
        reports.report("post", post.pk, by=person, reason="rules")
    with pytest.raises(limits.LimitReached, match="reported 2 things"):
        reports.report("post", posts[2].pk, by=person, reason="rules")
    reports.report("post", posts[2].pk, by=person, reason="danger")


def test_what_was_typed_is_kept(client, few):
    person, topic = UserFactory(), make_topic(make_forum())
    write(person, topic, 2)
    client.force_login(person)

    page = client.post(f"{topic.get_absolute_url()}reply/", {"body": "Lindisquay, kept."})

    assert page.status_code in (409, 422)
    assert "Lindisquay, kept." in page.content.decode()
    assert "You can go on in 60 minutes" in page.content.decode()


def test_the_same_words_sent_twice_are_no_third(few):
    person, topic = UserFactory(), make_topic(make_forum())
    write(person, topic, 1)
    last = posting.reply(topic, by=person, body="The last.")

    assert posting.reply(topic, by=person, body="The last.") == last


def test_what_is_brought_along_has_no_limit(few):
    person, topic = UserFactory(), make_topic(make_forum())

    with outbox.quietly():
        write(person, topic, 4)


def test_one_question_while_there_is_room(db, django_assert_num_queries):
    person = UserFactory()

    with django_assert_num_queries(1):
        limits.check("topics", Topic.objects.filter(poster=person), "created", by=person)


def _write_at_once(topic_id: int, person_id: int, number: int) -> str:
    limits.LIMITS["replies"] = Limit(timedelta(hours=1), (2, 2, 2, 2), "%(most)s")
    topic = Topic.objects.get(pk=topic_id)
    posting.reply(topic, by=UserFactory._meta.model.objects.get(pk=person_id), body=f"Answer {number}")
    return "posted"


def test_many_at_once_pass_no_limit(fresh_database):
    person, forum = UserFactory(), make_forum()
    topics = [make_topic(forum) for _each in range(6)]

    jobs = [(_write_at_once, topic.pk, person.pk, number) for number, topic in enumerate(topics)]
    answers = all_at_once(jobs, refusals=(DiscussionRefused,))

    assert answers.count("posted") == 2
    assert Post.objects.filter(poster=person).count() == 2


@pytest.fixture
def at_work(few, client):
    """Somebody new who writes in a topic, and may do each thing twice in a while."""
    person, topic = UserFactory(), make_topic(make_forum(), replies=1)
    client.force_login(person)
    return person, topic, places.in_topic(topic)


def test_reactions_have_a_limit_that_taking_back_does_not_lift(client, at_work):
    person, topic, _place = at_work
    answering.react(topic.first_post, "with", by=person)
    answering.take_back(topic.first_post, "with", by=person)

    with pytest.raises(pacing.TooOften, match=r"reacted 2 times within an hour\. You can go on in 60 minutes"):
        answering.react(topic.first_post, "helpful", by=person)

    url = reverse("discussions:react", args=[topic.first_post_id])
    page = client.post(url, {"with": "yes"}, follow=True)
    assert page.status_code == 200
    assert "You can go on in 60 minutes" in page.content.decode()
    assert client.post(url, {"with": "yes"}, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert not Reaction.objects.exists()


def test_saving_drafts_has_a_limit(client, at_work):
    _person, _topic, place = at_work
    url, version = reverse("discussions:save-draft"), ""
    for number in range(2):
        sent = {"place": place.key, "body": f"Words {number}", "draft_version": version}
        version = client.post(url, sent).json()["version"]

    answer = client.post(url, {"place": place.key, "body": "More", "draft_version": version})

    assert answer.status_code == 429
    assert "saved 2 times within an hour. You can go on in 60 minutes" in answer.json()["words"]
    assert Draft.objects.get().body == "Words 1"
    page = client.post(place.composer_url, {"body": "Typed and kept", "save_draft": "1"})
    assert (page.status_code, "Typed and kept" in page.content.decode()) == (422, True)


def test_uploads_have_a_limit_together_with_those_for_groups(client, at_work):
    person, _topic, place = at_work
    group = GroupFactory()
    put_in(group, person)
    keep(group, person)
    url = reverse("discussions:attach")
    assert client.post(url, {"place": place.key, "files": sent()}).status_code == 201

    answer = client.post(url, {"place": place.key, "files": [sent(), sent()]})

    assert answer.status_code == 429
    [refused] = answer.json()["refused"]
    assert "added 2 files within an hour. You can go on in 60 minutes" in refused
    with pytest.raises(GroupRefused, match="You can go on in 60 minutes"):
        keep(group, person)


def test_looking_up_names_has_a_limit(client, at_work):
    _person, _topic, place = at_work
    url = f"{reverse('discussions:mentions')}?place={place.key}&q=a"
    assert [client.get(url).status_code for _each in range(2)] == [200, 200]

    answer = client.get(url)

    assert answer.status_code == 429
    assert answer.json()["people"] == []
    assert "within a minute. You can go on in 1 minute." in answer.json()["words"]


def test_previews_look_up_names_within_the_same_limit(client, at_work):
    _person, _topic, place = at_work
    called = UserFactory(display_name="Quill Amber")
    sent = {"place": place.key, "body": "So *it* is, @Quill Amber."}
    url, link = reverse("discussions:preview"), reverse("members:person", args=[called.pk])
    assert [link in client.post(url, sent).content.decode() for _each in range(2)] == [True, True]

    page = client.post(url, sent).content.decode()
    whole = client.post(place.composer_url, sent | {"preview": "1"}).content.decode()
    without = client.post(url, {"place": place.key, "body": "So it is."}).content.decode()

    for shown in (page, whole):
        assert link not in shown
        assert "<em>it</em>" in shown
        assert "names within a minute. You can go on in 1 minute." in shown
    assert "So *it* is, @Quill Amber.</textarea>" in whole
    assert "within a minute" not in without


def test_each_name_of_a_preview_is_one(few, client):
    client.force_login(UserFactory())
    place = places.in_topic(make_topic(make_forum()))

    page = client.post(reverse("discussions:preview"), {"place": place.key, "body": "@A B, @C D and @E F"})

    assert "looked up 2 names" in page.content.decode()


def test_changing_posts_has_a_limit(client, few):
    person, topic = UserFactory(), make_topic(make_forum())
    post = posting.reply(topic, by=person, body="First")
    for number in range(2):
        posting.edit_post(post, by=person, body=f"Words {number}", based_on=number)
    client.force_login(person)

    page = client.post(places.in_post(post).composer_url, {"body": "Typed and kept", "based_on": 2})

    assert page.status_code == 409
    assert "Typed and kept</textarea>" in page.content.decode()
    assert "changed posts 2 times within an hour. You can go on in 60 minutes." in page.content.decode()
    post.refresh_from_db()
    assert (post.content, post.updates_count) == ("Words 1", 2)


def test_whom_changes_call_counts_too_even_in_an_old_post(few):
    person, topic = UserFactory(), make_topic(make_forum())
    for name in ("Amber", "Birch", "Cedar"):
        UserFactory(display_name=f"Quill {name}")
    post = posting.reply(topic, by=person, body="@Quill Amber, look.")
    Post.objects.filter(pk=post.pk).update(created=timezone.now() - timedelta(days=40))
    posting.edit_post(post, by=person, body="@Quill Birch, look.", based_on=0)

    with pytest.raises(DiscussionRefused, match=r"called 2 people within a day\. You can go on in 24 hours"):
        posting.edit_post(post, by=person, body="@Quill Cedar, look.", based_on=1)

    posting.edit_post(post, by=person, body="@Quill Birch, please look.", based_on=1)
    assert Tally.objects.get(what="mentions").count == 2


def test_each_trust_has_its_number_of_them_and_time_gives_them_back(few):
    person = as_moderator(UserFactory())
    for _each in range(5):
        limits.tally("lookups", by=person)
    with pytest.raises(limits.LimitReached):
        limits.tally("lookups", by=person)
    limits.tally("uploads", by=person)

    Tally.objects.update(since=timezone.now() - timedelta(minutes=2))
    limits.tally("lookups", by=person)

    assert Tally.objects.get(what="lookups").count == 1
    assert Tally.objects.get(what="uploads").count == 1


def test_counting_is_one_question(db, django_assert_num_queries):
    person = UserFactory()
    limits.tally("lookups", by=person)

    with django_assert_num_queries(1):
        limits.tally("lookups", by=person)


def _count(person_id: int) -> str:
    limits.LIMITS["lookups"] = Limit(timedelta(hours=1), (3, 3, 3, 3), "%(most)s")
    limits.tally("lookups", by=UserFactory._meta.model.objects.get(pk=person_id))
    return "counted"


def test_many_at_once_are_counted_each(fresh_database):
    person = UserFactory()

    answers = all_at_once([(_count, person.pk)] * 8, refusals=(limits.LimitReached,))

    assert answers.count("counted") == 3


def test_many_dangers_can_be_reported_and_the_page_says_when_it_goes_on(client, db):
    person, topic = UserFactory(), make_topic(make_forum(), replies=10)
    first, *others = Post.objects.filter(topic=topic).order_by("position")
    for post in others:
        reports.report("post", post.pk, by=person, reason="danger")
    client.force_login(person)

    sent = client.post(reverse("safety:report", args=["post", first.pk]), {"reason": "danger", "words": "kept words"})

    page = sent.content.decode()
    assert sent.status_code == 422
    assert "You have reported 10 dangers within an hour. You can go on in 60 minutes." in page
    assert "call your local emergency number" in page
    assert "kept words" in page


def test_one_danger_an_hour_is_read_of_who_is_not_in_good_standing(db):
    lapsed, topic = UserFactory(standing="lapsed"), make_topic(make_forum(audience="world"), replies=1)
    first, second = Post.objects.filter(topic=topic).order_by("position")
    reports.report("post", first.pk, by=lapsed, reason="danger")

    with pytest.raises(limits.LimitReached, match="You can go on in 60 minutes"):
        reports.report("post", second.pk, by=lapsed, reason="danger")
