import time

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from community.discussions import answering, forums, moderation, posting
from community.discussions.models import Post, Reaction, Topic
from community.discussions.refusals import DiscussionRefused
from community.members.models import User
from community.notices import preferences
from community.notices.models import Notice
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory
from racing import at_once


@pytest.fixture
def asker(db):
    return UserFactory(display_name="Ada Asker")


@pytest.fixture
def topic(asker):
    return make_topic(by=asker, subject="Fees", replies=2)


@pytest.fixture
def reply(topic):
    return topic.posts.get(position=2)


# Reactions -----------------------------------------------------------------------------------------------------------


def test_a_reaction_is_counted_once_and_taken_back_once(reply, asker):
    for _again in range(2):
        answering.react(reply, "with", by=asker)
    answering.react(reply, "helpful", by=asker)
    reply.refresh_from_db()
    assert (reply.with_count, reply.helpful_count) == (1, 1)

    for _again in range(2):
        answering.take_back(reply, "with", by=asker)

    reply.refresh_from_db()
    assert (reply.with_count, reply.helpful_count) == (0, 1)
    assert Reaction.objects.get().kind == "helpful"


def test_ones_own_post_takes_no_reaction(reply):
    with pytest.raises(DiscussionRefused, match="can't react"):
        answering.react(reply, "with", by=reply.poster)

    assert not Reaction.objects.exists()


@pytest.mark.parametrize(
    ("person", "is_taken"),
    [({}, True), ({"practitioner": True}, True), ({"applicant": True}, False), ({"lapsed": True}, False)],
)
def test_members_react(person, is_taken, db):
    reply = make_topic(make_forum(audience="world"), replies=1).posts.get(position=2)

    try:
        answering.react(reply, "with", by=UserFactory(**person))
    except DiscussionRefused:
        assert not is_taken
    assert Reaction.objects.exists() == is_taken


def test_a_reaction_in_a_group_is_for_those_inside(asker):
    group = GroupFactory(consultation=True)
    MembershipFactory(group=group, user=asker)
    topic = make_topic(forums.forum_for_group(group), by=asker)

    with pytest.raises(DiscussionRefused):
        answering.react(topic.first_post, "with", by=UserFactory(superuser=True))

    answering.react(topic.first_post, "with", by=MembershipFactory(group=group).user)


def test_a_hidden_post_takes_no_reaction(reply, asker):
    moderation.hide_post(reply, by=UserFactory())

    with pytest.raises(DiscussionRefused):
        answering.react(reply, "with", by=asker)


@pytest.mark.parametrize(
    ("count", "is_mine", "words"),
    [
        (0, False, ""),
        (1, True, "you"),
        (1, False, "1 colleague"),
        (2, True, "you and 1 colleague"),
        (4, True, "you and 3 colleagues"),
        (1234, False, "1,234 colleagues"),
    ],
)
def test_who_reacted_is_a_number(count, is_mine, words):
    assert answering.words(count, is_mine) == words


def test_nobody_is_named(client, reply, asker):
    for name in ("Berta", "Carl", "Dora"):
        answering.react(reply, "with", by=UserFactory(display_name=f"{name} Reader"))
    answering.react(reply, "with", by=asker)
    client.force_login(asker)

    page = client.get(reply.topic.get_absolute_url()).content.decode()

    assert "you and 3 colleagues" in page
    assert "Reader" not in page


def test_a_reaction_by_a_plain_form_and_by_htmx(client, reply, asker):
    client.force_login(asker)
    url = f"/discussions/post/{reply.pk}/react/"

    plain = client.post(url, {"with": "yes"})
    fragment = client.post(url, {"helpful": "yes"}, headers={"HX-Request": "true"}).content.decode()
    back = client.post(url, {"with": "no"}, headers={"HX-Request": "true"}).content.decode()

    assert plain["Location"] == f"/discussions/post/{reply.pk}/"
    assert fragment.count('aria-pressed="true"') == 2
    assert back.count('aria-pressed="true"') == 1
    assert "<html" not in fragment
    assert Reaction.objects.get().kind == "helpful"


