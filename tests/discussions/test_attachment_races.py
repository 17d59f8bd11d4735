"""Files of many windows at once, on a database of their own."""

import time

import pytest
from django.conf import settings as configured
from django.core.files.storage import default_storage
from django.db import transaction

from community.discussions import attachments, drafts, places, posting
from community.discussions.models import Attachment, Draft, Topic
from community.discussions.refusals import DiscussionRefused
from community.members.models import User
from core.uploads import clean_upload
from factories.discussions import make_topic
from factories.files import PDF, sent
from factories.members import UserFactory
from racing import all_at_once

WINDOWS = 9


@pytest.fixture(autouse=True)
def disk(settings):
    """A folder of the test's own, which begins empty."""
    settings.STORAGES = configured.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}


def attach(topic_id: int, person_id: int, pause: float = 0) -> str:
    time.sleep(pause)
    topic = Topic.objects.select_related("forum__group").get(pk=topic_id)
    person = User.objects.get(pk=person_id)
    attachments.attach(places.in_topic(topic), by=person, upload=clean_upload(sent()), name="notes.pdf")
    return "attached"


def careless_attach(topic_id: int, person_id: int) -> None:
    """Counts, and then adds one: two steps."""
    draft = Draft.objects.get(user=person_id, topic=topic_id)
    if Attachment.objects.filter(draft=draft).count() < attachments.MOST_FILES:
        time.sleep(0.1)
        name = f"{attachments.FOLDER}{time.monotonic_ns()}.pdf"
        row = {"content_type": "application/pdf", "size": len(PDF), "added_by_id": person_id}
        Attachment.objects.create(draft=draft, name="notes.pdf", file=name, **row)


def answer(topic_id: int, person_id: int, pause: float) -> str:
    time.sleep(pause)
    posting.reply(Topic.objects.get(pk=topic_id), by=User.objects.get(pk=person_id), body="See here.")
    return "answered"


def stored() -> int:
    return len(default_storage.listdir("discussions")[1])


@pytest.mark.usefixtures("fresh_database")
def test_without_the_lock_a_draft_gets_more_files_than_a_post_carries():
    topic, person = make_topic(), UserFactory()
    with transaction.atomic():
        drafts.begin(places.in_topic(topic), by=person)

    all_at_once([(careless_attach, topic.pk, person.pk)] * WINDOWS, refusals=())

    assert Attachment.objects.count() > attachments.MOST_FILES


@pytest.mark.usefixtures("fresh_database")
def test_of_nine_windows_five_add_a_file_and_nothing_is_left_of_the_others():
    topic, person = make_topic(), UserFactory()

    answers = all_at_once([(attach, topic.pk, person.pk)] * WINDOWS, refusals=(DiscussionRefused,))

    assert answers.count("attached") == 5
    assert Draft.objects.count() == 1
    assert Attachment.objects.count() == stored() == 5


@pytest.mark.usefixtures("fresh_database")
def test_a_file_that_arrives_while_the_words_are_posted_is_with_them_or_waits():
    topic, person = make_topic(), UserFactory()
    jobs = [(attach, topic.pk, person.pk, 0.02 * window) for window in range(4)]

    answers = all_at_once([*jobs, (answer, topic.pk, person.pk, 0.04)], refusals=(DiscussionRefused,))

    assert sorted(answers) == ["answered", *["attached"] * 4]
    assert Attachment.objects.count() == stored() == 4
    assert topic.posts.count() == 2
