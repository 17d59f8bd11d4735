"""What a post said before: a version is kept at every change of its words, whoever makes it. Read by who wrote it, and
by those who look after the place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.db.models import F

from community.discussions.models import Forum, Post, PostVersion
from community.discussions.permissions import may_see_history
from core import markdown

MOST_COMPARED = 250_000  # pairs of words; beyond it two texts are shown one after the other
_WORD = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True)
class Version:
    """One state of a post. `written_by` is None for a former member."""

    number: int
    subject: str
    content: str
    written_by: object
    written_at: datetime


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed (""), came ("added") or went ("removed")."""

    change: str
    words: str


def keep(post: Post) -> None:
    """Keep what a post says now, in the transaction that is about to change it, with its topic locked."""
    said = Post.objects.filter(pk=post.pk).values_list(
        "subject", "content", "updates_count", "updated_by", "poster", "updated"
    )
    for subject, content, count, updated_by, poster, updated in said:
        PostVersion.objects.get_or_create(
            post_id=post.pk,
            number=count + 1,
            defaults={
                "subject": subject,
                "content": content,
                "written_by_id": updated_by or poster,
                "written_at": updated,
            },
        )


def rewrite(post: Post, **columns) -> None:
    """Write other words over a post's: an editor that has the old ones open is told so when it is saved."""
    counted = {"updates_count": F("updates_count") + 1, "renderer": markdown.VERSION}
    Post.objects.filter(pk=post.pk).update(**columns, **counted)


def find(post_id: int, reader) -> Post | None:
    """The post whose history `reader` may see, if there is one: what is hidden too, of a forum that they read."""
    if not getattr(reader, "is_member", False):
        return None
    posts = Post.objects.filter(topic__forum__in=Forum.objects.visible_to(reader).values("pk"))
    posts = posts.select_related("topic__forum__group", "poster", "updated_by").defer("search")
    post = posts.filter(pk=post_id).first()
    return post if post and may_see_history(reader, post) else None


def versions(post: Post) -> list[Version]:
    """All that a post said, the present words last."""
    rows = PostVersion.objects.filter(post=post).select_related("written_by").order_by("number")
    found = [Version(row.number, row.subject, row.content, row.written_by, row.written_at) for row in rows]
    number = max(post.updates_count, found[-1].number if found else 0) + 1
    by = post.updated_by or post.poster
    return [*found, Version(number, post.subject, post.content, by, post.updated)]


def changes(before: str, after: str) -> list[Piece]:
    """What became of a text, word by word. Bounded: two long texts that have little in common are shown whole."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return _joined(_by_line(old, new))


def _by_line(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new).get_opcodes():
        was, became = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        if tag == "replace":
            yield from _by_word(_WORD.findall(was), _WORD.findall(became))
        elif tag == "equal":
            yield Piece("", was)
        else:
            yield Piece("added" if tag == "insert" else "removed", became or was)


def _by_word(old: list[str], new: list[str]) -> Iterator[Piece]:
    if len(old) * len(new) > MOST_COMPARED:
        yield Piece("removed", "".join(old))
        yield Piece("added", "".join(new))
        return
    for tag, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new).get_opcodes():
        was, became = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        if tag == "equal":
            yield Piece("", was)
            continue
        if was:
            yield Piece("removed", was)
        if became:
            yield Piece("added", became)


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].change == piece.change:
            found[-1] = Piece(piece.change, found[-1].words + piece.words)
        else:
            found.append(piece)
    return found
