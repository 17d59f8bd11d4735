"""Who reads the files of posts and drafts: who reads the post, and nobody else."""

from io import BytesIO

import pytest
from django.conf import settings as configured
from django.utils import timezone
from PIL import Image

from community.discussions import forums, places, reportable
from community.discussions.models import Post
from community.groups import emergency, membership
from core.models import AuditEntry
from factories.attachments import put, reply_with
from factories.discussions import make_forum, make_topic
from factories.files import PDF, photograph
from factories.groups import GroupFactory, MembershipFactory, glass_breaker
from factories.members import UserFactory, as_moderator


@pytest.fixture(autouse=True)
def disk(settings):
    """A folder of the test's own, which begins empty."""
    settings.STORAGES = configured.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}


@pytest.fixture
def author(db):
    return UserFactory(practitioner=True)


@pytest.fixture
def topic(places):
    return make_topic(places["members"])


READERS = {
    "world": {"visitor", "applicant", "lapsed", "member", "practitioner", "former", "insider", "superuser"},
    "members": {"member", "practitioner", "former", "insider", "superuser"},
    "practitioners": {"practitioner"},
    "group": {"insider"},
}


@pytest.fixture
def everybody(db):
    group = GroupFactory(hidden=True)
    author = UserFactory(practitioner=True)
    people = {
        "visitor": None,
        "applicant": UserFactory(applicant=True, licence_checked_on=timezone.localdate()),
        "lapsed": UserFactory(lapsed=True, licence_checked_on=timezone.localdate()),
        "member": UserFactory(),
        "practitioner": UserFactory(practitioner=True),
        "former": UserFactory(),
        "insider": UserFactory(),
        "superuser": UserFactory(superuser=True),
    }
    for person in (author, people["insider"], people["lapsed"]):
        MembershipFactory(group=group, user=person)
    MembershipFactory(group=group, user=people["former"], left_at=timezone.now())
    forum_of = {audience: make_forum(audience=audience) for audience in ("world", "members", "practitioners")}
    forum_of["group"] = forums.forum_for_group(group)
    topics = {audience: make_topic(forum, by=author) for audience, forum in forum_of.items()}
    return people, {audience: reply_with(topic, author, (PDF, "a.pdf")) for audience, topic in topics.items()}


@pytest.mark.parametrize("audience", READERS)
def test_who_reads_the_post_reads_its_files_by_both_addresses(client, everybody, audience):
    people, posts = everybody
    file = posts[audience].attachments.get()

    for path in (file.get_absolute_url(), f"/media/{file.file.name}"):
        reads = set()
        for name, person in people.items():
            client.logout()
            if person:
                client.force_login(person)
            response = client.get(path)
            assert response.status_code in (200, 404), (path, name)
            if response.status_code == 200:
                assert response.getvalue() == PDF
                reads.add(name)
        assert reads == READERS[audience], path


@pytest.mark.parametrize("what", ["describe", "remove"])
@pytest.mark.parametrize("audience", READERS)
def test_nobody_but_its_author_changes_a_file(client, everybody, audience, what):
    people, posts = everybody
    file = posts[audience].attachments.get()

    for name, person in people.items():
        client.logout()
        if person:
            client.force_login(person)
        response = client.post(f"{file.get_absolute_url()}{what}/", {"alt": "Mine now"})
        assert response.status_code == (302 if person is None else 404), name

    file.refresh_from_db()
    assert file.alt == ""


def test_a_file_in_a_draft_is_its_writers_alone_as_long_as_they_read_there(client, author, moderator):
    group = GroupFactory()
    MembershipFactory(group=group, user=author)
    other = MembershipFactory(group=group).user
    file = put(places.in_forum(forums.forum_for_group(group)), author)

    def status(person):
        client.force_login(person)
        response = client.get(file.get_absolute_url())
        assert response.getvalue()
        return response.status_code

    assert [status(person) for person in (author, other, moderator)] == [200, 404, 404]
    assert client.post("/discussions/file/", {"place": f"forum-{file.draft.forum_id}"}).status_code == 404
    membership.leave(group, by=author)
    assert status(author) == 404


