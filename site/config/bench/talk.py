"""Forums full of talk, for measuring what the discussions cost: members, groups' forums, topics and posts, by COPY.

Few posts and then many, in the same forums and the same two topics that are looked at: so that what a page costs can be
compared. Everything is invented from one pool of sentences, the same at each run. The bench measures a copy of the
data, which is thrown away (`__main__`).
"""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, models, transaction
from django.utils import timezone

from community.discussions.importing.arrivals import new_ids
from community.discussions.models import Forum, Post, Topic, TopicMark
from community.groups.models import Group, Membership
from community.members.models import User
from core import markdown
from core.audience import Audience

COMMON, RARE, ABSENT = "session", "quillorbit", "zanzibarquokka"  # in a third of all posts, in a dozen, in none
SINCE = timedelta(days=5 * 365)
TOPICS_OF_FORUM = 0.1  # the share of all topics that stands in the forum that is looked at
_SIZES = (1, 2, 3, 4, 6, 8, 11, 15, 25, 113)  # posts of a topic, again and again: 19 on average, and few are long
_SYLLABLES = ["ba", "ke", "lo", "mi", "nu", "ra", "se", "ti", "vo", "we", "xa", "yo", "da", "fe", "gi", "ho"]


@dataclass(frozen=True)
class Size:
    """How much of everything there is. `longest` are the posts of the one topic that is read deep inside."""

    members: int
    topics: int
    posts: int
    longest: int
    forums: int = 500
    forums_of_groups: int = 450


SMALL = Size(members=400, topics=500, posts=10_000, longest=1_000)
BIG = Size(members=20_000, topics=50_000, posts=1_000_000, longest=50_000)


@dataclass(frozen=True)
class Looked:
    """What is measured in the data: a forum that everybody reads, and its longest topic."""

    forum: Forum
    topic: Topic


def fill(size: Size) -> Looked:
    """Make what is missing until there is as much of everything as `size` says."""
    chance = random.Random(4)  # noqa: S311 - the same talk at each run
    texts = _Texts(chance)
    with _quick():
        people = _members(size)
        forums = _forums(size, people)
        looked = forums[0]
        topic = _topics_and_posts(size, forums, people, texts, chance)
        _count(forums)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) forum_conversation_topic, forum_conversation_post, forum_forum, members_user")
        cursor.execute("VACUUM (ANALYZE) discussions_topicmark")
    return Looked(Forum.objects.get(pk=looked.pk), Topic.objects.select_related("forum").get(pk=topic))


def copy(model: type[models.Model], rows: Iterable[dict]) -> None:
    """Write rows by COPY. What a row does not say is what a new instance would have."""
    blank = model()
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    names = [field.attname for field in fields]
    usual = {
        field.attname: field.get_db_prep_save(getattr(blank, field.attname), connection)
        for field in fields
        if not field.primary_key
    }
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copying:
        for row in rows:
            row = usual | row
            copying.write_row([row[name] for name in names])


