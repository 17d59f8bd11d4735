"""Removing client details: words that identify somebody go for good, wherever the site holds them.

Either some phrases go, and the post stands on without them, or all that it says goes. They go from the post and its
history, from quotes of it in other posts, their histories and in drafts, from its poll and files, and so from what was
rendered of it, from the search, and from letters and notices that are still to come, which hold no words of their own.
What moderators keep about the post, and quotes it, goes too (`records`).
What others say in their own words stays: `still_said` names those posts. What nobody can reach is said on the page
(`cannot_reach`).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from community.discussions import history, locks, mentions, moderation, posting, records
from community.discussions.looking_after import check_reason, locked_post, tell_author
from community.discussions.models import (
    Attachment,
    Draft,
    Mention,
    Post,
    PostVersion,
    Topic,
    TopicPoll,
    TopicPollOption,
)
from community.discussions.permissions import may_purge
from community.discussions.quotes import Phrases, Quotes
from community.discussions.refusals import DiscussionRefused
from community.safety.permissions import may_moderate
from core import audit

MOST_PHRASES, LONGEST_PHRASE = 30, 200
SHORTEST_PHRASE = 2
ATTEMPTS = 5
_QUOTES = r"(^|\n)[ \t]*>"
Clean = Callable[[str], str]


@dataclass(frozen=True)
class Purged:
    """What was done: in how many other posts a quote was emptied, and how many files went."""

    quotes: int
    files: int


def check_phrases(lines: Iterable[str]) -> tuple[str, ...]:
    """The phrases to remove, one a line. Raises DiscussionRefused for too many, and for some too short or too long."""
    phrases = tuple(dict.fromkeys(phrase for line in lines if (phrase := " ".join(line.split()))))
    if len(phrases) > MOST_PHRASES or any(len(phrase) > LONGEST_PHRASE for phrase in phrases):
        raise DiscussionRefused(
            _("At most %(count)s phrases at once, each of up to %(most)s characters.")
            % {"count": MOST_PHRASES, "most": LONGEST_PHRASE}
        )
    if any(len(phrase) < SHORTEST_PHRASE for phrase in phrases):
        raise DiscussionRefused(_("One of these is a single character. Write the whole word."))
    return phrases


def purge(post: Post, *, by, phrases: Collection[str] = (), with_files: bool = True, reason: str = "") -> Purged:
    """Remove `phrases`, or without any all that a post says; with its files, unless they may stay beside it.

    Who does it to somebody else's post gives a reason, which its author is told. Raises DiscussionRefused for those who
    may not, and where none of the phrases stands there.
    """
    phrases = check_phrases(phrases)
    with transaction.atomic():
        records.hold(post)
        found, topic_ids = _locked(post, by)
        if not may_purge(by, found):
            raise DiscussionRefused(_("This post can't be changed by you."))
        is_own = found.poster_id == by.pk
        reason = "" if is_own else check_reason(reason)
        with translation.override(settings.LANGUAGE_CODE):
            put = _("[removed]")
        taken = Phrases(phrases, put) if phrases else Quotes(_all_said(found), put)
        noted = Phrases(_that_stand_there(found, phrases), put) if phrases else taken
        records.clean(found, noted.without, of_author=may_moderate(by) and not is_own)
        if phrases:
            files = _clean_own(found, taken.without, with_files=with_files)
        else:
            files = _empty(found, put, who=Post.Removed.AUTHOR if is_own else Post.Removed.MODERATOR)
        count = _clean_quotes(found, topic_ids, taken)
        if is_own:
            audit.write("discussions.post.cleaned", by=by, on=found, person=by)
        else:
            tell_author("discussions.post.purged", found, by=by, reason=reason)
    return Purged(count, files)


def still_said(post: Post, phrases: Collection[str], *, to) -> list[Post]:
    """Other posts of the topic that hold one of the phrases in their own words, of those that `to` may see."""
    sought = Phrases(phrases, "")
    posts = Post.objects.visible_to(to).filter(topic=post.topic_id).select_related("poster").defer("search")
    return [
        each for each in posts.order_by("position").iterator() if sought.stand_in(f"{each.subject}\n{each.content}")
    ]


def cannot_reach() -> list[str]:
    """What stays out of reach, in sentences for whoever removes something."""
    days = settings.BACKUPS_KEPT_DAYS
    if days:
        until = formats.date_format(timezone.localdate() + timedelta(days=days), "DATE_FORMAT")
        backups = _("Backups: those of up to today hold the words until %(day)s, when the last of them is deleted.")
        backups %= {"day": until}
    else:
        backups = _("Backups: they hold the words for as long as the association keeps them.")
    return [
        _("E-mail that was sent already, and what somebody copied, printed or downloaded."),
        _("What somebody has open in their browser now, or says in their own words."),
        backups,
    ]


# The post itself -----------------------------------------------------------------------------------------------------


def _clean_own(post: Post, clean: Clean, *, with_files: bool) -> int:
    """Take phrases out of all that belongs to a post; how many files went."""
    for version in PostVersion.objects.filter(post=post):
        changed = {"subject": clean(version.subject), "content": clean(version.content)}
        PostVersion.objects.filter(pk=version.pk).update(**changed)
    _write(post, clean(post.content), subject=clean(post.subject))
    if _is_first(post):
        _rename(post.topic, clean(post.topic.subject))
        for model, column in ((TopicPoll, "question"), (TopicPollOption, "text")):
            of_topic = {"topic": post.topic_id} if model is TopicPoll else {"poll__topic": post.topic_id}
            for pk, words in list(model._base_manager.filter(**of_topic).values_list("pk", column)):
                model._base_manager.filter(pk=pk).update(**{column: clean(words)})
    own = Draft.objects.filter(Q(post=post) | Q(topic=post.topic_id, user=post.poster_id))
    _clean_drafts(own, clean)
    files = Attachment.objects.filter(Q(post=post) | Q(draft__post=post))
    if with_files:
        return files.delete()[0]
    for file in files:
        Attachment.objects.filter(pk=file.pk).update(name=clean(file.name), alt=clean(file.alt))
    return 0


def _empty(post: Post, put: str, *, who: Post.Removed) -> int:
    """Take away all that a post says; how many files went. A topic that was answered stands without its subject."""
    PostVersion.objects.filter(post=post).delete()
    Draft.objects.filter(post=post).delete()
    Mention.objects.filter(post=post).delete()
    files, _of = Attachment.objects.filter(post=post).delete()
    if not post.removed:
        moderation.take_away(post, who, whole=not moderation.is_answered(post))
    _write(post, "", subject="")
    if _is_first(post):
        TopicPoll.objects.filter(topic=post.topic_id).delete()
        _rename(post.topic, put)
    return files


def _all_said(post: Post) -> list[str]:
    """What it says and said, and what belongs to it: a subject and a poll to the first, and the names of files."""
    versions = PostVersion.objects.filter(post=post).values_list("content", "subject")
    rows = [(post.content,), *versions, *Attachment.objects.filter(post=post).values_list("name", "alt")]
    if _is_first(post):
        polls = TopicPoll.objects.filter(topic=post.topic_id)
        rows += [(post.topic.subject,), *polls.values_list("question", "options__text")]
    return list(dict.fromkeys(text for row in rows for text in row if text))


def _that_stand_there(post: Post, phrases: Collection[str]) -> list[str]:
    """Those of the phrases that the post holds: of what others wrote about it, no more is removed than its own words.
    Raises DiscussionRefused where it is none."""
    texts = _all_said(post)
    there = [phrase for phrase in phrases if any(Phrases([phrase], "").stand_in(text) for text in texts)]
    if not there:
        raise DiscussionRefused(_("None of these stands in this post. Copy them as they are written there."))
    return there


def _is_first(post: Post) -> bool:
    return post.topic.first_post_id == post.pk


def _rename(topic: Topic, subject: str) -> None:
    if subject != topic.subject:
        posting.rename(topic, subject)


def _write(post: Post, content: str, **columns) -> None:
    """Have a post say this. No version of what it said is kept, and whoever has the old words open can't save them
    without being told."""
    if content == post.content and all(getattr(post, name) == value for name, value in columns.items()):
        return
    post.content = content
    history.rewrite(post, content=content, content_html=mentions.render_again(post), **columns)


# What others quote ---------------------------------------------------------------------------------------------------


def _clean_quotes(post: Post, topic_ids: Collection[int], taken: Phrases | Quotes) -> int:
    """Take the words out of quotes, in posts, their histories, and drafts; how many posts that were."""
    count = 0
    posts = Post.objects.filter(topic__in=topic_ids, content__regex=_QUOTES).exclude(pk=post.pk)
    for other in posts.defer("search", "content_html").order_by("pk").iterator(chunk_size=200):
        cleaned = taken.without_in_quotes(other.content, all_of_it=other.quoted_id == post.pk)
        count += cleaned != other.content
        _write(other, cleaned)
    versions = PostVersion.objects.filter(post__topic__in=topic_ids, content__regex=_QUOTES).exclude(post=post)
    for version in versions.select_related("post").defer("post__search", "post__content").iterator(chunk_size=200):
        cleaned = taken.without_in_quotes(version.content, all_of_it=version.post.quoted_id == post.pk)
        if cleaned != version.content:
            PostVersion.objects.filter(pk=version.pk).update(content=cleaned)
    drafts = Draft.objects.filter(Q(topic__in=topic_ids) | Q(post__topic__in=topic_ids))
    _clean_drafts(drafts.exclude(post=post), taken.without_in_quotes)
    return count


def _clean_drafts(drafts: QuerySet[Draft], clean: Clean) -> None:
    """A draft that is open somewhere has another version then, so that it is not saved over unseen."""
    for draft in drafts.select_for_update(of=("self",)).order_by("pk"):
        changed = {
            "subject": clean(draft.subject),
            "body": clean(draft.body),
            "more": {name: [clean(value) for value in values] for name, values in draft.more.items()},
        }
        if any(getattr(draft, name) != value for name, value in changed.items()):
            Draft.objects.filter(pk=draft.pk).update(**changed, saved_at=timezone.now())


def _locked(post: Post, by) -> tuple[Post, set[int]]:
    """The post as it stands, and the topics in which it is quoted, all of them locked in the order of their numbers."""
    for _attempt in range(ATTEMPTS):
        point = transaction.savepoint()
        topic_ids = _quoted_in(post.pk)
        locks.topics(topic_ids)
        found = locked_post(post, by)
        if _quoted_in(post.pk) <= topic_ids:
            transaction.savepoint_commit(point)
            return found, topic_ids
        transaction.savepoint_rollback(point)
    raise DiscussionRefused(_("This conversation is being changed by somebody else. Please try again."))


def _quoted_in(post_id: int) -> set[int]:
    """The topic of a post, and those of all that answer it, directly or through others: quotes are quoted again."""
    known, newest = {post_id}, {post_id}
    topics: set[int] = set(Post.objects.filter(pk=post_id).order_by().values_list("topic", flat=True))
    while newest:
        answers = Post.objects.filter(quoted__in=newest).exclude(pk__in=known).order_by().values_list("pk", "topic")
        found = dict(answers)
        topics.update(found.values())
        newest = set(found)
        known |= newest
    return topics
