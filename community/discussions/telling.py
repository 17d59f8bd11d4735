"""Who is told of a post. A post queues one job, whatever the number of people; the job makes the notices and letters.

For one post a person is told once, in the nearest way: that they are mentioned, that their words were answered, that
there is a reply where they follow, that a topic began where they watch. Of a change to a post, those are told whom it
calls by name now; of a tag that a topic is given later, those who follow the tag and did not hear of the topic. What a
letter says, and whether it still may go, is decided when it is sent (`community.discussions.letters`).
"""

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from community.discussions import following
from community.discussions.models import Mention, Post, Topic
from community.members.models import User
from community.notices import bell, outbox, preferences
from community.notices.bell import About
from community.notices.models import Frequency

NEAREST_FIRST = ("mention", "quote", "reply", "watch")
TO_THEM = {"mention", "quote", "helped"}  # somebody writes to them: told even where they muted


def about(post: Post, *, ways: Collection[str] = NEAREST_FIRST) -> None:
    """Queue the telling of a post, in the transaction that makes it readable, to those whom it concerns in one of these
    ways. Who knows of it is not told again."""
    from community.discussions.tasks import tell_of_post  # the task module imports this one

    if not outbox.is_quiet():
        tell_of_post.configure(lock=f"topic-{post.topic_id}").defer(post_id=post.pk, ways=list(ways))


def that_it_is_tagged(topic: Topic, tag_ids: Collection[int]) -> None:
    """Queue the telling of tags that a topic was given after it began, in the transaction that gives them."""
    from community.discussions.tasks import tell_of_tags  # as above

    if not outbox.is_quiet():
        job = tell_of_tags.configure(lock=f"topic-{topic.pk}")
        job.defer(post_id=topic.first_post_id, tag_ids=list(tag_ids))


def that_it_helped(post: Post) -> None:
    """Queue the telling that a post helped, in the transaction that marks it."""
    from community.discussions.tasks import tell_that_it_helped  # as above

    if not outbox.is_quiet():
        tell_that_it_helped.configure(lock=f"topic-{post.topic_id}").defer(post_id=post.pk)


def tell_of_post(post_id: int, ways: Collection[str] = NEAREST_FIRST) -> None:
    """Tell everybody whom a post concerns in one of these ways. A second run tells nobody twice."""
    with transaction.atomic():
        post = _there(post_id)
        if post is not None:
            known = bell.told(post.pk, NEAREST_FIRST)
            concerned = {pk: theirs for pk, theirs in _concerned(post).items() if pk not in known}
            _tell(post, {pk: theirs for pk, theirs in concerned.items() if theirs[0] in ways}, actor=post.poster)


def tell_of_tags(post_id: int, tag_ids: Collection[int]) -> None:
    """Tell of the topic that this post begins those who follow one of these tags, as long as it carries that.

    Who was told of the topic or has been there hears nothing anew. So that nobody can be told twice, none is once
    the notices of the days when it began are forgotten.
    """
    with transaction.atomic():
        post = _there(post_id)
        if post is None or post.position != 1 or post.created < timezone.now() - bell.KEPT_FOR:
            return
        people = following.watchers_of(tag_ids, post.topic) - bell.told(post.pk, NEAREST_FIRST) - {post.poster_id}
        people -= following.readers(post.topic, people)
        _tell(post, {pk: ["watch"] for pk in people}, actor=post.poster)


def tell_that_it_helped(post_id: int) -> None:
    """Tell the author of a post that it helped, unless it was taken back meanwhile."""
    with transaction.atomic():
        post = _there(post_id)
        if post is None or post.helped_at is None or post.poster_id in (None, post.topic.poster_id):
            return
        if post.poster_id not in bell.told(post.pk, ["helped"]):
            _tell(post, {post.poster_id: ["helped"]}, actor=post.topic.poster)


def _there(post_id: int) -> Post | None:
    """The post, if it can be read."""
    posts = Post.objects.filter(pk=post_id, approved=True, topic__approved=True, topic__forum__opened=True)
    return posts.select_related("topic", "poster", "topic__poster", "quoted").defer("search").first()


def _concerned(post: Post) -> dict[int, list[str]]:
    """The people whom a post concerns, by their ids, each with the ways in which it does, the nearest first."""
    ways = {
        "mention": set(Mention.objects.filter(post=post).values_list("user", flat=True)),
        "quote": {post.quoted.poster_id} if post.quoted and post.quoted.poster_id else set(),
        "reply": following.followers(post.topic) if post.position != 1 else set(),
        "watch": following.watchers(post.topic) if post.position == 1 else set(),
    }
    people: dict[int, list[str]] = {}
    for kind in NEAREST_FIRST:
        for pk in ways[kind] - {post.poster_id}:
            people.setdefault(pk, []).append(kind)
    return people


def _heard(people: Collection[int], actor: User | None) -> set[int]:
    """Without those who are no members any more, and those who want nothing from the one who wrote."""
    there = User.objects.members().filter(pk__in=people).order_by()
    if actor is not None:
        there = there.exclude(blocks__blocked=actor)
    return set(there.values_list("pk", flat=True))


def _tell(post: Post, concerned: dict[int, list[str]], *, actor: User | None) -> None:
    """A notice for each, and a letter for those who want one at once; of what is muted a notice at most.

    The notice names the nearest way. The letter, by itself or in a digest, is of the nearest kind that they want any
    mail of: who wants none when they are mentioned, and one for each reply, gets that one.
    """
    heard, forum_id = _heard(concerned, actor), post.topic.forum_id
    muted = following.muted(post.topic, heard)
    wanted = preferences.frequencies(heard, {kind for ways in concerned.values() for kind in ways}, forum_id)
    notices: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    letters: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
    for pk in sorted(heard):
        ways = concerned[pk]
        if pk in muted and ways[0] not in TO_THEM:
            continue
        by_mail = next((kind for kind in ways if wanted[pk, kind] != Frequency.NEVER), None)
        often = wanted[pk, by_mail] if by_mail and pk not in muted else Frequency.NEVER
        notices[ways[0], by_mail or ways[0]][pk] = often
        if by_mail and often == Frequency.AT_ONCE:
            letters[by_mail].append((pk, post.pk))
    for (kind, mail_kind), people in notices.items():
        thread_id = post.topic_id if kind == "reply" else None
        about_it = About(post.pk, forum_id, thread_id, actor.pk if actor else None)
        bell.tell(kind, about_it, people, mail_kind=mail_kind)
    for kind, theirs in letters.items():
        outbox.queue_each(kind, theirs, actor=actor)
