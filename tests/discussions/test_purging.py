"""Removing client details: afterwards the words stand in no table of the database and in no file."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import formats, timezone
from psycopg import sql

from community.discussions import (
    attachments,
    counters,
    drafts,
    forums,
    merging,
    moderation,
    places,
    polls,
    posting,
    purging,
)
from community.discussions.models import Attachment, Draft, Post, PostVersion, Topic
from community.discussions.refusals import DiscussionRefused
from community.safety import reports
from core.models import AuditEntry
from core.uploads import clean_upload
from factories.discussions import make_forum, make_topic
from factories.files import sent
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

CANARY = "Lindisquay"


def tables_with(word: str) -> set[str]:
    """Every table of the database in which a row says it, whatever the column."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            asked = sql.SQL("SELECT 1 FROM {} AS row WHERE row::text ILIKE %s LIMIT 1")
            cursor.execute(asked.format(sql.Identifier(table)), [f"%{word}%"])
            if cursor.fetchone():
                found.add(table)
    return found


def files_with(word: str, folder: str = "") -> list[str]:
    """Every stored file that says it, wherever files are kept."""
    folders, names = default_storage.listdir(folder)
    found = [f"{folder}{name}" for name in names]
    found = [name for name in found if word.encode() in default_storage.open(name).read()]
    return found + [name for each in folders for name in files_with(word, f"{folder}{each}/")]


@pytest.fixture
def thread(db):
    """A topic in which the word is everywhere that a word can be: first post, history, poll, file, quotes and their
    histories, drafts, a report, and letters that wait."""
    forum = make_forum()
    author, quoter, reader = UserFactory(), UserFactory(), UserFactory()
    attachments.attach(
        places.in_forum(forum), by=author, upload=clean_upload(sent(f"About {CANARY}.".encode(), "x.txt")),
        name=f"{CANARY}.txt",
    )  # fmt: skip
    poll = polls.NewPoll(f"Is {CANARY} far?", ("Yes", f"{CANARY} is"))
    topic = posting.start_topic(
        forum, by=author, subject=f"From {CANARY}", body=f"She lives in *{CANARY}* by the sea.", poll=poll
    )
    first = topic.first_post
    posting.edit_post(first, by=author, body=f"She lives in {CANARY}, near the sea.", subject=topic.subject, based_on=0)
    quote = posting.reply(topic, by=quoter, body=f"> She lives in {CANARY}\n\nSo do many.", quoting=first)
    posting.edit_post(quote, by=quoter, body=f"> lives in {CANARY} by the sea\n\nAnd many more.", based_on=0)
    posting.reply(topic, by=UserFactory(), body=f"> > lives in {CANARY}\n> And many more.\n\nIndeed.", quoting=quote)
    drafts.save(places.in_topic(topic), by=reader, body=f"> lives in {CANARY}\n\nI think", based_on="")
    first.refresh_from_db()
    more = {"subject": [f"{CANARY}?"]}
    drafts.save(places.in_post(first), by=author, body=f"In {CANARY} she", more=more, based_on="")
    return Topic.objects.get(pk=topic.pk)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("who", ["author", "moderator"])
def test_afterwards_it_stands_nowhere(
    client, thread, moderator, mailoutbox, run_jobs, django_capture_on_commit_callbacks, who, whole
):
    assert tables_with(CANARY) >= {
        "forum_conversation_post", "forum_conversation_topic", "discussions_postversion", "discussions_draft",
        "discussions_attachment", "forum_polls_topicpoll", "forum_polls_topicpolloption",
    }  # fmt: skip
    assert files_with(CANARY)
    client.force_login(thread.poster if who == "author" else moderator)
    typed = {"extent": "all"} if whole else {"extent": "some", "phrases": f"{CANARY}\n", "with_files": "on"}

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/discussions/post/{thread.first_post_id}/details/", typed | {"reason": "A town."})
    run_jobs()

    assert answer.status_code == 200
    assert tables_with(CANARY) == set()
    assert tables_with(CANARY.lower()) == set()
    assert files_with(CANARY) == []
    assert all(CANARY not in f"{letter.subject}{letter.body}{letter.alternatives}" for letter in mailoutbox)
    assert CANARY not in client.get(Topic.objects.get(pk=thread.pk).get_absolute_url()).content.decode()
    assert CANARY not in client.get("/discussions/").content.decode()
    assert list(counters.differences()) == []


