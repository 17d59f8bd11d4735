"""The counters of forums, topics, posts, polls and marks: changed in place, in the transaction of what they count,
while the row that holds them is locked. `differences` proves them from the rows themselves, `repair` writes them anew.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F, Model
from psycopg import sql

from community.discussions.models import (
    Forum,
    Post,
    Reaction,
    Topic,
    TopicMark,
    TopicPoll,
    TopicPollOption,
    TopicPollVote,
)

AT_ONCE = 1000  # rows that one transaction of `repair` locks


def count_in_forum(forum_id: int, *, topics: int = 0, posts: int = 0) -> None:
    """Add to what a forum counts, and look up its last post, within the transaction of the change."""
    rows = Forum.objects.filter(pk=forum_id)
    rows.update(
        direct_topics_count=F("direct_topics_count") + topics, direct_posts_count=F("direct_posts_count") + posts
    )
    # The update holds the row's lock, so whoever writes in another topic meanwhile adds to it after this.
    newest = Topic.objects.filter(forum=forum_id, approved=True).order_by("-last_post_on", "-pk").first()
    rows.update(last_post=newest and newest.last_post_id, last_post_on=newest and newest.last_post_on)


def find_last_post(topic_id: int) -> None:
    """Have a topic name its last post that is read. Called with the topic locked; none leaves it as it was."""
    last = Post.objects.filter(topic=topic_id, approved=True).order_by("-position").only("created").first()
    if last is not None:
        Topic.objects.filter(pk=topic_id).update(last_post=last, last_post_on=last.created)


def count_of_author(post: Post, change: int) -> None:
    """Add to how many posts that are read its author has in the topic."""
    if post.poster_id is not None:
        mark = TopicMark.objects.filter(topic=post.topic_id, user=post.poster_id)
        mark.filter(posts_count__gte=-change).update(posts_count=F("posts_count") + change)


@dataclass(frozen=True)
class Difference:
    """One counter that is not what the rows say."""

    table: str
    pk: int
    column: str
    stored: object
    counted: object


@dataclass(frozen=True)
class _Check:
    """What the columns of one table hold, as SQL over `row`; `joined` is what is counted in one go for all rows."""

    name: str
    model: type[Model]
    columns: dict[str, str]
    joined: str = ""


_TABLES = {
    "posts": Post._meta.db_table,
    "topics": Topic._meta.db_table,
    "forums": Forum._meta.db_table,
    "reactions": Reaction._meta.db_table,
    "votes": TopicPollVote._meta.db_table,
    "marks": TopicMark._meta.db_table,
}
_LAST_OF_TOPIC = """(SELECT {what} FROM {posts} p WHERE p.topic_id = row.id AND p.approved
    ORDER BY p.position DESC LIMIT 1)"""
_LAST_OF_FORUM = """(SELECT t.{what} FROM {topics} t WHERE t.forum_id = row.id AND t.approved
    ORDER BY t.last_post_on DESC, t.id DESC LIMIT 1)"""
_CHECKS = (
    _Check(
        "posts",
        Post,
        {
            "position": "placed.number",
            "with_count": "(SELECT count(*) FROM {reactions} r WHERE r.post_id = row.id AND r.kind = 'with')",
            "helpful_count": "(SELECT count(*) FROM {reactions} r WHERE r.post_id = row.id AND r.kind = 'helpful')",
        },
        """LEFT JOIN (SELECT id, row_number() OVER (PARTITION BY topic_id ORDER BY position) AS number
            FROM {posts} WHERE position IS NOT NULL) placed ON placed.id = row.id""",
    ),
    _Check(
        "topics",
        Topic,
        {
            "posts_count": """(SELECT count(*) FROM {posts} p
                WHERE p.topic_id = row.id AND p.position IS NOT NULL)""",
            "first_post_id": """coalesce(
                (SELECT p.id FROM {posts} p WHERE p.topic_id = row.id AND p.position = 1), row.first_post_id)""",
            "last_post_id": f"coalesce({_LAST_OF_TOPIC.replace('{what}', 'p.id')}, row.last_post_id)",
            "last_post_on": f"coalesce({_LAST_OF_TOPIC.replace('{what}', 'p.created')}, row.last_post_on)",
        },
    ),
    _Check(
        "forums",
        Forum,
        {
            "direct_topics_count": "(SELECT count(*) FROM {topics} t WHERE t.forum_id = row.id AND t.approved)",
            "direct_posts_count": """(SELECT count(*) FROM {topics} t JOIN {posts} p ON p.topic_id = t.id
                WHERE t.forum_id = row.id AND t.approved AND p.approved)""",
            "last_post_id": _LAST_OF_FORUM.replace("{what}", "last_post_id"),
            "last_post_on": _LAST_OF_FORUM.replace("{what}", "last_post_on"),
        },
    ),
    _Check(
        "marks",
        TopicMark,
        {
            "posts_count": "coalesce(written.number, 0)",
            "read_to": "least(row.read_to, (SELECT t.posts_count FROM {topics} t WHERE t.id = row.topic_id))",
        },
        """LEFT JOIN (SELECT topic_id, poster_id, count(*) AS number FROM {posts} WHERE approved
            GROUP BY topic_id, poster_id) written
            ON written.topic_id = row.topic_id AND written.poster_id = row.user_id""",
    ),
    _Check(
        "answers of polls",
        TopicPollOption,
        {"votes_count": "(SELECT count(*) FROM {votes} v WHERE v.poll_option_id = row.id)"},
    ),
)


def differences() -> Iterator[Difference]:
    """All counters that are not what the rows say: each table in one look, so that what is being written meanwhile is
    seen whole or not at all."""
    for check in _CHECKS:
        for column, truth in check.columns.items():
            yield from _differences(check, column, truth)


def repair() -> int:
    """Write what `differences` finds anew, while others go on writing; how many counters were wrong."""
    count = 0
    for check in _CHECKS:
        for column, truth in check.columns.items():
            wrong = [found.pk for found in _differences(check, column, truth)]
            for start in range(0, len(wrong), AT_ONCE):
                with transaction.atomic():
                    count += _write(check, column, truth, wrong[start : start + AT_ONCE])
    return count


def recount(forum_id: int) -> None:
    """Write a forum's counters and its last post anew, from its rows. Called within a transaction."""
    _recount(Forum, [forum_id])


