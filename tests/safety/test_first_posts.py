"""A member's first two posts wait for a moderator; nothing does inside groups."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from community.discussions import first_posts, forums, moderation, posting
from community.discussions.models import ImportedPost, Post
from community.safety import queue
from community.safety.models import Decision
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, put_in
from factories.members import UserFactory, as_moderator
from racing import all_at_once


@pytest.fixture(autouse=True)
def two_wait(settings):
    settings.FIRST_POSTS_WAIT = 2


@pytest.fixture
def newcomer(db):
    return UserFactory(display_name="Nia Newcomer")


@pytest.fixture
def open_topic(db):
    return make_topic(make_forum(audience="members"), subject="Peregrath")


def test_the_first_two_wait_and_the_third_does_not(newcomer, mo, open_topic):
    first = posting.reply(open_topic, by=newcomer, body="One.")
    second = posting.reply(open_topic, by=newcomer, body="Two.")
    assert (first.approved, second.approved) == (False, False)

    moderation.approve(first, by=mo)
    assert not posting.reply(open_topic, by=newcomer, body="Still two to go.").approved
    moderation.approve(second, by=mo)

    assert posting.reply(open_topic, by=newcomer, body="Three.").approved


@pytest.mark.parametrize("who", ["practitioner", "moderator", "staff"])
def test_some_skip_it(open_topic, who):
    person = UserFactory(practitioner=who == "practitioner", is_staff=who == "staff")
    person = as_moderator(person) if who == "moderator" else person

    assert posting.reply(open_topic, by=person, body="Hello.").approved


def test_what_was_turned_down_counts_for_nothing(newcomer, mo, open_topic):
    for words in ("One.", "Two."):
        moderation.hide(posting.reply(open_topic, by=newcomer, body=words), by=mo, reason="Not here.")

    assert first_posts.waits(newcomer)


def test_what_they_once_wrote_to_a_list_counts_for_nothing(newcomer, mo, open_topic):
    posts = [posting.reply(open_topic, by=newcomer, body=words) for words in ("One.", "Two.")]
    for post in posts:
        moderation.approve(post, by=mo)
    assert not first_posts.waits(newcomer)

    ImportedPost.objects.create(forum=open_topic.forum, key=uuid4(), post=posts[0])

    assert first_posts.waits(newcomer)


def test_nothing_waits_in_a_group(newcomer):
    group = GroupFactory(kind="community")
    put_in(group, newcomer)

    assert posting.start_topic(forums.forum_for_group(group), by=newcomer, subject="Hello", body="Hello.").approved


def test_a_moderator_lets_it_through_from_the_queue(client, newcomer, mo, open_topic):
    post = posting.reply(open_topic, by=newcomer, body="Lindisquay waits.")
    client.force_login(mo)
    page = client.get(reverse("safety:queue")).content.decode()
    assert "Lindisquay waits." in page

    sent = client.post(reverse("safety:approve", args=["post", post.pk]))
    again = client.post(reverse("safety:approve", args=["post", post.pk]), follow=True)

    assert sent.status_code == 302
    assert Post.objects.get(pk=post.pk).approved
    assert "Another moderator has decided" in again.content.decode()
    assert Decision.objects.get().waiting_since == post.held_at


def test_turning_down_needs_a_word_and_keeps_what_was_typed(client, newcomer, mo, open_topic, run_jobs):
    post = posting.reply(open_topic, by=newcomer, body="Lindisquay waits.")
    client.force_login(mo)
    url = reverse("safety:decline", args=["post", post.pk])

    too_long = client.post(url, {"reason": "kept words " * 60})
    assert too_long.status_code == 422
    assert "kept words" in too_long.content.decode()
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "Please ask in the other forum."})
    run_jobs()

    assert Post.objects.get(pk=post.pk).removed == "moderator"
    assert "Please ask in the other forum." in next(each for each in mail.outbox if each.to == [newcomer.email]).body


@pytest.mark.parametrize(("who", "status"), [("nobody", 302), ("author", 404), ("member", 404), ("moderator", 302)])
def test_who_lets_through(client, newcomer, mo, open_topic, who, status):
    post = posting.reply(open_topic, by=newcomer, body="Hello.")
    person = {"author": newcomer, "member": UserFactory(), "moderator": mo}.get(who)
    if person:
        client.force_login(person)

    assert client.post(reverse("safety:approve", args=["post", post.pk])).status_code == status
    assert Post.objects.get(pk=post.pk).approved == (who == "moderator")


def test_what_does_not_wait_is_404(client, mo, open_topic):
    client.force_login(mo)

    for kind, pk in [("post", open_topic.first_post_id), ("post", 0), ("nonsense", 1), ("member", mo.pk)]:
        assert client.post(reverse("safety:approve", args=[kind, pk])).status_code == 404
        assert client.post(reverse("safety:decline", args=[kind, pk]), {"reason": "x"}).status_code == 404
    assert client.post(f"/moderation/waiting/post/{'9' * 30}/approve/").status_code == 404


def test_its_author_reads_how_long_it_usually_takes(client, newcomer, mo, open_topic):
    earlier = posting.reply(open_topic, by=newcomer, body="One.")
    Post.objects.filter(pk=earlier.pk).update(held_at=timezone.now() - timedelta(hours=5))
    moderation.approve(earlier, by=mo)
    posting.reply(open_topic, by=newcomer, body="Two.")
    client.force_login(newcomer)

    page = client.get(open_topic.get_absolute_url()).content.decode()

    assert "It usually takes 5 hours." in page or "It usually takes 6 hours." in page


def test_moderators_hear_of_it_once_after_twelve_hours(newcomer, mo, open_topic, run_jobs):
    post = posting.reply(open_topic, by=newcomer, body="Lindisquay waits.")
    run_jobs()
    mail.outbox.clear()
    assert queue.remind() == 0

    Post.objects.filter(pk=post.pk).update(held_at=timezone.now() - timedelta(hours=13))
    assert (queue.remind(), queue.remind()) == (1, 0)
    run_jobs()

    [letter] = mail.outbox
    assert letter.to == [mo.email]
    assert "Lindisquay" not in letter.subject + letter.body


def _let_through(post_id: int, by_id: int) -> str:
    queue.approve("post", post_id, by=type(Post.objects.get(pk=post_id).poster).objects.get(pk=by_id))
    return "approved"


def _turn_down(post_id: int, by_id: int) -> str:
    by = type(Post.objects.get(pk=post_id).poster).objects.get(pk=by_id)
    queue.decline("post", post_id, by=by, words="Not here.")
    return "declined"


def test_of_two_moderators_at_once_one_decides(fresh_database):
    topic, newcomer = make_topic(make_forum(audience="members")), UserFactory()
    people = [as_moderator(UserFactory(practitioner=True)) for _each in range(2)]
    post = posting.reply(topic, by=newcomer, body="Hello.")

    jobs = [(_let_through, post.pk, people[0].pk), (_turn_down, post.pk, people[1].pk)]
    all_at_once(jobs, refusals=(queue.kinds.Refused,))

    assert Decision.objects.filter(waiting_since__isnull=False).count() == 1
