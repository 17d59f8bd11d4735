"""One draft in many windows at once, on a database of their own."""

import contextlib
import time

import pytest
from django.db import transaction

from community.discussions import drafts, places
from community.discussions.models import Draft, Topic
from community.members.models import User
from factories.discussions import make_topic
from factories.members import UserFactory
from racing import at_once

TURNS = 60


def careless_save(place, *, by, body: str, based_on: str):
    """Looks, makes one where there is none, looks again."""
    with transaction.atomic():
        return Draft.objects.select_for_update().get_or_create(user=by, **place.columns, defaults={"body": body})[0]


def windows(topic, person, save) -> list:
    """Three that type, and three in which it is posted or discarded meanwhile."""

    def types():
        place = places.in_topic(Topic.objects.select_related("forum__group").get(pk=topic.pk))
        writer, version = User.objects.get(pk=person.pk), ""
        for turn in range(TURNS):
            try:
                version = drafts.version(save(place, by=writer, body=f"Turn {turn}", based_on=version))
            except drafts.DraftElsewhere as refusal:
                version = drafts.version(refusal.draft)

    def ends():
        for _turn in range(3 * TURNS):
            drafts.posted(by=person, topic=topic)

    return [types, types, types, ends, ends, ends]


@pytest.mark.usefixtures("fresh_database")
def test_looking_and_making_in_two_steps_breaks_where_a_draft_is_posted_meanwhile():
    topic, person = make_topic(), UserFactory()

    codes = at_once(*windows(topic, person, careless_save))

    assert 1 in codes


@pytest.mark.usefixtures("fresh_database")
def test_typing_in_many_windows_while_it_is_posted_breaks_none_of_them():
    topic, person = make_topic(), UserFactory()

    codes = at_once(*windows(topic, person, drafts.save))

    assert codes == [0] * 6
    assert Draft.objects.count() <= 1


@pytest.mark.usefixtures("fresh_database")
def test_two_windows_that_begin_at_once_begin_one_draft_and_one_of_them_is_told():
    topic, person = make_topic(), UserFactory()
    place = places.in_topic(Topic.objects.select_related("forum__group").get(pk=topic.pk))

    def begins(body):
        return lambda: drafts.save(place, by=person, body=body, based_on="")

    codes = at_once(begins("On the phone"), begins("On the desk"))

    assert sorted(codes) == [0, 1]
    assert Draft.objects.get().body in {"On the phone", "On the desk"}


def _empties(place, person, save):
    """A window in which nothing stands any more, slow between looking and deleting."""

    def work():
        with contextlib.suppress(drafts.DraftElsewhere):
            save(place, by=person, body="", based_on="")

    return work


def careless_emptying(place, *, by, body: str, based_on: str) -> None:
    with transaction.atomic():
        rows = Draft.objects.filter(user=by, **place.columns)
        if rows.select_for_update().first() is None:
            time.sleep(0.3)
            rows.filter(attachments=None).delete()


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize(("save", "is_kept"), [(careless_emptying, False), (drafts.save, True)])
def test_an_empty_window_takes_no_words_of_another_along(save, is_kept):
    topic, person = make_topic(), UserFactory()
    place = places.in_topic(Topic.objects.select_related("forum__group").get(pk=topic.pk))

    def types():
        time.sleep(0.1)
        drafts.save(place, by=person, body="On the desk", based_on="")

    codes = at_once(_empties(place, person, save), types)

    assert codes == [0, 0]
    assert Draft.objects.filter(body="On the desk").exists() == is_kept
