"""Who gets what mail, by kind, frequency, audience, and what happened meanwhile."""

from collections import defaultdict
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.discussions import answering, following, forums, moderation, posting, telling
from community.discussions.models import Post, TopicTag
from community.members import blocks
from community.members.models import User
from community.notices import bell, digests, preferences
from community.notices.models import Mail, Notice
from core.models import Subject
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

KINDS = ["mention", "quote", "reply", "watch", "helped"]
FREQUENCIES = ["now", "daily", "weekly", "never"]
AUDIENCES = ["world", "members", "practitioners", "group"]
WITH_WORDS = {"world", "members"}


class Place:
    """A forum, somebody who writes in it, and one person for each frequency whom that concerns in one way."""

    def __init__(self, kind: str, audience: str) -> None:
        self.kind = kind
        self.group = GroupFactory(consultation=True) if audience == "group" else None
        self.forum = forums.forum_for_group(self.group) if self.group else make_forum(audience=audience)
        self.author = self.person("Otto Author")
        self.tag = Subject.objects.create(name="Quiet word", slug="quiet-word")
        self.people = {each: self.person(f"Rita{each} Reader") for each in FREQUENCIES}
        self.posts: list[Post] = []
        for each, person in self.people.items():
            preferences.choose(by=person, of_kinds=dict.fromkeys(KINDS, each))
        self.topics = {each: self.begin(each, person) for each, person in self.people.items()}

    def person(self, name: str) -> User:
        user = UserFactory(display_name=name, practitioner=True)
        if self.group:
            MembershipFactory(group=self.group, user=user)
        return user

    def begin(self, each: str, person: User):
        """The topic in which something is about to happen, as it must be for that."""
        if self.kind == "watch":
            following.watch_forum(self.forum, "follow", by=person)
            return None
        topic = make_topic(self.forum, by=self.author, subject=f"Marrowthorne, {each}")
        if self.kind in ("quote", "helped"):
            posting.reply(topic, by=person, body=f"Like this, says {person}.")
            following.unfollow(topic, by=person)
        if self.kind == "reply":
            following.follow(topic, by=person)
        return topic

    def happen(self) -> None:
        if self.kind == "watch":
            topic = make_topic(self.forum, by=self.author, subject="Marrowthorne", body="In Lindisquay.")
            TopicTag.objects.create(topic=topic, tag=self.tag)
            self.posts.append(topic.first_post)
            return
        for each, topic in self.topics.items():
            person = self.people[each]
            own = Post.objects.filter(topic=topic, poster=person).first()
            if self.kind == "helped":
                answering.mark_helpful(own, by=self.author)
                self.posts.append(own)
                continue
            called = f"@{person.display_name}, " if self.kind == "mention" else ""
            body = f"{called}in Lindisquay."
            self.posts.append(posting.reply(topic, by=self.author, body=body, quoting=own))

    def tell(self) -> None:
        """Run the jobs that tell, and none that send."""
        for post in self.posts:
            (telling.tell_that_it_helped if self.kind == "helped" else telling.tell_of_post)(post.pk)


def nothing(place: Place) -> None:
    pass


def mute_topic(place: Place) -> None:
    for each, person in place.people.items():
        if place.kind == "watch":
            following.watch_tag(place.tag, "mute", by=person)
        else:
            following.mute(place.topics[each], by=person)


def mute_forum(place: Place) -> None:
    for person in place.people.values():
        following.watch_forum(place.forum, "mute", by=person)


def block(place: Place) -> None:
    for person in place.people.values():
        blocks.block(place.author, by=person)


def lose_access(place: Place) -> None:
    ids = [person.pk for person in place.people.values()]
    if place.group:
        place.group.memberships.filter(user__in=ids).update(left_at=timezone.now(), ending="left")
    elif place.forum.audience == "practitioners":
        User.objects.filter(pk__in=ids).update(licence_checked_on=None)
    elif place.forum.audience == "members":
        User.objects.filter(pk__in=ids).update(standing="lapsed")
    else:
        User.objects.filter(pk__in=ids).update(is_active=False)


def hide(place: Place) -> None:
    for post in place.posts:
        moderation.hide_post(Post.objects.get(pk=post.pk), by=UserFactory())


CASES = {
    "nothing happens": (nothing, "after", AUDIENCES),
    "access is lost after": (lose_access, "after", AUDIENCES),
    "the topic is muted before": (mute_topic, "before", ["members"]),
    "the topic is muted after": (mute_topic, "after", ["members"]),
    "the forum is muted after": (mute_forum, "after", ["members"]),
    "the author is blocked before": (block, "before", ["members"]),
    "the author is blocked after": (block, "after", ["members"]),
    "the post is hidden after": (hide, "after", ["members"]),
}
ROWS = {
    f"{name}, {audience}": (happens, when, audience)
    for name, (happens, when, audiences) in CASES.items()
    for audience in audiences
}


