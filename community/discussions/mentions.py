"""Calling a colleague by an @ and their name: who can be called where, and whom a text calls.

Only people who may read there can be called, and of those only whom the author may look up: the members who do not
hide, and in a group's forum everybody of its roster. Whoever hides is not found out by writing their name. People of
one name are told apart by the number of their page: "@Sam Lee#412".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Window
from django.db.models.functions import Lower
from django.urls import reverse

from community.discussions import pacing
from community.discussions.models import Forum, Mention, Post, Topic, TopicMark
from community.groups.models import Membership
from community.members.models import User
from community.members.people import UserQuerySet
from core import markdown
from core.audience import Audience

MOST = 20  # people whom one post calls
SUGGESTED = 8
LONGEST_TYPED = 80
_NUMBER = re.compile(r"#([1-9]\d{0,17})(?!\w)", re.ASCII)


@dataclass(frozen=True)
class Call:
    """One person whom a text calls, by the name that stands there."""

    user_id: int
    written: str


@dataclass(frozen=True)
class Text:
    """A text as HTML, with those whom it calls, and the names that several people have; `refused` is why nobody was
    looked up for it."""

    html: str
    calls: Sequence[Call]
    unclear: Sequence[str]
    refused: str = ""


def callable_in(forum: Forum, by) -> UserQuerySet:
    """Whom `by` can call in a forum that they read. Nobody calls themselves."""
    if forum.audience == Audience.GROUP:
        inside = Membership.objects.visible_to(by).signed().filter(group=forum.group_id)
        people = User.objects.members().filter(pk__in=inside.values("user"))
    else:
        people = User.objects.visible_to(by)
        people &= User.objects.practitioners() if forum.audience == Audience.PRACTITIONERS else User.objects.members()
    return people.exclude(pk=by.pk).order_by()


def suggest(typed: str, *, forum: Forum, topic: Topic | None, by) -> list[tuple[User, str]]:
    """The few people whose name, or a word of it, begins like this, and what to write to call each of them. Those who
    write in the topic come first; without a beginning they alone. Raises TooOften after many of these questions."""
    pacing.count("lookups", by)
    typed = " ".join(markdown.without_controls(typed)[:LONGEST_TYPED].split())
    here = TopicMark.objects.filter(topic=topic, user=OuterRef("pk"), posts_count__gt=0)
    people = callable_in(forum, by)
    if typed:
        people = people.called_like(typed)
    elif forum.audience != Audience.GROUP:
        people = people.filter(Exists(here))
    rows = people.annotate(writes_here=Exists(here), namesakes=Window(Count("pk"), partition_by=Lower("display_name")))
    rows = rows.order_by(F("writes_here").desc(), "display_name", "pk")[:SUGGESTED]
    return [(one, f"{one.display_name}#{one.pk}" if one.namesakes > 1 else one.display_name) for one in rows]


def render(text: str, *, forum: Forum, by) -> Text:
    """A text of `by` for this forum as HTML, in which the names of those whom it calls lead to their pages."""
    calls, unclear = _called(text, forum, by)
    return Text(_rendered(text, calls), calls, unclear)


def preview(text: str, *, forum: Forum, by) -> Text:
    """The same before it is posted. The names count as looked up; after too many the text comes without them, and says
    when it goes on."""
    try:
        if names := _names(text):
            pacing.count("lookups", by, more=len(names))
    except pacing.TooOften as refusal:
        return Text(_rendered(text, ()), (), (), f"{refusal}")
    return render(text, forum=forum, by=by)


def render_again(post: Post) -> str:
    """The HTML of a post by the renderer of today, with the same people called as when it was written."""
    rows = Mention.objects.filter(post=post).values_list("user", "written")
    return _rendered(post.content, [Call(*row) for row in rows])


def note(post: Post, calls: Sequence[Call]) -> list[int]:
    """Remember whom a post calls, in the transaction that writes it. Those whom it did not call before."""
    before = set(Mention.objects.filter(post=post).values_list("user", flat=True))
    now = {call.user_id: call for call in calls}
    if gone := before - now.keys():
        Mention.objects.filter(post=post, user__in=gone).delete()
    fresh = [pk for pk in now if pk not in before]
    Mention.objects.bulk_create(
        [Mention(post=post, user_id=pk, written=call.written) for pk, call in now.items()],
        update_conflicts=True,
        unique_fields=["post", "user"],
        update_fields=["written"],
    )
    return fresh


def _rendered(text: str, calls: Sequence[Call]) -> str:
    return markdown.render(
        text, {call.written.lower(): reverse("members:person", args=[call.user_id]) for call in calls}
    )


def _called(text: str, forum: Forum, by) -> tuple[list[Call], list[str]]:
    """Whom `text` calls, and the names that it calls and several people have. One query, none without an @."""
    following = _names(text)
    people = _by_name(following, forum, by) if following else {}
    calls: dict[str, Call] = {}
    unclear: list[str] = []
    for words in following:
        name = next((name for name in markdown.beginnings(words) if name.lower() in people), "")
        namesakes = people.get(name.lower(), [])
        number = _NUMBER.match(words[len(name) :])
        if number and int(number[1]) in namesakes:
            written = name + number[0]
            calls.setdefault(written.lower(), Call(int(number[1]), written))
        elif len(namesakes) == 1:
            calls.setdefault(name.lower(), Call(namesakes[0], name))
        elif namesakes and name not in unclear:
            unclear.append(name)
    return list(calls.values()), unclear


def _names(text: str) -> list[str]:
    """What follows each @, as far as it is looked up."""
    return list(dict.fromkeys(markdown.calls(text)))[:MOST]


def _by_name(following: Sequence[str], forum: Forum, by) -> dict[str, list[int]]:
    """The people with a name that one of these texts begins with, by the name in small letters."""
    names = {name.lower() for words in following for name in markdown.beginnings(words)}
    rows = callable_in(forum, by).called(names)
    people: dict[str, list[int]] = {}
    for small, pk in rows.values_list("small_name", "pk"):
        people.setdefault(small, []).append(pk)
    return people
