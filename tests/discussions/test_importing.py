"""An archive comes into a forum: each message once, in its conversation, at its place, and nobody hears of it."""

import fcntl
import hashlib
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg import sql

from community.discussions import archive, counters, forums, retention
from community.discussions.importing import arrivals, report, runs
from community.discussions.importing.json_lines import pieces as read_lines
from community.discussions.models import Forum, ForumImport, ImportedPost, Mention, Post, Topic, TopicMark
from community.discussions.refusals import DiscussionRefused
from community.notices.models import Mail, Notice
from core import markdown
from factories.archives import BEGIN, json_lines, letter, line, mailbox
from factories.members import UserFactory

HOUR = timedelta(hours=1)


@pytest.fixture
def bring(db, tmp_path):
    """Bring rows into the forum "old-list", and say what was counted."""

    def bring(*rows, name="list.jsonl"):
        forum = runs.place_for("old-list", audience="members")
        write = mailbox if name.endswith(".mbox") else json_lines
        path = write(tmp_path / name, *rows) if write is mailbox else write(tmp_path / name, rows)
        return runs.run(path, forum).counts

    return bring


def talk() -> list[tuple[str, list[str]]]:
    """The conversations with their posts, as they stand."""
    return [
        (topic.subject, list(topic.posts.order_by("position").values_list("content", flat=True)))
        for topic in Topic.objects.order_by("created", "pk")
    ]


def test_a_list_becomes_a_forum(bring):
    ada = UserFactory(email="ada@example.org", confirmed=True)

    counts = bring(
        letter(1, "How?", Subject="Fees", From="Ada <ADA@example.org>"),
        letter(2, "So.", Subject="Re: Fees", In_Reply_To="<m1@example.org>", From="Ben <ben@example.org>"),
        letter(3, "Or so.", Subject="[Talk] RE: Fees", References="<gone@x> <m2@example.org>"),
        letter(4, "Another.", Subject="Rooms"),
        name="list.mbox",
    )

    assert counts == {"posts": 4, "topics": 2, "by members": 3, "by others": 1}
    assert talk() == [("Fees", ["How?", "So.", "Or so."]), ("Rooms", ["Another."])]
    forum = Forum.objects.get(slug="old-list")
    topic = Topic.objects.get(subject="Fees")
    assert (forum.name, forum.audience, forum.opened) == ("Old list", "members", False)
    assert (topic.poster, topic.created, topic.last_post_on) == (ada, BEGIN + HOUR, BEGIN + 3 * HOUR)
    first, second, third = topic.posts.order_by("position")
    assert (first.poster, second.poster, first.subject, second.subject) == (ada, None, "Fees", "")
    assert (second.quoted, third.quoted) == (None, second)
    assert first.content_html == markdown.render("How?")
    assert first.renderer == markdown.VERSION
    assert list(counters.differences()) == []


@pytest.mark.parametrize("name", ["list.jsonl", "list.mbox"])
def test_signs_that_no_address_has_make_nobody_its_author(bring, name):
    UserFactory(email="kim@example.org", confirmed=True)
    written = ["kim@example.org", "kim\0@example.org", "\0kim@example.org", "\u212aim@example.org"]
    form = line if name.endswith(".jsonl") else letter
    field = "author" if form is line else "From"

    counts = bring(*(form(number, **{field: author}) for number, author in enumerate(written, 1)), name=name)

    assert (counts["posts"], counts["by members"], counts["by others"]) == (4, 1, 3)


def test_a_second_run_adds_nothing(bring):
    rows = [line(1), line(2, answers="m1")]

    first, again, longer = bring(*rows), bring(*rows), bring(*rows, line(3), line(1, body="Other words"))

    assert first == again == {"posts": 2, "topics": 1, "by others": 2}
    assert longer == {"posts": 1, "topics": 1, "by others": 1, "known": 3}
    assert Post.objects.count() == ImportedPost.objects.count() == 3


def test_one_number_twice_in_a_batch_comes_once(bring):
    assert bring(line(1), line(1, body="Again"))["known"] == 1
    assert talk() == [("Question 1", ["How do you do it?"])]


def test_what_was_deleted_does_not_come_back(bring):
    bring(line(1))
    Topic.objects.get().delete()

    counts = bring(line(1), line(2, answers="m1", subject="Re: Question 1"))

    assert counts["known"] == 1
    assert talk() == [("Question 1", ["How do you do it?"])]
    assert ImportedPost.objects.filter(post=None).count() == 1


def test_what_waits_to_be_opened_is_not_too_old(bring):
    bring(line(1))
    Forum.objects.update(retention_days=30)

    assert retention.delete_due() == 0
    Forum.objects.update(opened=True)
    assert retention.delete_due() == 1


def test_a_reply_without_numbers_finds_the_newest_conversation_of_its_subject(bring):
    day = 24
    bring(
        line(0, subject="Fees", body="long ago"),
        line(300 * day, subject="Fees", body="lately"),
        line(310 * day, subject="Re: FEES", body="to the late one"),
        line(700 * day, subject="Re: Fees", body="too late for both"),
        line(701 * day, subject="Fees", body="new, not a reply"),
    )

    assert talk() == [
        ("Fees", ["long ago"]),
        ("Fees", ["lately", "to the late one"]),
        ("Fees", ["too late for both"]),
        ("Fees", ["new, not a reply"]),
    ]