def recount_topics(topic_ids: Collection[int]) -> None:
    """The same for topics."""
    _recount(Topic, topic_ids)


def _recount(model: type[Model], ids: Collection[int]) -> None:
    [check] = [check for check in _CHECKS if check.model is model]
    for column, truth in check.columns.items():
        _write(check, column, truth, ids)


def _differences(check: _Check, column: str, truth: str) -> Iterator[Difference]:
    query = sql.SQL("SELECT row.id, row.{column}, {truth} FROM {table} row {joined}").format(
        **_parts(check, column, truth)
    )
    query += sql.SQL(" WHERE row.{column} IS DISTINCT FROM {truth} ORDER BY row.id").format(
        column=sql.Identifier(column), truth=_sql(truth)
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows = cursor.fetchall()
    for pk, stored, counted in rows:
        yield Difference(check.name, pk, column, stored, counted)


def _write(check: _Check, column: str, truth: str, ids: Collection[int]) -> int:
    """With the rows locked first: what is counted then is all that will have been counted."""
    if check.model in (Post, TopicMark):  # their topics guard them
        topics = check.model._base_manager.filter(pk__in=ids).order_by().values("topic")
        list(Topic.objects.select_for_update(no_key=True).filter(pk__in=topics).order_by("pk").values_list("pk"))
    elif check.model is TopicPollOption:  # who votes locks the poll
        polls = TopicPoll.objects.filter(options__in=ids)
        list(TopicPoll.objects.select_for_update(no_key=True).filter(pk__in=polls).order_by("pk").values_list("pk"))
    rows = check.model._base_manager.select_for_update(no_key=True).filter(pk__in=ids)
    list(rows.order_by("pk").values_list("pk"))
    query = sql.SQL(
        "UPDATE {table} changed SET {column} = found.truth"
        " FROM (SELECT row.id, {truth} AS truth FROM {table} row {joined}"
        " WHERE row.id = ANY(%s)) found WHERE found.id = changed.id AND changed.{column} IS DISTINCT FROM found.truth"
    ).format(**_parts(check, column, truth))
    with connection.cursor() as cursor:
        cursor.execute(query, [list(ids)])
        return cursor.rowcount


def _parts(check: _Check, column: str, truth: str) -> dict[str, sql.Composable]:
    return {
        "table": sql.Identifier(check.model._meta.db_table),
        "column": sql.Identifier(column),
        "truth": _sql(truth),
        "joined": _sql(check.joined),
    }


def _sql(text: str) -> sql.Composed:
    """One of the sentences above, with the tables in it named."""
    return sql.SQL(text).format(**{name: sql.Identifier(table) for name, table in _TABLES.items()})  # type: ignore[arg-type] # a constant
