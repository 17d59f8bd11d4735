"""Which forum an archive comes into: one that nobody reads, for the people who were said, and no other."""

import pytest

from community.discussions import forums
from community.discussions.importing import runs
from community.discussions.importing.messages import Unreadable
from community.discussions.models import Forum, ForumImport, Post
from community.discussions.refusals import DiscussionRefused
from core.models import AuditEntry
from factories.archives import json_lines, line
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory


@pytest.mark.parametrize("change", [{"opened": True}, {"audience": "practitioners"}])
def test_nothing_comes_into_a_forum_that_was_opened_or_changed_meanwhile(db, tmp_path, change):
    forum = runs.place_for("old-list", audience="members")
    path = json_lines(tmp_path / "list.jsonl", [line(1)])
    Forum.objects.filter(pk=forum.pk).update(**change)

    with pytest.raises(DiscussionRefused, match="open or has other readers"):
        runs.run(path, forum)
    assert not Post.objects.exists()
    assert not ForumImport.objects.exists()


def test_an_imported_forum_is_not_widened(db, tmp_path):
    runs.run(json_lines(tmp_path / "list.jsonl", [line(1)]), runs.place_for("old-list", audience="members"))

    with pytest.raises(DiscussionRefused, match="written for fewer"):
        forums.change_audience(Forum.objects.get(slug="old-list"), "world")


def test_a_forum_that_people_read_takes_no_archive(db):
    make_topic(make_forum("Trauma"))
    empty = make_forum("Empty", audience="practitioners")
    group = forums.forum_for_group(GroupFactory())

    with pytest.raises(DiscussionRefused, match="read this forum already"):
        runs.place_for("trauma")
    with pytest.raises(DiscussionRefused, match="its own affair"):
        runs.place_for(group.slug)
    with pytest.raises(DiscussionRefused, match="for other people"):
        runs.place_for("empty", audience="members")
    with pytest.raises(DiscussionRefused, match="--audience"):
        runs.place_for("nowhere")
    with pytest.raises(DiscussionRefused, match="kept for something else"):
        runs.place_for("search", audience="members")
    for slug in ("Old List", "\u00e4", "a/b", "x" * 101):
        with pytest.raises(DiscussionRefused, match="letters from a to z"):
            runs.place_for(slug, audience="members")
    assert runs.place_for("empty").pk == empty.pk


def test_an_empty_forum_is_shut_by_the_first_batch_and_by_no_wrong_file(db, tmp_path):
    empty = make_forum("Empty")
    for name in ("list.mbox", "list.jsonl"):
        (tmp_path / name).write_text("no mbox" if name == "list.mbox" else "")
        with pytest.raises(Unreadable):
            runs.run(tmp_path / name, runs.place_for("empty"))
    assert Forum.objects.get(pk=empty.pk).opened
    assert not ForumImport.objects.exists()

    runs.run(json_lines(tmp_path / "list.jsonl", [line(1)]), runs.place_for("empty"))

    assert not Forum.objects.get(pk=empty.pk).opened
    assert AuditEntry.objects.get(action="discussions.forum.shut").target_id == empty.pk


def test_nothing_comes_where_people_wrote_meanwhile(db, tmp_path):
    make_forum("Empty")
    forum = runs.place_for("empty")
    make_topic(Forum.objects.get(pk=forum.pk))

    with pytest.raises(DiscussionRefused, match="open or has other readers"):
        runs.run(json_lines(tmp_path / "list.jsonl", [line(1)]), forum)
    assert Forum.objects.get(pk=forum.pk).opened