def test_over_several_batches_conversations_stay_together(bring, monkeypatch):
    monkeypatch.setattr(runs, "AT_ONCE", 2)
    rows = [line(number, subject="Re: Fees" if number else "Fees", body=f"{number}") for number in range(7)]
    rows += [line(8, answers="m3", subject="", body="8"), line(7, answers="m6", subject="x", body="7")]

    bring(*rows)

    assert talk() == [("Fees", [f"{number}" for number in range(9)])]
    assert list(counters.differences()) == []


def test_posts_stand_in_the_order_of_their_writing_and_never_before_what_they_answer(bring):
    bring(
        line(10, id="a", body="a"),
        line(30, id="b", body="b", answers="a"),
        line(20, id="c", body="c", answers="a"),
        line(1, id="d", body="its clock was wrong", answers="b"),
        line(2, id="e", body="without a number", subject="Re: Question 10"),
    )

    assert talk() == [("Question 10", ["a", "without a number", "c", "b", "its clock was wrong"])]
    written = list(Post.objects.order_by("position").values_list("created", flat=True))
    assert written == sorted(written)
    assert list(counters.differences()) == []


def test_a_clock_that_is_ahead_is_set_to_now(bring):
    bring(line(1, date="2099-01-01T00:00:00Z"))

    assert Post.objects.get().created <= timezone.now()


def test_a_letter_without_a_day_stands_where_the_file_has_it(bring):
    dateless = letter(2, "And?", Date=None).replace(b"From ada@example.org Mon Mar 03 11:00:00 2014", b"From x 9:00")
    bring(letter(1), dateless, letter(3), name="list.mbox")

    assert [post.created for post in Post.objects.order_by("pk")] == [BEGIN + HOUR, BEGIN + HOUR, BEGIN + 3 * HOUR]


@pytest.mark.parametrize(
    ("fields", "is_theirs"),
    [
        ({"confirmed": True}, True),
        ({"confirmed": True, "lapsed": True}, True),
        ({}, False),
        ({"confirmed": True, "is_active": False}, False),
        ({"confirmed": True, "email": "\u0131da@example.org"}, False),
    ],
)
def test_words_go_to_the_account_that_has_shown_the_address_to_be_its_own(bring, fields, is_theirs):
    person = UserFactory(**{"email": "ida@example.org"} | fields)

    bring(line(1, author="Ida@Example.org"), line(2, author="\u0131da@example.org"))

    assert set(Post.objects.values_list("poster", flat=True)) == ({person.pk, None} if is_theirs else {None})


def test_no_name_and_no_address_of_the_list_is_kept(bring):
    bring(letter(1, "Ask ben@example.org.\n\nBest,\nAda Example"), name="list.mbox")

    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                sql.SQL("SELECT count(*) FROM {} row WHERE row::text ~* 'ada@|ben@|ada example|m1@example'").format(
                    sql.Identifier(table)
                )
            )
            found[table] = cursor.fetchone()[0]
    assert {table for table, count in found.items() if count} == set()


def test_nobody_hears_of_it(bring):
    ada, ben = (UserFactory(email=f"{name}@example.org", display_name=name, confirmed=True) for name in ("ada", "ben"))

    bring(line(1, author=ada.email, body="@ben, how?"), line(2, author=ben.email, answers="m1", body="@ada: so."))

    assert (Mail.objects.count(), Notice.objects.count(), Mention.objects.count()) == (0, 0, 0)
    assert ProcrastinateJob.objects.count() == 0
    assert set(TopicMark.objects.values_list("user", "posts_count", "following")) == {
        (ada.pk, 1, None),
        (ben.pk, 1, None),
    }


def test_identifiers_are_counted_by_kind_and_not_kept(bring):
    told = "Call 614-555-0134 or 614-555-0135, born on 3/14/1987."

    counts = bring(line(1, body=told), line(2, body="Nothing here."))

    assert {name: count for name, count in counts.items() if name.startswith("found")} == {
        "found phone": 2,
        "found date": 1,
    }
    [row] = ForumImport.objects.all()
    assert "555" not in str(vars(row))
    said = " ".join(report.lines(row))
    assert "phone numbers 2" in said
    assert "dates finer than a year 1" in said
    assert "clean" not in said
    assert "555" not in said


def test_lines_that_cannot_be_read_are_listed_by_number_without_a_word_of_them(bring, tmp_path):
    counts = bring(line(1), "{no json, and a Secret", line(3, body=""), line(4))

    listed = (tmp_path / "list.jsonl.errors.jsonl").read_text()
    assert counts["errors"] == 2
    assert [row.split(",")[0] for row in listed.splitlines()] == ['{"number": 2', '{"number": 3']
    assert "Secret" not in listed
    assert (tmp_path / "list.jsonl.errors.jsonl").stat().st_mode & 0o077 == 0


