"""What was imported is read by nobody, anywhere, until somebody on the staff opens it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.urls import reverse
from django.utils import timezone

from community.discussions import forums, moderation, posting
from community.discussions.importing import opening, runs
from community.discussions.models import Forum, Post, Topic
from community.discussions.refusals import DiscussionRefused
from core.models import AuditEntry
from factories.archives import json_lines, line
from factories.discussions import make_forum, make_topic
from factories.groups import GroupFactory
from factories.members import UserFactory, as_moderator

CANARY = "Umberwick"


@pytest.fixture
def imported(db, tmp_path):
    """A forum for everybody, with one topic that a member began, and whose words nobody may read yet."""
    author = UserFactory(email="ada@example.org", confirmed=True, practitioner=True)
    forum = runs.place_for("old-list", audience="world", name=f"The {CANARY} list")
    moment = {"date": (timezone.now() - timedelta(hours=1)).isoformat()}
    rows = [
        line(1, author=author.email, subject=f"About {CANARY}", body=f"{CANARY}, 614-555-0134", **moment),
        line(2, answers="m1", body=f"More of {CANARY}", **moment),
        line(3, subject=f"Nobody answered {CANARY}", **moment),
    ]
    runs.run(json_lines(tmp_path / "list.jsonl", rows), forum)
    return Topic.objects.select_related("forum", "poster", "first_post").get(posts_count=2)


def staff_user(*codenames: str):
    user = UserFactory(staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


@pytest.fixture
def staff(db):
    return staff_user("change_forum")


def channels(topic: Topic) -> list[str]:
    """Addresses at which it could be read, by their paths."""
    forum = topic.forum
    return [
        reverse("discussions:list"),
        reverse("discussions:all"),
        f"{reverse('discussions:all')}?show=mine",
        f"{reverse('discussions:all')}?show=unanswered",
        f"{reverse('discussions:search')}?q={CANARY}",
        f"/search/?q={CANARY}",
        reverse("portal:today"),
        "/sitemap.xml",
        forum.get_absolute_url(),
        topic.get_absolute_url(),
        topic.first_post.get_absolute_url(),
        reverse("discussions:forum-feed", args=[forum.slug]),
        reverse("discussions:topic-feed", args=[forum.slug, topic.pk, topic.slug]),
        reverse("discussions:history", args=[topic.first_post_id]),
        reverse("safety:report", args=["post", topic.first_post_id]),
    ]


def shown(client, path: str) -> str:
    return client.get(path, follow=True).content.decode().lower()


@pytest.mark.parametrize("who", ["visitor", "member", "author", "moderator", "superuser", "staff"])
def test_it_shows_nowhere(client, imported, staff, who):
    people = {
        "member": lambda: UserFactory(practitioner=True),
        "author": lambda: imported.poster,
        "moderator": lambda: as_moderator(UserFactory(practitioner=True)),
        "superuser": lambda: UserFactory(superuser=True),
        "staff": lambda: staff,
    }
    if who in people:
        client.force_login(people[who]())

    found = {path for path in channels(imported) if CANARY.lower() in shown(client, path)}

    asked_for = {path for path in channels(imported) if CANARY.lower() in path.lower()}
    assert found <= asked_for
    for path in found:
        assert f"about {CANARY}".lower() not in shown(client, path)


def test_once_it_is_open_it_shows_in_all_of_these_places(client, imported, staff):
    """So that the test above looks where there is something to see."""
    opening.open_forum(imported.forum, by=staff)
    client.force_login(imported.poster)

    hidden = {path for path in channels(imported) if CANARY.lower() not in shown(client, path)}

    assert hidden == set()


@pytest.mark.parametrize("who", ["visitor", "author", "moderator"])
def test_no_query_and_no_rule_lets_it_through(imported, who):
    user = {"visitor": AnonymousUser(), "author": imported.poster}.get(who) or as_moderator(UserFactory())

    for rows in (Forum.objects, Topic.objects, Post.objects):
        assert not rows.visible_to(user).exists()
        assert not rows.shared_with(user).exists()
    assert not Topic.objects.shown_to(user).exists()
    assert not Post.objects.shown_to(user).exists()


def test_nobody_writes_into_it_moves_into_it_or_changes_it(imported):
    author, moderator = imported.poster, as_moderator(UserFactory(practitioner=True))
    other = make_topic(make_forum(audience="members"))

    for change in (
        lambda: posting.reply(imported, by=author, body="x"),
        lambda: posting.start_topic(imported.forum, by=author, subject="x", body="x"),
        lambda: posting.edit_post(imported.first_post, by=author, body="x", based_on=0),
        lambda: moderation.remove(imported.first_post, by=author),
        lambda: moderation.hide(imported.first_post, by=moderator, reason="x"),
        lambda: moderation.close(imported, by=moderator, reason="x"),
        lambda: moderation.move(imported, other.forum, by=moderator),
        lambda: moderation.move(other, imported.forum, by=moderator),
    ):
        with pytest.raises(DiscussionRefused):
            change()
    assert imported.forum not in moderation.destinations(other, by=moderator)


def test_staff_open_it_and_its_audience_reads_it(client, imported, staff):
    url = reverse("forums:open", args=[imported.forum_id])
    client.force_login(staff)

    before = client.get(url).content.decode()
    listed = client.get(reverse("forums:index")).content.decode()
    opened = client.post(url, follow=True)
    client.logout()

    assert f"3 posts in 2 conversations, from {timezone.localtime():%B %Y}" in before
    assert "1 person with an account here wrote some of them" in before
    assert "phone numbers 1" in before
    assert "555" not in before
    assert url in listed
    assert "is open" in opened.content.decode()
    assert url not in opened.content.decode()
    assert f"About {CANARY}" in client.get(imported.get_absolute_url()).content.decode()
    [entry] = AuditEntry.objects.filter(action="discussions.forum.opened")
    assert (entry.actor_id, entry.target_kind, entry.target_id) == (staff.pk, "forum.forum", imported.forum_id)


def test_the_function_asks_who_opens_it(imported):
    for person in (UserFactory(), as_moderator(UserFactory(practitioner=True)), staff_user("add_forum")):
        with pytest.raises(DiscussionRefused, match="can't be opened by you"):
            opening.open_forum(imported.forum, by=person)

    assert not Forum.objects.get(pk=imported.forum_id).opened


def test_it_is_opened_once(client, imported, staff):
    opening.open_forum(imported.forum, by=staff)

    with pytest.raises(DiscussionRefused, match="open already"):
        opening.open_forum(imported.forum, by=staff)
    client.force_login(staff)
    assert client.post(reverse("forums:open", args=[imported.forum_id])).status_code == 404
    assert AuditEntry.objects.filter(action="discussions.forum.opened").count() == 1


@pytest.mark.parametrize(
    ("who", "status"), [("visitor", 302), ("member", 403), ("moderator", 403), ("other staff", 302), ("staff", 200)]
)
def test_who_may_open_it(client, imported, staff, who, status):
    people = {
        "member": lambda: UserFactory(),
        "moderator": lambda: as_moderator(UserFactory(practitioner=True)),
        "other staff": lambda: staff_user("add_forum", "delete_forum"),
        "staff": lambda: staff,
    }
    if who in people:
        client.force_login(people[who]())
    url = reverse("forums:open", args=[imported.forum_id])

    answers = client.get(url).status_code, client.post(url).status_code

    assert answers == (status, 403 if status == 403 else 302)
    assert Forum.objects.get(pk=imported.forum_id).opened is (who == "staff")


def test_a_groups_forum_is_not_opened_here(client, staff):
    forum = forums.forum_for_group(GroupFactory(hidden=True, name=CANARY))
    Forum.objects.filter(pk=forum.pk).update(opened=False)
    client.force_login(staff)

    assert client.get(reverse("forums:open", args=[forum.pk])).status_code == 404
    with pytest.raises(DiscussionRefused):
        opening.open_forum(forum, by=staff)


def test_who_opens_is_told_that_only_a_part_is_there(client, imported, staff):
    imported.forum.imports.update(finished_at=None)
    client.force_login(staff)

    assert "here in part only" in client.get(reverse("forums:open", args=[imported.forum_id])).content.decode()


def test_an_empty_one_can_be_opened_too(client, staff):
    forum = make_forum(opened=False)
    client.force_login(staff)

    page = client.get(reverse("forums:open", args=[forum.pk])).content.decode()

    assert "Nothing stands in it." in page
