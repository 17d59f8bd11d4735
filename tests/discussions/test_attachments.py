"""Files with posts: they come with a draft, go over to the post, and leave with it."""

import pytest
from django.conf import settings as configured
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from community.discussions import attachments, drafts, moderation, places, posting
from community.discussions.models import Attachment, Draft, Post, Topic
from community.discussions.refusals import DiscussionRefused
from factories.attachments import names, put, reply_with, stored
from factories.discussions import make_forum, make_topic
from factories.files import PDF, photograph, sent
from factories.members import UserFactory


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


# From a draft to a post ---------------------------------------------------------------------------------------------


def test_a_file_waits_in_the_draft_and_goes_over_with_the_words(topic, author):
    file = put(places.in_topic(topic), author)

    post = posting.reply(topic, by=author, body="See what I found.")

    file.refresh_from_db()
    assert (file.post, file.draft) == (post, None)
    assert not Draft.objects.exists()
    assert file.file.name.startswith("discussions/")
    assert "notes" not in file.file.name


def test_the_same_for_a_topic_and_for_a_change(author, places):
    forum = places["members"]
    put(place_of_forum(forum), author, name="one.pdf")
    topic = posting.start_topic(forum, by=author, subject="Fees", body="How?")
    topic = Topic.objects.select_related("forum__group", "first_post").get(pk=topic.pk)
    post = Post.objects.select_related("topic__forum__group").get(pk=topic.first_post_id)
    put(place_of_post(post), author, name="two.pdf")
    assert names(post.attachments) == ["one.pdf"]

    posting.edit_post(post, by=author, body="How much?", without=[post.attachments.get().pk], based_on=0)

    assert names(post.attachments) == ["two.pdf"]


def place_of_forum(forum):
    return places.in_forum(forum)


def place_of_post(post):
    return places.in_post(post)


def test_what_another_person_has_in_a_draft_stays_there(topic, author):
    other = UserFactory()
    theirs = put(places.in_topic(topic), other)

    posting.reply(topic, by=author, body="Mine.")

    theirs.refresh_from_db()
    assert theirs.draft is not None


def test_a_post_carries_five_files(topic, author):
    place = places.in_topic(topic)
    for number in range(5):
        put(place, author, name=f"{number}.pdf")

    with pytest.raises(DiscussionRefused, match="up to 5"):
        put(place, author)

    assert len(stored()) == 5
    post = posting.reply(topic, by=author, body="All of them.")
    place = places.in_post(Post.objects.select_related("topic__forum__group").get(pk=post.pk))
    put(place, author, name="6.pdf")
    with pytest.raises(DiscussionRefused, match="up to 5"):
        posting.edit_post(post, by=author, body="And one more.", based_on=0)
    posting.edit_post(post, by=author, body="Another.", without=[post.attachments.first().pk], based_on=0)
    assert names(post.attachments) == ["1.pdf", "2.pdf", "3.pdf", "4.pdf", "6.pdf"]