def letters_by_person(place: Place, run_jobs) -> dict[str, list]:
    """What came at once, and with the digests of a week later, by the frequency that each person chose."""
    run_jobs()
    digests.send_due(now=(timezone.now() + timedelta(days=8)).replace(hour=16))
    run_jobs()
    found = defaultdict(list)
    frequency_of = {person.email: each for each, person in place.people.items()}
    for letter in mail.outbox:
        for address in letter.to:
            if address in frequency_of:
                found[frequency_of[address]].append(letter)
    return found


@pytest.mark.parametrize(("happens", "when", "audience"), ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("kind", KINDS)
def test_who_gets_what_mail(kind, happens, when, audience, run_jobs, db):
    place = Place(kind, audience)
    run_jobs()
    mail.outbox.clear()
    Notice.objects.all().delete()

    if when == "before":
        happens(place)
        place.happen()
    else:
        place.happen()
        place.tell()
        happens(place)
    letters = letters_by_person(place, run_jobs)

    is_followed_anyway = happens is mute_forum and kind == "reply"
    if happens is nothing or is_followed_anyway:
        assert {each: len(theirs) for each, theirs in letters.items()} == {"now": 1, "daily": 1, "weekly": 1}
        assert "/mail/stop/" in letters["now"][0].extra_headers["List-Unsubscribe"]
        assert letters["daily"][0].subject.startswith("Your day at")
        assert letters["weekly"][0].subject.startswith("Your week at")
    else:
        assert dict(letters) == {}
    for (letter,) in letters.values():
        whole = letter.body + letter.alternatives[0].content
        shown = {word for word in ("Marrowthorne", place.forum.name) if word in whole}
        assert shown == ({"Marrowthorne", place.forum.name} if audience in WITH_WORDS else set())
        assert ("Lindisquay" in whole) == (audience in WITH_WORDS and kind != "helped")
        assert audience in WITH_WORDS or "Otto" not in whole
    if happens in (mute_topic, mute_forum) and when == "before":
        expected = 0 if kind in ("reply", "watch") else 1
        assert {person: Notice.objects.filter(user=person).count() for person in place.people.values()} == (
            dict.fromkeys(place.people.values(), expected)
        )
    if happens in (block, lose_access, hide) and audience != "world":  # there, it is the account that is closed
        for person in place.people.values():
            assert bell.page(User.objects.get(pk=person.pk)).notices == []


def test_a_post_that_concerns_somebody_in_three_ways_is_told_once(run_jobs, db):
    asker = UserFactory(display_name="Ada Asker")
    topic = make_topic(by=asker)
    run_jobs()
    mail.outbox.clear()

    posting.reply(topic, by=UserFactory(), body="@Ada Asker, look.", quoting=topic.first_post)
    run_jobs()

    (letter,) = mail.outbox
    assert "mentioned you" in letter.subject
    assert [notice.kind for notice in Notice.objects.filter(user=asker)] == ["mention"]


def test_who_wants_no_mail_of_mentions_still_gets_that_of_replies(run_jobs, db):
    asker = UserFactory(display_name="Ada Asker")
    topic = make_topic(by=asker, subject="Fees")
    preferences.choose(by=asker, of_kinds={"mention": "never"})

    posting.reply(topic, by=UserFactory(), body="@Ada Asker, look.")
    run_jobs()

    assert [letter.subject for letter in mail.outbox] == ["Re: Fees"]
    assert [notice.kind for notice in Notice.objects.filter(user=asker)] == ["mention"]


NEXT_MORNING = timedelta(days=1)


def digests_of_tomorrow(run_jobs) -> list:
    run_jobs()
    mail.outbox.clear()
    digests.send_due(now=(timezone.now() + NEXT_MORNING).replace(hour=16))
    run_jobs()
    return mail.outbox


@pytest.mark.parametrize("quoting", [False, True])
def test_who_wants_no_mail_of_mentions_hears_of_the_reply_in_their_digest(run_jobs, quoting, db):
    asker = UserFactory(display_name="Ada Asker", time_zone="UTC")
    topic = make_topic(by=asker, subject="Fees")
    preferences.choose(by=asker, of_kinds={"mention": "never", "quote": "never", "reply": "daily"})
    writer = UserFactory(display_name="Otto Author")

    posting.reply(topic, by=writer, body="@Ada Asker, look.", quoting=topic.first_post if quoting else None)
    (letter,) = digests_of_tomorrow(run_jobs)

    assert "Otto Author replied" in letter.body
    assert "mentioned" not in letter.body
    assert [notice.kind for notice in Notice.objects.filter(user=asker)] == ["mention"]


@pytest.mark.parametrize(
    "choice", [{"reply": "never"}, {"mention": "never", "quote": "never", "reply": "never", "watch": "daily"}]
)
def test_what_is_a_reply_in_a_digest_goes_only_as_long_as_replies_are_wanted(run_jobs, choice, db):
    asker = UserFactory(display_name="Ada Asker", time_zone="UTC")
    topic = make_topic(by=asker)
    preferences.choose(by=asker, of_kinds={"mention": "never", "reply": "daily"})
    posting.reply(topic, by=UserFactory(), body="@Ada Asker, look.")
    run_jobs()

    preferences.choose(by=asker, of_kinds=choice)

    assert digests_of_tomorrow(run_jobs) == []


def test_who_follows_no_more_hears_of_no_reply_in_a_digest(run_jobs, db):
    asker = UserFactory(display_name="Ada Asker", time_zone="UTC")
    topic = make_topic(by=asker)
    preferences.choose(by=asker, of_kinds={"mention": "never", "reply": "daily"})
    posting.reply(topic, by=UserFactory(), body="@Ada Asker, look.")
    run_jobs()

    following.unfollow(topic, by=asker)

    assert digests_of_tomorrow(run_jobs) == []


def test_a_reply_that_calls_somebody_is_told_without_words_from_a_forum_of_practitioners(run_jobs, db):
    asker = UserFactory(display_name="Ada Asker", time_zone="UTC", practitioner=True)
    topic = make_topic(make_forum(audience="practitioners"), by=asker, subject="Marrowthorne")
    preferences.choose(by=asker, of_kinds={"mention": "never", "reply": "daily"})
    writer = UserFactory(display_name="Otto Author", practitioner=True)

    posting.reply(topic, by=writer, body="@Ada Asker, in Lindisquay.")
    (letter,) = digests_of_tomorrow(run_jobs)

    assert "A reply in a thread you follow" in letter.body
    assert not {word for word in ("Otto", "Marrowthorne", "Lindisquay", topic.forum.name) if word in letter.body}


def test_a_job_that_runs_twice_tells_once(run_jobs, db):
    asker = UserFactory(display_name="Ada Asker")
    topic = make_topic(by=asker)
    post = posting.reply(topic, by=UserFactory(), body="@Ada Asker, look.")

    for _again in range(3):
        telling.tell_of_post(post.pk)

    assert Mail.objects.filter(recipient=asker).count() == 1
    assert Notice.objects.filter(user=asker).count() == 1


def test_replies_of_one_thread_are_one_notice_until_it_is_read(client, run_jobs, db):
    asker = UserFactory()
    topic = make_topic(by=asker, subject="Fees", replies=3)
    run_jobs()
    client.force_login(asker)

    listed = client.get("/notices/").content.decode()

    assert listed.count("Fees") == 1
    assert "3 new replies" in listed
    posting.reply(topic, by=UserFactory(), body="One more")
    run_jobs()
    assert Notice.objects.filter(user=asker, kind="reply").count() == 2
    assert Notice.objects.filter(user=asker, kind="reply", read_at=None).count() == 1


def test_an_edit_that_calls_somebody_tells_them(run_jobs, db):
    author, called = UserFactory(), UserFactory(display_name="Cora Called")
    topic = make_topic(by=author)
    run_jobs()

    posting.edit_post(topic.first_post, by=author, body="@Cora Called, look.", based_on=0)
    run_jobs()

    assert [notice.kind for notice in Notice.objects.filter(user=called)] == ["mention"]


def test_an_edit_that_calls_somebody_tells_nobody_else(run_jobs, db):
    author, later, _called = UserFactory(), UserFactory(), UserFactory(display_name="Cora Called")
    topic = make_topic(by=author, replies=1)
    answer = topic.posts.get(position=2)
    run_jobs()
    following.follow(topic, by=later)
    following.watch_forum(topic.forum, "follow", by=later)

    posting.edit_post(topic.first_post, by=author, body="@Cora Called, look.", based_on=0)
    posting.edit_post(answer, by=answer.poster, body="@Cora Called, here too.", based_on=0)
    run_jobs()

    assert not Notice.objects.filter(user=later).exists()


def test_a_post_that_waits_is_told_when_it_is_let_through(run_jobs, db):
    asker = UserFactory()
    topic = make_topic(by=asker)
    run_jobs()
    post = posting.reply(topic, by=UserFactory(), body="Words")
    Post.objects.filter(pk=post.pk).update(approved=False, held_at=timezone.now())

    telling.tell_of_post(post.pk)
    assert not Notice.objects.exists()

    Post.objects.filter(pk=post.pk).update(approved=True, held_at=None)
    telling.tell_of_post(post.pk)
    assert Notice.objects.get().user_id == asker.pk


def test_telling_many_takes_the_same_queries_as_telling_few(run_jobs, db):
    counts = []
    for people in (2, 30):
        topic = make_topic()
        for _follower in range(people):
            following.follow(topic, by=UserFactory())
        post = posting.reply(topic, by=UserFactory(), body="Words")
        with CaptureQueriesContext(connection) as counted:
            telling.tell_of_post(post.pk)
        counts.append(len(counted))
        assert Mail.objects.filter(target_id=post.pk).count() == people + 1
        run_jobs()

    assert counts[0] == counts[1]
