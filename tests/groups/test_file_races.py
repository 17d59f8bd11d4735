"""Several people put a file on the last free place of a shelf: threads, on a database of their own."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings as configured
from django.core.files.storage import default_storage
from django.db import connection

from community.groups import shelf
from community.groups.models import Group, GroupFile
from community.groups.refusals import GroupRefused
from factories.files import keep
from factories.groups import GroupFactory, MembershipFactory

PEOPLE = 3


@pytest.fixture
def members(fresh_database, settings, monkeypatch):
    """Three people in a group whose shelf has one place; between looking and writing each of them takes a while."""
    settings.STORAGES = configured.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    look = shelf._must_have_room

    def look_slowly(*args):
        look(*args)
        time.sleep(0.3)

    monkeypatch.setattr(shelf, "_must_have_room", look_slowly)
    monkeypatch.setattr(shelf, "MOST_FILES", 1)
    group = GroupFactory(hidden=True)
    return [MembershipFactory(group=group).user for _ in range(PEOPLE)]


def all_add(members) -> list[bool]:
    """Whether each of them got a file in, all beginning at once."""
    group, gate = Group.objects.get(), Barrier(PEOPLE)

    def add(person) -> bool:
        gate.wait()
        try:
            keep(group, person)
        except GroupRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(PEOPLE) as pool:
        return sorted(pool.map(add, members))


def test_without_the_lock_the_shelf_overflows(members, monkeypatch):
    monkeypatch.setattr(shelf, "locked", lambda group, user: group)

    assert all_add(members) == [True, True, True]
    assert GroupFile.objects.count() == PEOPLE


def test_the_last_place_on_the_shelf_goes_to_one_file(members):
    assert all_add(members) == [False, False, True]
    assert GroupFile.objects.count() == 1
    assert len(default_storage.listdir("groups")[1]) == 1