def test_they_take_so_much_room_together(topic, author, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_BYTES", 2 * len(PDF))
    place = places.in_topic(topic)
    put(place, author)
    put(place, author)

    with pytest.raises(DiscussionRefused, match="together"):
        put(place, author)


def test_one_person_has_only_so_many_waiting(author, places, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_WAITING", 3)
    for _number in range(3):
        put(place_of_forum(make_forum()), author)

    with pytest.raises(DiscussionRefused, match="in drafts"):
        put(place_of_forum(make_forum()), author)

    assert len(stored()) == 3


def test_nobody_attaches_where_they_may_not_write(topic, author, places):
    Topic.objects.filter(pk=topic.pk).update(status=Topic.TOPIC_LOCKED)
    locked = Topic.objects.select_related("forum__group").get(pk=topic.pk)
    lapsed = UserFactory(lapsed=True)

    for place, person in (
        (place_in_topic(locked), author),
        (place_of_forum(places["practitioners"]), UserFactory()),
        (place_of_forum(places["members"]), lapsed),
    ):
        with pytest.raises(DiscussionRefused):
            put(place, person)

    assert stored() == set()
    assert not Draft.objects.exists()


def place_in_topic(topic):
    return places.in_topic(topic)


def test_the_same_words_sent_twice_leave_no_files_behind(topic, author):
    place = places.in_topic(topic)
    put(place, author)
    posting.reply(topic, by=author, body="See here.")
    put(place, author)

    posting.reply(topic, by=author, body="See here.")

    assert Attachment.objects.count() == 1
    assert not Draft.objects.exists()


def test_a_file_belongs_to_one_text(topic, author):
    file = put(places.in_topic(topic), author)

    for change in ({"draft": None}, {"post": topic.first_post}, {"name": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.filter(pk=file.pk).update(**change)


# Pictures -----------------------------------------------------------------------------------------------------------


def test_a_picture_is_encoded_anew_and_says_what_it_shows(topic, author):
    file = put(places.in_topic(topic), author, photograph(), "IMG_2041.JPG", alt="  A sketch\u202e of the room ")

    with default_storage.open(file.file.name) as kept, Image.open(kept) as picture:
        assert picture.format == "WEBP"
        assert not picture.getexif()
        assert picture.size == (file.width, file.height) == (400, 800)
    assert (file.name, file.alt) == ("IMG_2041.webp", "A sketch of the room")


def test_too_many_words_about_a_picture_are_refused(topic, author):
    with pytest.raises(DiscussionRefused, match="at most 300"):
        put(places.in_topic(topic), author, photograph(), "a.jpg", alt="x" * 301)

    assert stored() == set()


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<html><script>", "page.html"), (b"MZ\x90", "notes.pdf"), (b"", "empty.pdf"), (b"GIF89a<script>", "a.gif")],
)
def test_what_is_not_what_it_says_is_not_kept(client, topic, author, content, name):
    client.force_login(author)

    response = client.post(f"{topic.get_absolute_url()}reply/", {"body": "My words.", "files": sent(content, name)})

    assert response.status_code == 422
    assert "My words." in response.content.decode()
    assert name in response.content.decode()
    assert topic.posts.count() == 1
    assert stored() == set()


# How it leaves ------------------------------------------------------------------------------------------------------


def test_a_hidden_posts_files_are_read_by_nobody_and_kept(client, topic, author, moderator):
    post = reply_with(topic, author, (PDF, "a.pdf"))
    moderation.hide_post(post, by=moderator)

    for person in (author, moderator, UserFactory()):
        client.force_login(person)
        assert client.get(post.attachments.get().get_absolute_url()).status_code == 404
    assert len(stored()) == 1


@pytest.mark.usefixtures("fresh_database")
def test_bytes_go_with_the_draft_the_post_and_the_topic():
    author, topic = UserFactory(), make_topic()
    put(places.in_topic(topic), author)
    assert len(stored()) == 1
    drafts.posted(by=author, topic=topic)
    assert stored() == set()

    post = reply_with(topic, author, (PDF, "a.pdf"), (photograph(), "b.jpg"))
    assert len(stored()) == 2
    Post.objects.filter(pk=post.pk).delete()
    assert stored() == set()

    reply_with(topic, author, (PDF, "a.pdf"))
    Draft.objects.all().delete()
    Topic.objects.filter(pk=topic.pk).update(first_post=None, last_post=None)
    topic.forum.topics.filter(pk=topic.pk).delete()
    assert stored() == set()


@pytest.mark.usefixtures("fresh_database")
def test_bytes_go_when_a_draft_is_too_old():
    author, topic = UserFactory(), make_topic()
    put(places.in_topic(topic), author)
    Draft.objects.update(saved_at=timezone.now() - drafts.KEPT_FOR - timezone.timedelta(seconds=1))

    drafts.forget_old()

    assert stored() == set()


@pytest.mark.usefixtures("fresh_database")
def test_bytes_stay_where_the_deletion_is_taken_back():
    author, topic = UserFactory(), make_topic()
    file = put(places.in_topic(topic), author)

    with transaction.atomic():
        attachments.remove(file, by=author)
        transaction.set_rollback(True)

    assert len(stored()) == 1


# What it costs ------------------------------------------------------------------------------------------------------


def test_a_page_costs_one_query_for_all_files_and_none_without(client, places, author):
    plain, full = make_topic(places["members"], replies=5), make_topic(places["members"])
    for _reply in range(5):
        reply_with(full, UserFactory(), (PDF, "a.pdf"), (photograph((40, 20)), "b.jpg"))

    client.force_login(author)
    counts = []
    for topic in (plain, full):
        client.get(topic.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(topic.get_absolute_url())
        counts.append(len(queries))

    assert counts[1] == counts[0] + 1
