"""What a post said before, who sees it, and what a moderator's edit leaves behind."""

import time

import pytest

from community.discussions import history, moderation, posting
from community.discussions.history import Piece
from community.discussions.models import Post, PostVersion
from community.discussions.refusals import DiscussionRefused
from factories.discussions import make_topic
from factories.members import UserFactory


def edit(post, body: str, **more) -> None:
    post.refresh_from_db()
    posting.edit_post(post, by=post.poster, body=body, based_on=post.updates_count, **more)


def test_every_change_keeps_what_stood_there(db):
    topic = make_topic(subject="First subject", body="First words.")
    post = topic.first_post

    edit(post, "Second words.", subject="Second subject")
    edit(post, "Third words.")

    found = history.versions(Post.objects.select_related("topic", "poster", "updated_by").get(pk=post.pk))
    assert [(each.number, each.subject, each.content) for each in found] == [
        (1, "First subject", "First words."),
        (2, "Second subject", "Second words."),
        (3, "Second subject", "Third words."),
    ]


def test_a_moderator_edits_and_both_see_it(client, moderator, mailoutbox, run_jobs):
    topic = make_topic(body="She lives in Lindisquay, near the sea.")
    post = topic.first_post
    client.force_login(moderator)

    answer = client.post(
        f"/discussions/post/{post.pk}/amend/",
        {"subject": "A softer subject", "body": "She lives near the sea.", "reason": "A town.", "based_on": 0},
    )
    run_jobs()

    topic.refresh_from_db()
    post.refresh_from_db()
    assert answer.status_code == 302
    assert (topic.subject, post.subject, post.updated_by) == ("A softer subject", "A softer subject", moderator)
    assert "near the sea" in post.content_html
    assert any(letter.to == [post.poster.email] and "A town." in letter.body for letter in mailoutbox)
    for person in (moderator, post.poster):
        client.force_login(person)
        html = client.get(f"/discussions/post/{post.pk}/history/").content.decode()
        assert "<del>" in html
        assert "Lindisquay" in html
        assert str(moderator) in html
    versions = PostVersion.objects.get(post=post)
    assert (versions.written_by, versions.number) == (post.poster, 1)


def test_an_edit_of_what_has_changed_meanwhile_is_refused_and_keeps_the_words(client, moderator):
    post = make_topic().first_post
    edit(post, "Changed meanwhile.")
    client.force_login(moderator)
    url = f"/discussions/post/{post.pk}/amend/"
    typed = {"subject": "S", "body": "Mine.", "reason": "Because.", "based_on": 0}

    answer = client.post(url, typed)
    again = client.post(url, typed | {"based_on": answer.context["form"]["based_on"].value()})

    assert answer.status_code == 409
    assert "Mine." in answer.content.decode()
    assert again.status_code == 302


def test_an_author_edits_no_others_and_a_moderator_not_as_an_author(db, moderator):
    post = make_topic().first_post

    with pytest.raises(DiscussionRefused):
        posting.edit_post(post, by=moderator, body="Mine.", based_on=0)
    with pytest.raises(DiscussionRefused):
        moderation.amend(post, by=UserFactory(), body="Mine.", reason="Because.", based_on=0)
    with pytest.raises(DiscussionRefused):
        moderation.amend(post, by=post.poster, body="Mine.", reason="Because.", based_on=0)


@pytest.mark.parametrize("to", ["0", "99", "x", "-1", "٣", "9" * 30, "a\x00"])
def test_a_version_that_never_was_is_not_there(client, db, to):
    post = make_topic().first_post
    client.force_login(post.poster)

    assert client.get(f"/discussions/post/{post.pk}/history/", {"to": to}).status_code == 404


def test_the_history_of_a_hidden_post_stays_with_those_two(client, moderator):
    post = make_topic(body="Hidden words.", replies=1).first_post
    moderation.hide(post, by=moderator, reason="Because.")

    for person, status in ((post.poster, 200), (moderator, 200), (UserFactory(practitioner=True), 404)):
        client.force_login(person)
        assert client.get(f"/discussions/post/{post.pk}/history/").status_code == status


@pytest.mark.parametrize("number", [1, 20])
def test_the_history_costs_the_same_for_one_version_and_twenty(client, db, django_assert_num_queries, number):
    post = make_topic().first_post
    for count in range(number):
        edit(post, f"Words, number {count}.")
    client.force_login(post.poster)
    url = f"/discussions/post/{post.pk}/history/"
    client.get(url)

    with django_assert_num_queries(5):
        client.get(url)


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("a b c", "a b c", [("", "a b c")]),
        ("a b c", "a x c", [("", "a "), ("removed", "b "), ("added", "x "), ("", "c")]),
        ("", "new", [("added", "new")]),
        ("old", "", [("removed", "old")]),
        ("one\ntwo\n", "one\n", [("", "one\n"), ("removed", "two\n")]),
        ("<b>", "<i>", [("removed", "<b>"), ("added", "<i>")]),
    ],
)
def test_changes_word_by_word(before, after, pieces):
    assert history.changes(before, after) == [Piece(*piece) for piece in pieces]


@pytest.mark.parametrize("one", ["a " * 10_000, "a\n" * 10_000, "ab" * 10_000, " ".join(map(str, range(4_000)))])
@pytest.mark.parametrize("two", ["b " * 10_000, "a b " * 5_000, "\n" * 20_000, " ".join(map(str, range(4_000, 0, -1)))])
def test_hostile_texts_are_compared_in_time(one, two):
    started = time.process_time()

    pieces = history.changes(one, two)

    assert time.process_time() - started < 2
    assert "".join(piece.words for piece in pieces if piece.change != "added") == one
    assert "".join(piece.words for piece in pieces if piece.change != "removed") == two


def test_what_was_written_is_escaped(client, db):
    post = make_topic(body="<script>alert(1)</script>").first_post
    edit(post, "<img src=x onerror=alert(1)>")
    client.force_login(post.poster)

    html = client.get(f"/discussions/post/{post.pk}/history/").content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html