@pytest.mark.parametrize("form", [{}, {"like": "yes"}, {"kind": "with"}])
def test_a_reaction_that_there_is_not(client, reply, asker, form):
    client.force_login(asker)

    assert client.post(f"/discussions/post/{reply.pk}/react/", form).status_code == 400


def test_ones_own_post_shows_its_numbers_without_a_button(client, reply, asker):
    answering.react(reply, "helpful", by=asker)
    client.force_login(reply.poster)

    page = client.get(reply.topic.get_absolute_url()).content.decode()

    assert f'id="helpful-{reply.pk}"' not in page
    assert "1 colleague" in page
    assert client.post(f"/discussions/post/{reply.pk}/react/", {"with": "yes"}).status_code == 403


def test_visitors_see_numbers_alone(client, asker):
    topic = make_topic(make_forum(audience="world"), replies=1)
    answering.react(topic.first_post, "with", by=asker)

    page = client.get(topic.get_absolute_url()).content.decode()

    assert "1 colleague" in page
    assert "react/" not in page


def test_reactions_cost_no_query_more(client, asker):
    few, many = make_topic(replies=1), make_topic(replies=19)
    for post in [*few.posts.all(), *many.posts.all()]:
        answering.react(post, "with", by=asker)
    client.force_login(asker)
    counts = []
    for topic in (few, many):
        client.get(topic.get_absolute_url())
        with CaptureQueriesContext(connection) as counted:
            client.get(topic.get_absolute_url())
        counts.append(len(counted))

    assert counts[0] == counts[1]


# What helped ---------------------------------------------------------------------------------------------------------


def test_the_asker_marks_several_posts_and_takes_it_back(topic, reply, asker):
    other = topic.posts.get(position=3)
    answering.mark_helpful(reply, by=asker)
    answering.mark_helpful(other, by=asker)
    topic.refresh_from_db()
    reply.refresh_from_db()
    assert topic.solved_at == reply.helped_at

    answering.unmark_helpful(reply, by=asker)
    topic.refresh_from_db()
    assert topic.solved_at == Post.objects.get(pk=other.pk).helped_at

    answering.unmark_helpful(other, by=asker)
    topic.refresh_from_db()
    assert topic.solved_at is None


def test_marking_twice_keeps_the_first_moment(topic, reply, asker):
    answering.mark_helpful(reply, by=asker)
    first = Post.objects.get(pk=reply.pk).helped_at

    answering.mark_helpful(reply, by=asker)

    assert Post.objects.get(pk=reply.pk).helped_at == first


def test_only_the_asker_says_what_helped(topic, reply):
    for person in (reply.poster, UserFactory(superuser=True)):
        with pytest.raises(DiscussionRefused, match="Only the one who asked"):
            answering.mark_helpful(reply, by=person)


def test_the_question_itself_does_not_help(topic, asker):
    with pytest.raises(DiscussionRefused):
        answering.mark_helpful(topic.first_post, by=asker)


def test_an_asker_who_lapsed_marks_nothing(topic, reply, asker):
    type(asker).objects.filter(pk=asker.pk).update(standing="lapsed")
    asker.refresh_from_db()

    with pytest.raises(DiscussionRefused):
        answering.mark_helpful(reply, by=asker)


def test_a_topic_is_no_longer_solved_by_a_post_that_is_hidden(topic, reply, asker):
    answering.mark_helpful(reply, by=asker)

    moderation.hide_post(reply, by=UserFactory())

    topic.refresh_from_db()
    assert topic.solved_at is None


def test_the_author_of_what_helped_is_told(topic, reply, asker, run_jobs):
    preferences.choose(by=reply.poster, of_kinds={"helped": "now"})
    run_jobs()
    mail.outbox.clear()

    answering.mark_helpful(reply, by=asker)
    run_jobs()

    (letter,) = mail.outbox
    assert letter.to == [reply.poster.email]
    assert letter.subject == "Something you wrote helped"
    assert "Ada Asker" in letter.body
    assert Notice.objects.get(kind="helped").user_id == reply.poster_id


