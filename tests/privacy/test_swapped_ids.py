"""Ids of one group in another's addresses and forms: a 404 or a sentence, and the database as it was.

The same people lead both groups, so that nothing but the id is wrong.
"""

import re
from html.parser import HTMLParser

import pytest
from addresses import own_patterns
from django.db import connection
from django.urls import reverse
from places import UNVISITED, arguments
from psycopg import sql
from secret import Secret, make_secret

# Words in an address that name nothing: the id beside them does.
COSMETIC = {
    ("discussions:topic", "slug"),
    ("discussions:reply", "slug"),
    ("discussions:follow", "slug"),
    ("discussions:move", "slug"),
    *((f"discussions:{name}", "slug") for name in ("merge", "look-after", "close", "reopen", "place")),
    ("discussions:vote", "slug"),
    ("discussions:close-poll", "slug"),
    ("discussions:end-search", "slug"),
    ("discussions:topic-feed", "slug"),
    ("discussions:extend-search", "slug"),
    ("events:event", "slug"),
    ("events:occurrence", "slug"),
    ("events:calendar-file", "slug"),
    ("safety:report", "kind"),  # a kind is no parent: whoever may see the thing reports it
    ("safety:report", "target_id"),
}
# Tables that every visit writes to.
OF_THE_VISIT = re.compile(r"^(django_session|django_cache|usersessions_|procrastinate_|discussions_forummark)")


@pytest.fixture
def pair(db) -> tuple[Secret, Secret]:
    """Two secrets whose ids are nowhere the same, not even across tables, led by the same person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname || '.' || sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
        )
        for step, (sequence,) in enumerate(cursor.fetchall(), 1):
            cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, 1_000_000 + step * 1000])
    one = make_secret()
    return one, make_secret(leader=one.leader, marked="Second")


def snapshot() -> dict[str, str | None]:
    """A hash of each table of ours."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if OF_THE_VISIT.match(table):
                continue
            rows = sql.SQL("SELECT md5(string_agg(row::text, chr(10) ORDER BY row::text)) FROM {} row")
            cursor.execute(rows.format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    return found


def swapped(one: Secret, two: Secret):
    """Each address with one part taken from the other secret, where it has two or more."""
    here, there = arguments(one), arguments(two)
    for name in own_patterns():
        given = here.get(name, {})
        ids = [part for part in given if (name, part) not in COSMETIC]
        if name in UNVISITED or len(ids) < 2:
            continue
        for part in ids:
            if given[part] != there[name][part]:
                yield name, part, reverse(name, kwargs=given | {part: there[name][part]})


def test_every_address_with_two_ids_asks_whether_they_belong_together(client, pair):
    one, two = pair
    client.force_login(one.leader)
    before, seen = snapshot(), set()

    for name, part, path in swapped(one, two):
        answers = {client.get(path).status_code, client.post(path, {"body": "x", "reason": "x"}).status_code}
        assert answers in ({404}, {404, 405}), (name, part)
        seen.add(name)

    assert snapshot() == before
    assert {"discussions:topic", "discussions:reply", "events:occurrence", "groups:file"} <= seen


class Forms(HTMLParser):
    """The forms of a page: where they go, and what they would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict] = []
        self.within: dict | None = None
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.within = {"action": attributes.get("action") or "", "method": attributes.get("method"), "fields": []}
            self.forms.append(self.within)
        elif self.within is None:
            return
        elif tag in ("input", "button") and attributes.get("name"):
            self.within["fields"].append((attributes["name"], attributes.get("value") or "", attributes.get("type")))
        elif tag == "select":
            self.select = attributes.get("name") or ""
        elif tag == "option" and self.select:
            self.within["fields"].append((self.select, attributes.get("value") or "", "option"))
        elif tag == "textarea":
            self.within["fields"].append((attributes.get("name") or "", "Some words.", "text"))

    def handle_endtag(self, tag):
        if tag == "form":
            self.within = None
        elif tag == "select":
            self.select = ""


def ids_of(secret: Secret) -> set[str]:
    """Every id that belongs to a secret, of whatever table."""
    rows = [secret.group, secret.topic, secret.topic.forum, secret.answer, secret.topic.first_post, secret.meeting]
    rows += [
        secret.draft,
        *secret.topic.first_post.attachments.all(),
        secret.topic.poll,
        *secret.topic.poll.options.all(),
    ]
    rows += [secret.meeting.event, secret.file, secret.request, secret.letter, secret.link]
    rows += [secret.insider, secret.colleague, secret.former, secret.pending, secret.invited, secret.unsigned]
    for related in ("memberships", "requests", "invitations", "signatures", "additions", "files"):
        rows += getattr(secret.group, related).all()
    return {str(row.pk) for row in rows}


def with_ids(client, secret: Secret):
    """Forms that carry an id of the secret: where they go, the field, its value, and all that would be sent."""
    known, ids = arguments(secret), ids_of(secret)
    for name in own_patterns():
        if name in UNVISITED:
            continue
        path = reverse(name, kwargs=known.get(name, {}))
        response = client.get(path, follow=True)
        if "text/html" not in response.get("Content-Type", ""):
            continue
        path = response.request["PATH_INFO"]
        for form in Forms(response.getvalue().decode()).forms:
            if (form["method"] or "").lower() != "post":
                continue
            data = {field: value for field, value, kind in form["fields"] if kind != "option"}
            for field, value, _kind in form["fields"]:
                if value in ids and value.isdigit():
                    yield form["action"] or path, field, value, data


def test_no_form_takes_an_id_of_another_group(client, pair):
    one, two = pair
    client.force_login(one.leader)
    found = {(action, field): (value, data) for action, field, value, data in with_ids(client, one)}
    before = snapshot()

    for (action, field), (_value, data) in found.items():
        for foreign in sorted(ids_of(two)):
            response = client.post(action, data | {field: foreign})
            assert response.status_code < 500, (action, field, foreign)
        assert changed_since(before) == set(), (action, field)

    assert found


def changed_since(before: dict[str, str | None]) -> set[str]:
    """The tables that are no longer as they were."""
    return {table for table, now in snapshot().items() if before[table] != now}
