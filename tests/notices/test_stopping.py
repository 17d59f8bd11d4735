"""The way out of a letter: without login, without CSRF, and only once confirmed."""

import pytest
from django.core import mail
from django.test import Client

from community.discussions import answering, following, posting
from community.discussions.models import ForumWatch, TopicMark
from community.notices import preferences, stopping
from community.notices.envelope import stop_path
from community.notices.models import Preference
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def asker(db):
    return UserFactory(display_name="Ada Asker")


@pytest.fixture
def mail_program():
    """Logged in nowhere, and checked for CSRF as a browser is."""
    return Client(enforce_csrf_checks=True)


def path_of(letter) -> str:
    header = letter.extra_headers["List-Unsubscribe"]
    return header.strip("<>").removeprefix("http://localhost:8000")


def test_one_click_in_a_mail_program_ends_the_letters_of_a_thread(mail_program, asker, run_jobs):
    topic = make_topic(by=asker, replies=1)
    run_jobs()
    (letter,) = mail.outbox

    answer = mail_program.post(path_of(letter), ONE_CLICK)

    assert answer.status_code == 200
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert TopicMark.objects.get(topic=topic, user=asker).following is False
    mail.outbox.clear()
    posting.reply(topic, by=UserFactory(), body="Words")
    run_jobs()
    assert not [letter for letter in mail.outbox if letter.to == [asker.email]]


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(mail_program, asker, run_jobs, method):
    topic = make_topic(by=asker, replies=1, subject="Fees")
    run_jobs()

    answer = getattr(mail_program, method)(path_of(mail.outbox[0]))

    assert answer.status_code == 200
    assert TopicMark.objects.get(topic=topic, user=asker).following is True
    assert "Fees" not in answer.content.decode()


def test_the_page_offers_the_thread_and_the_kind(mail_program, asker):
    topic = make_topic(by=asker, replies=1)
    path = stop_path("reply", topic.last_post_id, asker.pk)

    page = mail_program.get(path).content.decode()
    mail_program.post(path, {"scope": "kind"})

    assert "No more letters about this thread" in page
    assert "No more letters of this kind" in page
    assert TopicMark.objects.get(topic=topic, user=asker).following is True
    assert Preference.objects.get().frequency == "never"


@pytest.mark.parametrize("kind", ["mention", "quote", "helped"])
def test_other_letters_are_ended_by_their_kind(mail_program, asker, kind):
    post = make_topic(by=asker, replies=1).last_post

    mail_program.post(stop_path(kind, post.pk, asker.pk), ONE_CLICK)

    assert preferences.frequency(asker, kind, None) == "never"
    assert preferences.frequency(asker, "reply", None) == "now"


def test_a_watched_forum_is_followed_no_more(mail_program, asker):
    topic = make_topic()
    following.watch_forum(topic.forum, "follow", by=asker)

    mail_program.post(stop_path("watch", topic.first_post_id, asker.pk), ONE_CLICK)

    assert not ForumWatch.objects.exists()
    assert preferences.frequency(asker, "watch", None) == "daily"


def test_a_digest_is_ended_with_all_that_came_in_it(mail_program, asker):
    forum = make_forum()
    preferences.choose(by=asker, of_kinds={"reply": "weekly", "watch": "daily"}, of_places={forum.pk: "daily"})

    mail_program.post(stop_path("digest_daily", 1, asker.pk), ONE_CLICK)

    chosen = preferences.Chosen(asker)
    assert chosen.kinds == {"reply": "weekly", "watch": "never", "helped": "never"}
    assert chosen.places == {forum.pk: "never"}


@pytest.mark.parametrize("token", ["x", "WzEsMV0:1abc:def", "%00", "a" * 3000])
def test_a_forged_link_is_not_there(mail_program, db, token):
    assert mail_program.get(f"/mail/stop/{token}/").status_code == 404
    assert mail_program.post(f"/mail/stop/{token}/", ONE_CLICK).status_code == 404


def test_a_link_of_another_kind_of_letter_stops_none(db):
    with pytest.raises(ValueError, match="No kind"):
        stopping.kind_of(stop_path("never-was", 1, 1).removeprefix("/mail/stop/").strip("/"))


# The head of a letter -------------------------------------------------------------------------------------------------


def test_letters_about_a_thread_stand_below_each_other(asker, run_jobs, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://community.example.org"
    reader = UserFactory()
    preferences.choose(by=reader, of_kinds={"watch": "now"})
    forum = make_forum()
    following.watch_forum(forum, "follow", by=reader)
    topic = make_topic(forum, by=asker, subject="Fees")
    following.follow(topic, by=reader)
    first = topic.first_post
    second = posting.reply(topic, by=UserFactory(), body="One")
    third = posting.reply(topic, by=UserFactory(), body="Two", quoting=second)
    run_jobs()

    letters = [letter for letter in mail.outbox if letter.to == [reader.email]]
    heads = {letter.message()["Message-ID"]: letter.message() for letter in letters}

    ids = {post.pk: f"<post-{post.pk}@community.example.org>" for post in (first, second, third)}
    assert set(heads) == set(ids.values())
    assert heads[ids[first.pk]]["In-Reply-To"] is None
    assert heads[ids[second.pk]]["In-Reply-To"] == ids[first.pk]
    assert heads[ids[third.pk]]["In-Reply-To"] == ids[second.pk]
    assert heads[ids[third.pk]]["References"] == f"{ids[first.pk]} {ids[second.pk]}"
    for head in heads.values():
        assert head["List-Id"] == f"<forum-{forum.pk}.community.example.org>"
        assert head["Auto-Submitted"] == "auto-generated"


def test_a_letter_about_a_post_has_the_same_id_for_everybody(asker, run_jobs):
    topic = make_topic(by=asker)
    following.follow(topic, by=UserFactory())
    run_jobs()
    mail.outbox.clear()

    posting.reply(topic, by=UserFactory(), body="Words")
    run_jobs()

    assert len(mail.outbox) == 2
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 1


def test_no_head_holds_words_of_a_group(run_jobs, db):
    from community.discussions import forums

    group = GroupFactory(consultation=True, name="Brackenmoor circle", slug="brackenmoor")
    leader, member = (MembershipFactory(group=group).user for _ in range(2))
    for person in (leader, member):
        preferences.choose(by=person, of_kinds=dict.fromkeys(["reply", "quote", "mention", "watch", "helped"], "now"))
    forum = forums.forum_for_group(group)
    following.watch_forum(forum, "follow", by=member)
    topic = make_topic(forum, by=leader, subject="Peregrath again", body="It began in Lindisquay.")
    post = posting.reply(topic, by=member, body=f"@{leader.display_name}, in Umberwick.", quoting=topic.first_post)
    answering.mark_helpful(post, by=leader)
    run_jobs()

    assert len(mail.outbox) == 3
    for letter in mail.outbox:
        head = str(letter.message()).partition("\n\n")[0].lower()
        for word in ("brackenmoor", "peregrath", "lindisquay", "umberwick"):
            assert word not in head
