"""What a thread of the web server keeps during a request is its own, and is set anew for the next."""

import threading

import pytest
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils import timezone, translation

from core import local
from factories.members import UserFactory


@pytest.fixture(autouse=True)
def _as_in_the_web_server(monkeypatch):
    for module, name in local.KEPT:
        monkeypatch.setattr(module, name, getattr(module, name))  # put back afterwards
    local.keep_to_threads()


def told() -> tuple:
    return translation.get_language(), timezone.get_current_timezone_name(), get_script_prefix(), reverse("groups:list")


def test_another_thread_sees_nothing_of_it():
    before, elsewhere = told(), []
    translation.activate("fr")
    timezone.activate("Asia/Tokyo")
    set_script_prefix("/below/")

    thread = threading.Thread(target=lambda: elsewhere.append(told()))
    thread.start()
    thread.join()

    assert told() == ("fr", "Asia/Tokyo", "/below/", "/below/groups/")
    assert elsewhere == [before]


def test_an_override_ends_where_it_ends():
    before = told()

    with translation.override("de"), timezone.override("Asia/Tokyo"):
        assert translation.gettext("Yes") == "Ja"

    assert told() == before


def test_nothing_of_a_reader_stays_for_the_next(client, db):
    before = told()
    client.force_login(UserFactory(standing="active", time_zone="Asia/Tokyo"))

    client.get("/rules/", headers={"Accept-Language": "fr"})

    assert told()[1:] == before[1:]