class _Texts:
    """A pool of paragraphs, rendered once each: a post is one of them, with a word of its own here and there."""

    def __init__(self, chance: random.Random) -> None:
        words = ["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3)))) for _word in range(4000)]
        weights = [1 / (rank + 5) for rank in range(len(words))]
        self.pool = []
        for number in range(1500):
            said = chance.choices(words, weights, k=chance.randint(20, 60))
            if number % 3 == 0:
                said.insert(7, COMMON)
            text = f"{' '.join(said[:15])}.\n\n{' '.join(said[15:])}."
            self.pool.append((text, markdown.render(text)))

    def of(self, number: int, every: int) -> tuple[str, str]:
        text, html = self.pool[number * 7919 % len(self.pool)]
        return (f"{text} {RARE}", f"{html}<p>{RARE}</p>") if number % every == every // 2 else (text, html)


def _members(size: Size) -> list[int]:
    there = list(User.objects.members().order_by("pk").values_list("pk", flat=True))
    missing = max(size.members - len(there), 0)
    now = timezone.now()
    ids = new_ids(User, missing)
    copy(
        User,
        (
            {
                "id": pk,
                "email": f"bench-{pk}@collegial.test",
                "display_name": f"Robin {_SYLLABLES[pk % 16].title()}{_SYLLABLES[pk // 16 % 16]} {pk}",
                "credentials": "LPC",
                "licence_jurisdiction": "Ohio",
                "licence_checked_on": now.date(),
                "standing": User.Standing.ACTIVE,
                "password": "!",
                "date_joined": now - SINCE,
            }
            for pk in ids
        ),
    )
    return [*there, *ids]


def _forums(size: Size, people: list[int]) -> list[Forum]:
    """Those for everybody first: a fifth is open to the web, the one that is looked at among them."""
    made = list(Forum.objects.filter(slug__startswith="bench-").order_by("pk"))
    if made:
        return made
    groups = Group.objects.bulk_create(
        Group(kind=Group.Kind.COMMUNITY, name=f"Talk {n}", slug=f"bench-talk-{n}", purpose="To talk.")
        for n in range(size.forums_of_groups)
    )
    Membership.objects.bulk_create(
        Membership(group=group, user_id=people[(number * 5 + more) % len(people)], signed_edition=group.edition)
        for number, group in enumerate(groups)
        for more in range(4)
    )
    open_to = [Audience.WORLD, Audience.MEMBERS, Audience.MEMBERS, Audience.PRACTITIONERS, Audience.MEMBERS]
    owners: list[Group | None] = [None] * (size.forums - size.forums_of_groups)
    first = (Forum.objects.aggregate(last=models.Max("tree_id"))["last"] or 0) + 1
    return Forum.objects.bulk_create(
        Forum(
            type=Forum.FORUM_POST,
            name=owner.name if owner else f"Forum {number}",
            slug=f"bench-{number}",
            description="" if owner else "What colleagues ask each other about their work, one matter a thread.",
            audience=Audience.GROUP if owner else open_to[number % len(open_to)],
            group=owner,
            tree_id=first + number,
            lft=1,
            rght=2,
            level=0,
        )
        for number, owner in enumerate([*owners, *groups])
    )


def _topics_and_posts(size: Size, forums: list[Forum], people: list[int], texts: _Texts, chance: random.Random) -> int:
    """The longest topic comes first in its forum, and is the one that keeps growing; the id of it is returned."""
    forum_ids = [forum.pk for forum in forums]
    with_topics = Topic.objects.filter(forum__in=forum_ids)
    longest = with_topics.filter(forum=forum_ids[0]).order_by("-posts_count").first()
    start = longest.posts_count if longest else 0
    missing_topics = size.topics - with_topics.count()
    missing_posts = size.posts - Post.objects.filter(topic__in=with_topics).count() - (size.longest - start)
    now = timezone.now()
    ids = new_ids(Topic, missing_topics)
    counts = _counts(len(ids) - (0 if longest else 1), missing_posts)
    longest_id = longest.pk if longest else ids[0]
    plan = [
        (longest_id, start, size.longest),
        *((pk, 0, n) for pk, n in zip(ids[0 if longest else 1 :], counts, strict=True)),
    ]
    every = max(sum(upto - begin for _pk, begin, upto in plan) // 12, 1)
    posts = iter(new_ids(Post, sum(upto - begin for _pk, begin, upto in plan)))
    topics: list[dict] = []
    grown: dict = {}  # the longest, where it was there before
    marks: dict[tuple[int, int], int] = {}

    def of_topic(number: int, pk: int, begin: int, upto: int) -> Iterator[dict]:
        in_forum = 0 if pk == longest_id or number % round(1 / TOPICS_OF_FORUM) == 1 else number % len(forum_ids)
        ends = now - (timedelta(minutes=1) if pk == longest_id else SINCE * (number / len(plan)) ** 2)
        last = 0
        for position in range(begin + 1, upto + 1):
            last = next(posts)
            written = ends - timedelta(minutes=(upto - position) * 3 + 1)
            poster = people[chance.randrange(len(people))]
            marks[pk, poster] = marks.get((pk, poster), 0) + 1
            text, html = texts.of(last, every)
            subject = f"Matter {pk}: {text[:40]}" if position == 1 else ""
            if position == 1:
                topics.append(
                    {"id": pk, "forum_id": forum_ids[in_forum], "poster_id": poster, "subject": subject}
                    | {"slug": f"matter-{pk}", "created": written, "first_post_id": last}
                    | {"kind": list(Topic.Kind)[number % 3].value if number % 3 != 2 else "resource"}
                )
            yield (
                {"id": last, "topic_id": pk, "poster_id": poster, "position": position, "subject": subject}
                | {"content": text, "content_html": html, "renderer": markdown.VERSION}
                | {"created": written, "updated": written}
            )
        if topics and topics[-1]["id"] == pk:
            topics[-1] |= {"posts_count": upto, "last_post_id": last, "last_post_on": ends}
        else:
            grown.update(posts_count=upto, last_post=last, last_post_on=ends)

    copy(Post, (row for number, planned in enumerate(plan) for row in of_topic(number, *planned)))
    copy(Topic, topics)
    if grown:
        Topic.objects.filter(pk=longest_id).update(**grown)
    there = set(TopicMark.objects.filter(topic=longest_id).values_list("user", flat=True))
    fresh = [(key, count) for key, count in marks.items() if key[0] != longest_id or key[1] not in there]
    copy(
        TopicMark,
        (
            {"id": pk, "topic_id": topic, "user_id": user, "posts_count": count, "read_to": 1}
            for pk, ((topic, user), count) in zip(new_ids(TopicMark, len(fresh)), fresh, strict=True)
        ),
    )
    return longest_id


def _counts(topics: int, posts: int) -> list[int]:
    """How many posts each topic has, in the proportions of `_SIZES`, so that they come to `posts`."""
    counts = [_SIZES[number % len(_SIZES)] for number in range(topics)]
    scale = (posts - topics) / max(sum(counts) - topics, 1)
    counts = [1 + round((count - 1) * scale) for count in counts]
    while missing := posts - sum(counts):  # what rounding left over
        for number in range(min(abs(missing), topics)):
            counts[-1 - number] += 1 if missing > 0 else -1 if counts[-1 - number] > 1 else 0
    return counts


def _count(forums: list[Forum]) -> None:
    """The counters of the forums, from their rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE forum_forum SET direct_topics_count = counted.topics, direct_posts_count = counted.posts,
                last_post_id = counted.last, last_post_on = counted.moment
            FROM (
                SELECT forum_id, count(*) AS topics, sum(posts_count) AS posts, max(last_post_on) AS moment,
                    (array_agg(last_post_id ORDER BY last_post_on DESC))[1] AS last
                FROM forum_conversation_topic GROUP BY forum_id
            ) AS counted
            WHERE forum_forum.id = counted.forum_id AND forum_forum.id = ANY(%s)
            """,
            [[forum.pk for forum in forums]],
        )


@contextmanager
def _quick() -> Iterator[None]:
    """One transaction in which no row is checked against others, and the indexes of posts are written at its end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN"
            " (SELECT conname FROM pg_constraint)",
            [Post._meta.db_table],
        )
        indexes = cursor.fetchall()
        for name, _words in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        for _name, words in indexes:
            cursor.execute(words)