def test_only_the_phrase_goes_and_the_rest_stays(thread):
    purging.purge(thread.first_post, by=thread.poster, phrases=[CANARY])

    posts = list(thread.posts.order_by("position").values_list("content", flat=True))
    assert posts == [
        "She lives in [removed], near the sea.",
        "> lives in [removed] by the sea\n\nAnd many more.",
        "> > lives in [removed]\n> And many more.\n\nIndeed.",
    ]
    topic = Topic.objects.get(pk=thread.pk)
    assert (topic.subject, topic.slug) == ("From [removed]", "from-removed")
    assert PostVersion.objects.count() == 2
    assert Draft.objects.get(topic=thread).body == "> lives in [removed]\n\nI think"
    assert thread.first_post.approved


def test_all_of_it_goes_with_its_quotes_and_the_answers_stay(client, thread):
    purging.purge(thread.first_post, by=thread.poster)

    posts = list(thread.posts.order_by("position").values_list("content", flat=True))
    assert posts == ["", "> [removed]\n\nAnd many more.", "> > [removed]\n> And many more.\n\nIndeed."]
    topic = Topic.objects.get(pk=thread.pk)
    assert (topic.subject, topic.approved) == ("[removed]", True)
    client.force_login(thread.poster)
    html = client.get(topic.get_absolute_url()).content.decode()
    assert "Removed by its author" in html
    assert "And many more." in html
    assert f"/discussions/post/{thread.first_post_id}/restore/" not in html
    assert client.post(f"/discussions/post/{thread.first_post_id}/restore/").status_code == 404


def test_with_all_of_it_goes_what_was_quoted_of_its_subject_poll_and_files(thread):
    words = f"> From {CANARY}\n\nYou ask.\n\n> Is {CANARY} far?\n\nNo.\n\n> {CANARY}.pdf\n\nThank you."
    name = Attachment.objects.filter(post=thread.first_post).values_list("name", flat=True).get()
    answer = posting.reply(thread, by=UserFactory(), body=words.replace(f"{CANARY}.pdf", name))

    purging.purge(thread.first_post, by=thread.poster)

    answer.refresh_from_db()
    assert answer.content == "> [removed]\n\nYou ask.\n\n> [removed]\n\nNo.\n\n> [removed]\n\nThank you."


def test_what_was_hidden_before_is_emptied_too(thread, moderator):
    moderation.hide(thread.first_post, by=moderator, reason="Because.")

    purging.purge(thread.first_post, by=moderator, reason="A town.")

    assert Post.objects.get(pk=thread.first_post_id).removed == "moderator"
    assert tables_with(CANARY) == set()
    assert list(counters.differences()) == []


def test_reports_and_decisions_that_name_it_are_cleaned_where_a_phrase_goes(thread, moderator):
    reports.report("post", thread.first_post_id, by=UserFactory(), reason="client", words=f"It names {CANARY}!")
    moderation.hide(thread.first_post, by=moderator, reason=f"It names {CANARY}.")
    moderation.restore(thread.first_post, by=moderator, reason=f"Without {CANARY} it may stand.")

    purging.purge(thread.first_post, by=thread.poster, phrases=[CANARY])

    assert tables_with(CANARY) == set()


def test_an_editor_that_is_open_does_not_bring_it_back_unseen(thread):
    """The author has the old words open in another window, the quoter too."""
    first, quote = thread.posts.order_by("position")[:2]

    purging.purge(first, by=thread.poster, phrases=[CANARY])

    for post in (first, quote):
        with pytest.raises(DiscussionRefused, match="another window"):
            posting.edit_post(post, by=post.poster, body=f"Again {CANARY}", based_on=post.updates_count)
    draft = Draft.objects.get(topic=thread)
    with pytest.raises(drafts.DraftElsewhere):
        drafts.save(places.in_topic(thread), by=draft.user, body=f"> {CANARY}", based_on="1")