def test_a_file_goes_out_private_in_parts_and_harmless(client, topic, author):
    post = reply_with(topic, author, (PDF, "a.pdf"), (photograph(), "b.jpg"))
    document, picture = post.attachments.all()
    client.force_login(UserFactory())

    whole = client.get(document.get_absolute_url())
    part = client.get(document.get_absolute_url(), HTTP_RANGE="bytes=0-3")
    shown = client.get(picture.get_absolute_url())

    assert whole.getvalue() == PDF
    assert whole["Cache-Control"] == "private, no-store"
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert whole["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert (part.status_code, part.getvalue()) == (206, b"%PDF")
    assert shown["Content-Type"] == "image/webp"
    assert shown["Content-Disposition"].startswith("inline")
    assert Image.open(BytesIO(shown.getvalue())).format == "WEBP"


def test_an_emergency_access_reads_files_and_that_is_noted(client, author):
    group = GroupFactory()
    MembershipFactory(group=group, user=author)
    MembershipFactory(group=group, facilitator=True)
    topic = make_topic(forums.forum_for_group(group), by=author)
    file = reply_with(topic, author, (PDF, "a.pdf")).attachments.get()
    asker, granter = glass_breaker(), glass_breaker()
    client.force_login(asker)
    assert client.get(file.get_absolute_url()).status_code == 404

    emergency.grant(emergency.ask(group, by=asker, reason="Somebody is in danger."), by=granter)

    assert client.get(file.get_absolute_url()).getvalue() == PDF
    assert AuditEntry.objects.filter(action=emergency.READ, actor_id=asker.pk).exists()


def test_who_judges_a_post_that_waits_sees_its_files_and_its_author_does(client, topic, author, moderator):
    post = reply_with(topic, author, (PDF, "a.pdf"))
    file = post.attachments.get()
    Post.objects.filter(pk=post.pk).update(approved=False, held_at=timezone.now(), position=None)

    def status(person):
        client.force_login(person)
        response = client.get(file.get_absolute_url())
        assert response.getvalue()
        return response.status_code

    assert [status(person) for person in (author, moderator, UserFactory())] == [200, 200, 404]
    shown = reportable.disclose({post.pk: ()}, moderator)[post.pk].html
    assert f'<a href="{file.get_absolute_url()}">a.pdf</a>' in shown


def test_a_moderator_who_does_not_read_there_is_told_the_names_alone(topic, author):
    group = GroupFactory()
    MembershipFactory(group=group, user=author)
    post = reply_with(make_topic(forums.forum_for_group(group), by=author), author, (PDF, "You & I.pdf"))
    moderator = as_moderator(UserFactory(practitioner=True))

    shown = reportable.disclose({post.pk: ()}, moderator)[post.pk].html

    assert "You &amp; I.pdf" in shown
    assert "href" not in shown.split("With it came:")[1]


def test_whoever_reads_a_file_of_somebody_else_is_offered_to_report_it(client, topic, author):
    post = reply_with(topic, author, (PDF, "notes.pdf"), (photograph((40, 30)), "garden.jpg"))
    document, picture = post.attachments.order_by("pk")
    ways = [f"/report/attachment/{file.pk}/?next=/discussions/post/{post.pk}/" for file in (document, picture)]
    seen = {}
    for who, person in {"author": author, "reader": UserFactory(practitioner=True)}.items():
        client.force_login(person)
        page = client.get(topic.get_absolute_url()).text
        seen[who] = [way in page for way in ways]
        forms = [client.get(way).status_code for way in ways] if who == "reader" else []

    assert seen == {"author": [False, False], "reader": [True, True]}
    assert forms == [200, 200]


def test_a_visitor_is_offered_no_report(client, author, db):
    topic = make_topic(make_forum(audience="world"), by=author)
    reply_with(topic, author, (PDF, "notes.pdf"))

    page = client.get(topic.get_absolute_url()).text

    assert "notes.pdf" in page
    assert "/report/attachment/" not in page
