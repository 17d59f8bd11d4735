"""What private pages carry, and that a private thing is refused like one that never was."""

import re

import pytest
from addresses import own_patterns
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from places import UNVISITED, arguments

from community.groups import invitations
from factories.members import UserFactory


def private_addresses(secret) -> list[str]:
    known = arguments(secret)
    return [reverse(name, kwargs=known.get(name, {})) for name in own_patterns() if name not in UNVISITED]


@pytest.mark.parametrize("who", ["insider", "leader", "unsigned"])
def test_pages_for_somebody_are_stored_nowhere_and_named_nowhere(client, secret, who):
    client.force_login(getattr(secret, who))

    for path in private_addresses(secret):
        response = client.get(path)
        if path in ("/brand.css", "/robots.txt", "/articles/feed/", "/sitemap.xml", "/styleguide/"):
            continue  # the same for everybody
        assert "no-store" in response["Cache-Control"], path
        referrer = "no-referrer" if path.startswith("/discussions/feed/") else "same-origin"
        assert response["Referrer-Policy"] == referrer, path
        assert response["X-Content-Type-Options"] == "nosniff", path


def test_files_of_a_group_are_stored_nowhere(client, secret):
    client.force_login(secret.insider)

    response = client.get(reverse("groups:file", kwargs=arguments(secret)["groups:file"]))

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].startswith("attachment")


# The parts that make a thing that never was, by the part's name.
NEVER = {
    "slug": "never-was",
    "pk": 987_654,
    "event_id": 987_654,
    "topic_id": 987_654,
    "post_id": 987_654,
    "target_id": 987_654,
    "forum_slug": "never-was-9",
    "name": "groups/00000000000000000000000000000000.txt",
}


def never(name: str, known: dict) -> dict:
    """The same address with the id of the thing itself, the first of its parts, being nobody's."""
    if name in ("discussions:group", "discussions:group-new") or (name.startswith("groups:") and "slug" in known):
        return known | {"slug": "never-was"}
    for part in ("post_id", "topic_id", "event_id", "target_id", "forum_slug", "pk", "name"):
        if part in known:
            return known | {part: NEVER[part]}
    return known


@pytest.mark.parametrize("who", ["anonymous", "outsider", "former member", "superuser"])
def test_refused_like_a_thing_that_never_was(enter, secret, who):
    """Word for word the same page, and the same number of queries."""
    client = enter(who)
    known = arguments(secret)
    compared = 0
    for name, given in known.items():
        if name.split(":")[0] not in ("groups", "discussions", "events", "safety", "core") or name in LISTS:
            continue
        if name in OF_MODERATORS.get(who, ()):
            continue
        real, other = reverse(name, kwargs=given), reverse(name, kwargs=never(name, given))
        client.get(other)
        with CaptureQueriesContext(connection) as one:
            first = client.get(real)
        with CaptureQueriesContext(connection) as two:
            second = client.get(other)
        assert first.status_code == second.status_code, name
        if first.status_code != 404:
            continue
        assert plain(first, real) == plain(second, other), name
        assert len(one) == len(two), (name, [str(q["sql"])[:90] for q in one], [str(q["sql"])[:90] for q in two])
        compared += 1
    assert compared >= (8 if who == "anonymous" else 20)


LISTS = {"discussions:watch-tag", "events:month", "groups:invitation_link", "safety:close"}
# Who moderates has a page on any member, of a group or of none.
OF_MODERATORS = {"superuser": {"safety:person"}}


def plain(response, path: str) -> str:
    """The page without its own address and what is made anew for each."""
    text = response.getvalue().decode().replace(path, "")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r'nonce="[^"]+"', "", text)


def test_a_link_that_is_over_is_like_one_that_never_was(client, secret):
    client.force_login(UserFactory())
    invitations.revoke(secret.link, by=secret.leader)

    over = client.get(reverse("groups:invitation_link", args=[invitations.token(secret.link)]))
    never_was = client.get(reverse("groups:invitation_link", args=["never-was"]))

    assert over.status_code == never_was.status_code == 404
    assert plain(over, over.request["PATH_INFO"]) == plain(never_was, never_was.request["PATH_INFO"])


def test_no_cookie_holds_what_a_page_says_next(client, secret):
    client.force_login(secret.insider)

    response = client.post(reverse("groups:leave", args=[secret.group.slug]))

    assert response.status_code == 302
    assert "messages" not in client.cookies
    assert "Brackenmoor" in client.get(response["Location"]).content.decode()