def test_what_others_say_in_their_own_words_is_named_and_stays(client, thread):
    own = posting.reply(thread, by=UserFactory(), body=f"I know {CANARY} well.")
    client.force_login(thread.poster)

    answer = client.post(f"/discussions/post/{thread.first_post_id}/details/", {"extent": "some", "phrases": CANARY})

    html = answer.content.decode()
    assert own.get_absolute_url() in html
    assert "The quotes in 2 other posts went too." in html
    assert Post.objects.get(pk=own.pk).content == f"I know {CANARY} well."
    assert CANARY not in html


def test_files_may_stay_under_another_name(thread):
    purging.purge(thread.first_post, by=thread.poster, phrases=[CANARY], with_files=False)

    assert Attachment.objects.get().name == "[removed].txt"
    assert default_storage.exists(Attachment.objects.get().file.name)


def test_the_row_that_is_left_has_no_words(thread, moderator, mailoutbox, run_jobs):
    purging.purge(thread.first_post, by=moderator, phrases=[CANARY], reason="A town is named.")
    run_jobs()

    row = AuditEntry.objects.get(action="discussions.post.purged")
    assert (row.actor_id, row.person_id, row.target_id) == (moderator.pk, thread.poster_id, thread.first_post_id)
    assert any("A town is named." in letter.body for letter in mailoutbox)


def test_quotes_in_a_topic_that_was_split_off_go_too(thread, moderator):
    quote = thread.posts.get(position=2)
    merging.split(thread, [quote.pk], by=moderator, subject="Apart", reason="Another question.")

    purging.purge(thread.first_post, by=thread.poster)

    assert tables_with(CANARY) == set()


def test_in_a_group_its_facilitator_does_it_and_no_moderator(moderator):
    group = GroupFactory(hidden=True)
    author = MembershipFactory(group=group).user
    leader = MembershipFactory(group=group, facilitator=True).user
    topic = make_topic(forums.forum_for_group(group), by=author, body=f"In {CANARY}.")

    with pytest.raises(DiscussionRefused):
        purging.purge(topic.first_post, by=moderator, phrases=[CANARY], reason="A town.")
    purging.purge(topic.first_post, by=leader, phrases=[CANARY], reason="A town.")

    assert tables_with(CANARY) == set()
    assert AuditEntry.objects.filter(action="discussions.post.purged.inside").exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "extent"),
        ({"extent": "some"}, "phrases"),
        ({"extent": "some", "phrases": " \n "}, "phrases"),
        ({"extent": "some", "phrases": "x"}, "phrases"),
        ({"extent": "some", "phrases": "word\n" * 3 + "y" * 201}, "phrases"),
        ({"extent": "some", "phrases": "\n".join(map(str, range(100, 140)))}, "phrases"),
        ({"extent": "some", "phrases": "a\x00b"}, "phrases"),
        ({"extent": "some", "phrases": "Nowhere"}, "__all__"),
        ({"extent": "everything"}, "extent"),
    ],
)
def test_bad_input_is_answered_beside_the_field(client, db, typed, field):
    topic = make_topic()
    client.force_login(topic.poster)

    answer = client.post(f"/discussions/post/{topic.first_post_id}/details/", typed)

    assert answer.status_code in (409, 422)
    assert answer.context["form"].errors[field]
    assert Post.objects.get(pk=topic.first_post_id).content == "How do you do it?"


@pytest.mark.parametrize("days", [0, 14])
def test_the_page_says_what_nobody_can_reach(client, settings, days, db):
    settings.BACKUPS_KEPT_DAYS = days
    topic = make_topic()
    client.force_login(topic.poster)

    html = client.get(f"/discussions/post/{topic.first_post_id}/details/").content.decode()

    assert "E-mail that was sent already" in html
    until = formats.date_format(timezone.localdate() + timedelta(days=14), "DATE_FORMAT")
    assert (until in html) is bool(days)
    assert ("as long as the association keeps them" in html) is not bool(days)


@pytest.mark.parametrize("number", [1, 20])
def test_what_does_not_quote_costs_nothing(db, django_assert_num_queries, number):
    topic = make_topic(body=f"In {CANARY}.", replies=number)

    with django_assert_num_queries(40):
        purging.purge(topic.first_post, by=topic.poster, phrases=[CANARY])
