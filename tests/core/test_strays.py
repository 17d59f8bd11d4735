"""Bytes that no row names are swept, and no others."""

from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from community.discussions import places
from community.groups import editing
from community.members import profiles
from core import strays
from core.tasks import sweep_strays
from factories.attachments import put
from factories.discussions import make_topic
from factories.files import keep
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

FOLDERS = ["discussions/", "groups/", "pictures/", "group-pictures/"]


@pytest.fixture(params=["InMemoryStorage", "FileSystemStorage"], autouse=True)
def storage(settings, request, db):
    backend = {"BACKEND": f"django.core.files.storage.{request.param}"}
    settings.STORAGES = configured.STORAGES | {"default": backend}


def later() -> int:
    return strays.sweep(now=timezone.now() + strays.LEFT_FOR + timedelta(minutes=1))


@pytest.fixture
def kept():
    """One file in each folder that a row names."""
    person = UserFactory()
    group = GroupFactory(consultation=True)
    leader = MembershipFactory(group=group, facilitator=True).user
    profiles.set_picture(person, ContentFile(b"RIFF", name="someone.webp"))
    editing.set_picture(group, ContentFile(b"RIFF", name="group.webp"), by=leader)
    group.refresh_from_db()
    attachment = put(places.in_topic(make_topic()), person)
    return [person.picture.name, group.picture.name, attachment.file.name, keep(group, leader).file.name]


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_a_crash_left_behind_goes_the_day_after_and_what_a_row_names_stays(kept, folder):
    left = default_storage.save(f"{folder}left.bin", ContentFile(b"left"))

    assert strays.sweep() == 0
    assert default_storage.exists(left)
    assert later() == 1
    assert not default_storage.exists(left)
    assert [name for name in kept if not default_storage.exists(name)] == []


def test_where_most_has_no_row_nothing_goes_since_the_database_is_another_one(kept, caplog):
    for number in range(3):
        default_storage.save(f"discussions/{number}.pdf", ContentFile(b"of the real site"))

    assert later() == 0
    assert caplog.messages == ["No row names 3 of the 4 files in discussions/: none is deleted"]
    assert default_storage.exists("discussions/0.pdf")


def test_what_nobody_registered_is_left_alone():
    for name in ("documents/statutes.pdf", "original_images/a.jpg", "discussions-old/a.pdf"):
        default_storage.save(name, ContentFile(b"kept"))

    assert later() == 0


def test_many_are_asked_for_a_few_hundred_at_a_time(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(strays, "AT_A_TIME", 2)
    for number in range(3):
        put(places.in_topic(make_topic()), UserFactory())
        default_storage.save(f"discussions/{number}.pdf", ContentFile(b"left"))

    with django_assert_num_queries(3):
        assert later() == 3


def test_the_job_sweeps(run_jobs):
    default_storage.save("discussions/new.pdf", ContentFile(b"being named"))

    sweep_strays.defer(timestamp=0)
    run_jobs()

    assert default_storage.exists("discussions/new.pdf")