def test_without_errors_there_is_no_file_of_them(bring, tmp_path):
    bring(line(1))

    assert [path.name for path in tmp_path.iterdir()] == ["list.jsonl"]


def test_what_was_stopped_goes_on_from_there(db, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "AT_ONCE", 3)
    rows = [line(number) if number % 4 else "{" for number in range(20)]
    path = json_lines(tmp_path / "list.jsonl", rows)
    forum = runs.place_for("old-list", audience="members")
    bring, calls = arrivals.bring, []

    def stop_at_the_third(*args):
        counts = bring(*args)  # the rows of the batch are written, and go with its transaction
        calls.append(args)
        if len(calls) == 3:
            with (tmp_path / "list.jsonl.errors.jsonl").open("a") as errors:
                errors.write("what a crash left")
            raise KeyboardInterrupt
        return counts

    monkeypatch.setattr(arrivals, "bring", stop_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        runs.run(path, forum)
    half = Post.objects.count(), ForumImport.objects.get().number
    monkeypatch.setattr(arrivals, "bring", bring)
    counts = runs.run(path, forum).counts

    assert half == (4, 6)
    assert counts == {"posts": 15, "topics": 15, "by others": 15, "errors": 5}
    listed = (tmp_path / "list.jsonl.errors.jsonl").read_text().splitlines()
    assert [row.split(",")[0] for row in listed] == [f'{{"number": {number}' for number in (1, 5, 9, 13, 17)]
    assert list(counters.differences()) == []


def test_where_the_file_of_errors_was_left_behind_it_begins_anew(bring, tmp_path):
    path = json_lines(tmp_path / "list.jsonl", ["{", line(2), "{"])
    forum = runs.place_for("old-list", audience="members")
    runs.run(path, forum)
    runs.errors_path(path).unlink()
    ForumImport.objects.update(place=2, number=1, errors_size=60, counts={"errors": 1}, finished_at=None)
    Topic.objects.all().delete()

    runs.run(path, forum)

    assert [row.split(",")[0] for row in runs.errors_path(path).read_text().splitlines()] == ['{"number": 3']


def test_two_runs_of_one_archive_do_not_meet(bring, monkeypatch, tmp_path):
    """The other run has done a batch while this one read its own."""
    monkeypatch.setattr(runs, "AT_ONCE", 1)
    forum = runs.place_for("old-list", audience="members")
    path = json_lines(tmp_path / "two.jsonl", [line(1), line(2)])
    read = runs.READERS[".jsonl"]

    def overtaken(*args):
        for piece in read(*args):
            ForumImport.objects.update(place=piece.end)
            yield piece

    monkeypatch.setitem(runs.READERS, ".jsonl", overtaken)
    with pytest.raises(DiscussionRefused, match="Another run"):
        runs.run(path, forum)
    assert Post.objects.count() == 1


def test_the_first_batch_of_two_runs_comes_once(db, monkeypatch, tmp_path):
    """The other run has begun while this one read its first."""
    forum = runs.place_for("old-list", audience="members")
    path = json_lines(tmp_path / "two.jsonl", [line(1), line(2)])
    read = runs.READERS[".jsonl"]

    def overtaken(*args):
        monkeypatch.setitem(runs.READERS, ".jsonl", read)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        ForumImport.objects.create(forum=forum, digest=digest, place=9, number=1)
        yield from read(*args)

    monkeypatch.setitem(runs.READERS, ".jsonl", overtaken)
    with pytest.raises(DiscussionRefused, match="Another run"):
        runs.run(path, forum)
    assert not Post.objects.exists()


def test_two_runs_of_one_file_do_not_write_errors_into_each_other(db, tmp_path):
    forum = runs.place_for("old-list", audience="members")
    path = json_lines(tmp_path / "list.jsonl", [line(1)])
    with runs.errors_path(path).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        with pytest.raises(DiscussionRefused, match="Another run"):
            runs.run(path, forum)
    assert not Post.objects.exists()


def test_a_batch_asks_as_much_for_one_message_as_for_twenty(db, tmp_path, django_assert_num_queries):
    forum = forums.create_forum("Old list", opened=False)
    people = [UserFactory(email=f"p{number}@example.org", confirmed=True) for number in range(20)]

    def messages(start, count, answers):
        rows = [
            line(n, author=people[n % 20].email, answers=[answers], subject=f"Re: Question {n}")
            for n in range(start, start + count)
        ]
        with json_lines(tmp_path / "list.jsonl", rows).open("rb") as file:
            return [piece.message for piece in read_lines(file, 0, 0)]

    arrivals.bring(forum, messages(1, 1, "none"))
    with django_assert_num_queries(23):
        arrivals.bring(forum, messages(100, 1, "m1"))
    with django_assert_num_queries(23):
        arrivals.bring(forum, messages(200, 20, "m1"))


def test_demo_posts_can_still_be_backdated_beside_imported_ones(bring):
    bring(line(1), line(2, answers="m1"))
    post = Post.objects.get(position=2)

    archive.backdate(post, BEGIN + 90 * HOUR)

    assert Counter(counters.differences()) == Counter()
