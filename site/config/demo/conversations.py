"""Threads of the demonstration: written through the real functions, then moved back to their days."""

from datetime import timedelta

from django.utils import timezone

from community.discussions import archive, forums, polls, posting
from community.discussions.models import Topic
from community.discussions.permissions import may_reply
from community.groups.models import Group
from community.members.models import User
from config.demo import circles, content
from core.models import Subject


def public(people: dict[str, User]) -> None:
    """The forums of the whole association and their threads."""
    places = {}
    for row in content.read("texts")["forum"]:
        places[row["slug"]] = forums.create_forum(
            name=row["name"],
            slug=row["slug"],
            description=row["description"],
            audience=row["audience"],
            category=row["category"],
        )
    for file in content.threads():
        for topic in file["topic"]:
            _thread(places[file["forum"]["slug"]], topic, people)


def within_groups(people: dict[str, User], groups: dict[str, Group]) -> None:
    """The private forums of groups and their threads."""
    places = {slug: forums.forum_for_group(groups[slug]) for slug in circles.with_forum()}
    for topic in content.read("group_threads")["topic"]:
        _thread(places[topic["group"]], topic, people)


def _thread(forum, row: dict, people: dict[str, User]) -> None:
    first, *replies = row["post"]
    topic = posting.start_topic(
        forum,
        by=people[first["author"]],
        subject=row["subject"],
        body=first["body"].strip(),
        kind=row.get("kind", Topic.Kind.DISCUSSION),
        tags=Subject.objects.filter(slug__in=row.get("tags", [])),
        poll=polls.NewPoll(row["poll"]["question"], tuple(row["poll"]["answers"])) if "poll" in row else None,
    )
    posts = [topic.first_post]
    posts += [posting.reply(topic, by=people[reply["author"]], body=reply["body"].strip()) for reply in replies]
    now = timezone.now()
    for post, words in zip(posts, row["post"], strict=True):
        archive.backdate(post, now - timedelta(days=words["days_ago"]))
    if "poll" in row:
        _vote(topic, row["poll"]["votes"], people)


def _vote(topic: Topic, votes: list[int], people: dict[str, User]) -> None:
    """Each vote is the number of an answer, by one member after the other of those who may."""
    options = list(topic.poll.options.all())
    voters = [person for person in people.values() if may_reply(person, topic)]
    for person, number in zip(voters, votes, strict=False):
        polls.vote(topic.poll, options[number].pk, by=person)
