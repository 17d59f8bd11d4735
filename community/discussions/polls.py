"""Polls: a question with a new topic, one vote a person that may be changed while it is open, and its end.

Who chose what is read by nobody. Votes are counted on the answers while the poll's row is locked; the database
refuses a second vote, and one for another poll's answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from community.discussions import trail
from community.discussions.models import Topic, TopicPoll, TopicPollOption, TopicPollVote
from community.discussions.permissions import may_post, may_reply, may_shape
from community.discussions.refusals import DiscussionRefused
from core import lines, markdown

FEWEST_ANSWERS, MOST_ANSWERS = 2, 10
LONGEST_QUESTION, LONGEST_ANSWER = 200, 120
LONGEST_DAYS = 90
HAS_POLL = Exists(TopicPoll.objects.filter(topic=OuterRef("pk")))  # for the page of a topic: most have none


@dataclass(frozen=True)
class NewPoll:
    """A poll that is to come with a topic. `days` is how long it is open; without it, as long as the topic is."""

    question: str
    answers: tuple[str, ...]
    days: int | None = None


def check_question(question: str) -> str:
    """The question as it is kept. Raises DiscussionRefused where there is none, or too much."""
    question = _line(question)
    if not question:
        raise DiscussionRefused(_("Write the question that these are the answers to."))
    if len(question) > LONGEST_QUESTION:
        raise DiscussionRefused(
            _("A question has at most %(most)s characters; this one has %(count)s.")
            % {"most": LONGEST_QUESTION, "count": len(question)}
        )
    return question


def check_answers(answers: Iterable[str]) -> tuple[str, ...]:
    """The answers as they are kept, without empty ones. Raises DiscussionRefused for too few, many, long or equal."""
    kept = tuple(answer for answer in map(_line, answers) if answer)
    if not FEWEST_ANSWERS <= len(kept) <= MOST_ANSWERS:
        raise DiscussionRefused(
            _("Write %(fewest)s to %(most)s answers, each on a line of its own.")
            % {"fewest": FEWEST_ANSWERS, "most": MOST_ANSWERS}
        )
    for answer in kept:
        if len(answer) > LONGEST_ANSWER:
            raise DiscussionRefused(
                _("“%(start)s…” is too long for an answer: it has at most %(most)s characters.")
                % {"start": answer[:30], "most": LONGEST_ANSWER}
            )
    if len({answer.casefold() for answer in kept}) < len(kept):
        raise DiscussionRefused(_("Two answers are the same. Change one, or leave it out."))
    return kept


def check_days(days: int | None) -> int | None:
    """For how many days a poll is open. Raises DiscussionRefused for none or too many."""
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise DiscussionRefused(_("A poll is open for 1 to %(most)s days.") % {"most": LONGEST_DAYS})
    return days


def add_poll(topic: Topic, poll: NewPoll) -> TopicPoll:
    """Put a poll under a topic that is just being made. Raises DiscussionRefused for what `check_…` refuses."""
    answers, days = check_answers(poll.answers), check_days(poll.days)
    made = TopicPoll.objects.create(topic=topic, question=check_question(poll.question), duration=days)
    TopicPollOption.objects.bulk_create(
        [TopicPollOption(poll=made, text=text, position=number) for number, text in enumerate(answers, 1)]
    )
    return made


def begin(topic: Topic, now: datetime) -> None:
    """A topic that waited is read from now on: so long is its poll open, if it has one."""
    TopicPoll.objects.filter(topic=topic).update(created=now)


def vote(poll: TopicPoll, option_id: int, *, by) -> None:
    """Choose an answer, or another one than before. The same one again changes nothing.

    Raises DiscussionRefused where the poll or its topic is closed, where `by` may not write here, and for an answer of
    another poll.
    """
    with transaction.atomic():
        poll = _locked(poll, by)
        if not may_vote(by, poll):
            raise DiscussionRefused(_("This poll takes no votes any more."))
        if not poll.options.filter(pk=option_id).exists():
            raise DiscussionRefused(_("Choose one of the answers."))
        before = TopicPollVote.objects.filter(poll=poll, voter=by).first()
        if before is not None and before.poll_option_id == option_id:
            return
        if before is None:
            TopicPollVote.objects.create(poll=poll, poll_option_id=option_id, voter=by)
        else:
            _count(before.poll_option_id, -1)
            TopicPollVote.objects.filter(pk=before.pk).update(poll_option_id=option_id, timestamp=timezone.now())
        _count(option_id, +1)


def close(poll: TopicPoll, *, by) -> None:
    """End a poll: it takes no more votes, and everybody sees what came out. Closing twice changes nothing.

    Raises DiscussionRefused unless `by` started it or looks after the conversation.
    """
    with transaction.atomic():
        poll = _locked(poll, by)
        if not may_close(by, poll):
            raise DiscussionRefused(_("A poll is closed by whoever started it, or by a moderator."))
        if poll.is_over:
            return
        TopicPoll.objects.filter(pk=poll.pk).update(closed_at=timezone.now())
        if poll.topic.poster_id != by.pk:
            topic = poll.topic
            trail.note("discussions.poll.closed", by=by, on=topic, forum=topic.forum, person=topic.poster)


def may_vote(user, poll: TopicPoll) -> bool:
    """Whoever may answer in the topic, while both are open."""
    return not poll.is_over and may_reply(user, poll.topic)


def may_close(user, poll: TopicPoll) -> bool:
    """Whoever started it, and who looks after the conversation."""
    return _is_own(user, poll) or may_shape(user, poll.topic)


@dataclass(frozen=True)
class Answer:
    """One answer of a poll as somebody sees it: `count` is known to those who see the results."""

    pk: int
    text: str
    count: int
    is_own: bool


@dataclass(frozen=True)
class Shown:
    """A poll as one reader sees it. Results are there once they have chosen, or when it takes no votes any more."""

    poll: TopicPoll
    answers: list[Answer]
    is_over: bool
    has_results: bool
    has_voted: bool
    may_vote: bool
    may_close: bool

    @property
    def total(self) -> int:
        return sum(answer.count for answer in self.answers)


def shown(poll: TopicPoll, user, *, may_answer: bool | None = None, looks_after: bool | None = None) -> Shown:
    """A poll for `user`, who reads its topic. One query; what the page knows of the reader spares others."""
    own = TopicPollVote.objects.filter(poll_option=OuterRef("pk"), voter=user.pk)
    options = list(TopicPollOption.objects.filter(poll=poll).annotate(is_own=Exists(own)))
    has_voted = any(option.is_own for option in options)
    is_over = poll.is_over or poll.topic.is_locked
    has_results = has_voted or is_over
    return Shown(
        poll,
        [Answer(each.pk, each.text, each.votes_count if has_results else 0, each.is_own) for each in options],
        is_over=is_over,
        has_results=has_results,
        has_voted=has_voted,
        may_vote=not is_over and (may_reply(user, poll.topic) if may_answer is None else may_answer),
        may_close=not is_over
        and (may_close(user, poll) if looks_after is None else looks_after or _is_own(user, poll)),
    )


def _is_own(user, poll: TopicPoll) -> bool:
    topic = poll.topic
    return topic.poster_id is not None and topic.poster_id == user.pk and may_post(user, topic.forum)


def _locked(poll: TopicPoll, by) -> TopicPoll:
    """The poll with its row locked, and its topic as it stands; a lock or a move of the topic waits for the vote."""
    topics = Topic.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    topic = topics.select_related("forum__group").filter(pk=poll.topic_id).first()
    found = TopicPoll.objects.select_for_update(of=("self",), no_key=True).filter(pk=poll.pk, topic=topic).first()
    if topic is None or found is None:
        raise DiscussionRefused(_("This poll is not there any more."))
    found.topic = topic
    return found


def _count(option_id: int, change: int) -> None:
    TopicPollOption.objects.filter(pk=option_id).update(votes_count=F("votes_count") + change)


def _line(text: str) -> str:
    return lines.tidy(markdown.without_controls(text))