def test_nothing_is_told_of_what_was_taken_back(topic, reply, asker, run_jobs):
    preferences.choose(by=reply.poster, of_kinds={"helped": "now"})
    run_jobs()
    mail.outbox.clear()

    answering.mark_helpful(reply, by=asker)
    answering.unmark_helpful(reply, by=asker)
    run_jobs()

    assert mail.outbox == []
    assert not Notice.objects.filter(kind="helped").exists()


def test_what_helped_is_marked_from_the_page(client, topic, reply, asker):
    client.force_login(asker)
    url = f"/discussions/post/{reply.pk}/helped/"

    page = client.get(topic.get_absolute_url()).content.decode()
    client.post(url, {"helped": "yes"})
    marked = client.get(topic.get_absolute_url()).content.decode()
    client.post(url, {"helped": "no"})

    assert url in page
    assert "This helped</span>" in marked
    assert Topic.objects.get(pk=topic.pk).solved_at is None


def test_others_find_no_way_to_say_what_helped(client, topic, reply):
    client.force_login(reply.poster)

    assert "/helped/" not in client.get(topic.get_absolute_url()).content.decode()
    assert client.post(f"/discussions/post/{reply.pk}/helped/", {"helped": "yes"}).status_code == 404


def test_the_asker_may_find_it_out_alone_and_gets_no_letter(topic, asker, run_jobs):
    own = posting.reply(topic, by=asker, body="I found it.")
    run_jobs()
    Notice.objects.all().delete()

    answering.mark_helpful(own, by=asker)
    run_jobs()

    assert Topic.objects.get(pk=topic.pk).solved_at is not None
    assert not Notice.objects.exists()


# Many at once --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fresh_database")
def test_reading_a_number_and_writing_the_next_one_loses_reactions():
    """What counting in place is for."""
    post = make_topic().first_post

    def careless_click_of(person_id):
        def work():
            Reaction.objects.create(post=post, user_id=person_id, kind="with")
            count = Post.objects.get(pk=post.pk).with_count
            time.sleep(0.05)
            Post.objects.filter(pk=post.pk).update(with_count=count + 1)

        return work

    codes = at_once(*[careless_click_of(UserFactory().pk) for _person in range(8)])

    assert codes == [0] * 8
    assert Post.objects.get(pk=post.pk).with_count < Reaction.objects.filter(post=post).count()


@pytest.mark.usefixtures("fresh_database")
def test_looking_whether_somebody_reacted_and_then_counting_counts_them_twice():
    """What the row of a reaction is for: who clicks in eight windows at once would be eight."""
    post, person = make_topic().first_post, UserFactory()

    def careless_click():
        if not Reaction.objects.filter(post=post, user=person, kind="with").exists():
            time.sleep(0.05)
            Reaction.objects.bulk_create([Reaction(post=post, user=person, kind="with")], ignore_conflicts=True)
            Post.objects.filter(pk=post.pk).update(with_count=F("with_count") + 1)

    codes = at_once(*[careless_click] * 8)

    assert codes == [0] * 8
    assert Post.objects.get(pk=post.pk).with_count > Reaction.objects.filter(post=post).count() == 1


@pytest.mark.usefixtures("fresh_database")
def test_reactions_of_many_at_once_are_counted_exactly():
    """Each of several people clicks in two windows: on, off and on again. Nobody counts twice."""
    post = make_topic().first_post
    people = [UserFactory().pk for _person in range(4)]

    def clicks_of(person_id):
        def work():
            person = User.objects.get(pk=person_id)
            for change in [answering.react, answering.take_back, answering.react] * 3:
                change(Post.objects.get(pk=post.pk), "with", by=person)

        return work

    codes = at_once(*[clicks_of(pk) for pk in people * 2])

    assert codes == [0] * 8
    post.refresh_from_db()
    assert post.with_count == Reaction.objects.filter(post=post).count()
    assert 0 < post.with_count <= 4
