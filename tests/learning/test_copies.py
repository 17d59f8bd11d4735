from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

from factories.articles import SubjectFactory
from factories.learning import ListingFactory
from factories.members import UserFactory
from learning.copies import copy_for_next_year
from learning.models import CeListingPage


@pytest.fixture
def editor(db):
    editor = UserFactory(staff=True)
    editor.groups.add(Group.objects.get(name="Editors"))
    return editor


def test_last_year_s_listing_becomes_next_year_s_draft(editor):
    subject = SubjectFactory()
    listing = ListingFactory(
        slug="ethics",
        past=True,
        approved=True,
        registration_link="https://example.org/last-year",
        objectives=[("objective", "Name four things.")],
        subjects=[subject],
    )

    copied = copy_for_next_year(listing, by=editor)

    copied = CeListingPage.objects.get(pk=copied.pk)
    assert not copied.live
    assert copied.owner == editor
    assert copied.title == listing.title
    assert copied.starts_on == listing.starts_on + timedelta(weeks=52)
    assert copied.starts_on.weekday() == listing.starts_on.weekday()
    assert [block.value for block in copied.objectives] == ["Name four things."]
    assert list(copied.subjects.all()) == [subject]


def test_a_copy_claims_no_credit_and_no_registration_of_last_year(editor):
    listing = ListingFactory(past=True, approved=True, registration_link="https://example.org/last-year")

    copied = copy_for_next_year(listing, by=editor)

    assert not copied.is_ce_credit
    assert copied.registration_link == ""
    assert listing.is_ce_credit


def test_copying_twice_makes_two_addresses(editor):
    listing = ListingFactory(slug="ethics", past=True)

    slugs = {copy_for_next_year(listing, by=editor).slug for _time in range(3)}

    assert len(slugs) == 3


def test_a_recording_is_copied_without_dates(editor):
    copied = copy_for_next_year(ListingFactory(slug="tape", self_paced=True), by=editor)

    assert copied.starts_on is None
    assert copied.slug == "tape-again"


def test_who_may_not_edit_may_not_copy(db):
    listing = ListingFactory()

    with pytest.raises(PermissionDenied):
        copy_for_next_year(listing, by=UserFactory())

    assert CeListingPage.objects.count() == 1


def test_the_admin_asks_and_then_opens_the_copy(client, editor):
    listing = ListingFactory(past=True)
    client.force_login(editor)
    address = f"/admin/listings/{listing.pk}/copy/"

    asked = client.get(address)
    done = client.post(address)

    copied = CeListingPage.objects.exclude(pk=listing.pk).get()
    assert asked.status_code == 200
    assert '<h1 class="w-header__title"' in asked.content.decode()
    assert done.status_code == 302
    assert done.url == f"/admin/pages/{copied.pk}/edit/"
    assert client.get(done.url).status_code == 200


def test_the_list_of_pages_offers_the_copy(client, editor):
    listing = ListingFactory()
    client.force_login(editor)

    html = client.get(f"/admin/pages/{listing.get_parent().pk}/").content.decode()

    assert f"/admin/listings/{listing.pk}/copy/" in html


def test_others_do_not_get_to_the_copy(client, db):
    listing = ListingFactory()
    address = f"/admin/listings/{listing.pk}/copy/"

    assert client.post(address).status_code == 302
    client.force_login(UserFactory())
    assert client.post(address).status_code in (302, 403)
    assert CeListingPage.objects.count() == 1
