import pytest
from django.core.management import CommandError, call_command

from community.discussions.importing import arrivals
from community.discussions.models import Forum, Post
from factories.archives import json_lines, letter, line, mailbox
from factories.members import UserFactory


def test_the_command_says_what_it_did(db, tmp_path, capsys):
    path = json_lines(tmp_path / "list.jsonl", [line(1), line(2, answers="m1"), "{"])

    call_command("import_forum", str(path), "--forum", "old-list", "--audience", "practitioners", "--name", "The list")
    first = capsys.readouterr()
    call_command("import_forum", str(path), "--forum", "old-list")
    again = capsys.readouterr()

    assert "2 posts in 1 conversation." in first.out
    assert "list.jsonl.errors.jsonl" in first.out
    assert 'Nobody reads "The list"' in first.out
    assert first.err == again.err == ""
    assert "was here before this run" in again.out
    assert Forum.objects.get(slug="old-list").audience == "practitioners"


def test_the_command_shows_on_a_terminal_how_far_it_is(db, tmp_path, capsys, monkeypatch):
    path = json_lines(tmp_path / "list.jsonl", [line(1), line(2)])
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)

    call_command("import_forum", str(path), "--forum", "old-list", "--audience", "members")

    shown = capsys.readouterr().err
    assert shown.count("\r") == 2
    assert " 100%  2 read" in shown


def test_ctrl_c_says_how_to_go_on(db, tmp_path, monkeypatch):
    path = json_lines(tmp_path / "list.jsonl", [line(1)])

    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(arrivals, "bring", interrupted)
    with pytest.raises(CommandError, match="goes on from here") as stopped:
        call_command("import_forum", str(path), "--forum", "old-list", "--audience", "members")
    assert stopped.value.returncode == 130


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing.mbox", "--forum", "a"], "no file"),
        (["list.txt", "--forum", "a", "--audience", "members"], "ends in .jsonl or .mbox"),
        (["list.mbox", "--forum", "a"], "--audience"),
        (["list.mbox", "--forum", "a", "--audience", "members"], "no mbox"),
        (["list.jsonl", "--forum", "a"], "--forum|--audience"),
    ],
)
def test_the_command_says_what_is_wrong(db, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    for name in ("list.mbox", "list.txt", "list.jsonl"):
        (tmp_path / name).write_text("hello\n")

    with pytest.raises(CommandError, match=said):
        call_command("import_forum", *arguments)
    assert not list(tmp_path.glob("*.errors.jsonl"))


def test_no_authors_are_believed_where_that_is_said(db, tmp_path):
    UserFactory(email="ada@example.org", confirmed=True)
    path = mailbox(tmp_path / "list.mbox", letter(1))

    call_command("import_forum", str(path), "--forum", "old-list", "--audience", "members", "--no-authors")

    assert Post.objects.get().poster is None
