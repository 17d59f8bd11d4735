from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from factories.articles import SubjectFactory
from factories.learning import ListingFactory
from factories.members import UserFactory
from learning.models import CeListingPage

# Session, user, association, index page, all topics, count, listings, their topics, who may edit.
LIST_QUERIES = 9


@pytest.fixture
def member(db):
    return UserFactory()


def titles(response):
    return [listing.title for listing in response.context["listings"]]


@pytest.mark.parametrize("missing", ["approving_body", "provider_number", "approval_statement"])
def test_credit_is_claimed_only_when_all_of_its_approval_is_filled_in(client, db, missing):
    ListingFactory(slug="whole", approved=True)
    ListingFactory(slug="part", approved=True, **{missing: " "})

    whole = client.get("/learning/whole/").content.decode()
    part = client.get("/learning/part/").content.decode()

    assert "1.5 hours of CE credit" in whole
    assert "CE credit" not in part.split("<main")[1].replace("for CE credit", "")
    assert "1.5 learning hours" in part
    assert [listing.slug for listing in CeListingPage.objects.with_credit()] == ["whole"]


@pytest.mark.parametrize(
    ("hours", "approved", "words"),
    [
        ("1", False, "1 learning hour"),
        ("1.00", True, "1 hour of CE credit"),
        ("1.50", False, "1.5 learning hours"),
        ("10", True, "10 hours of CE credit"),
        ("0.25", False, "0.25 learning hours"),
    ],
)
def test_hours_are_said_in_words(db, hours, approved, words):
    assert ListingFactory.build(hours=Decimal(hours), approved=approved).hours_words == words


def test_what_is_coming_up_stands_first_and_recordings_last(client, db):
    ListingFactory(title="Recording", self_paced=True)
    ListingFactory(title="Later", starts_on=timezone.localdate() + timedelta(days=30))
    ListingFactory(title="Soon", starts_on=timezone.localdate())
    ListingFactory(title="Over", past=True)

    assert titles(client.get("/learning/")) == ["Soon", "Later", "Recording"]
    assert titles(client.get("/learning/?when=past")) == ["Over"]


def test_a_course_is_not_over_before_its_last_day(client, db):
    today = timezone.localdate()
    ListingFactory(title="Running", starts_on=today - timedelta(days=7), ends_on=today)

    assert titles(client.get("/learning/")) == ["Running"]
    assert titles(client.get("/learning/?when=past")) == []


def test_listings_are_filtered_by_format_topic_and_credit(client, db):
    ethics = SubjectFactory(slug="ethics")
    ListingFactory(title="All three", format="in_person", approved=True, subjects=[ethics])
    ListingFactory(title="No credit", format="in_person", subjects=[ethics])
    ListingFactory(title="Online", format="live_online", approved=True, subjects=[ethics])
    ListingFactory(title="Other topic", format="in_person", approved=True)

    assert titles(client.get("/learning/?format=in_person&topic=ethics&credit=yes")) == ["All three"]


def test_a_filter_that_fits_nothing_offers_the_way_back(client, db):
    ListingFactory(format="live_online")

    html = client.get("/learning/?format=in_person").content.decode()

    assert "Nothing fits all of that" in html
    assert 'href="/learning/"' in html


@pytest.mark.parametrize(
    "query",
    ["format=x", "format=%00", "topic=none", "topic=%00", "page=2", "page=x", "page=%00", "page=99999999999999999999"],
)
def test_a_filter_that_does_not_exist_is_not_found(client, db, query):
    assert client.get(f"/learning/?{query}").status_code == 404


@pytest.mark.parametrize("address", ["/learning/none/", "/learning/a%00b/", "/learning/%ff/", "/learning/a/b/"])
def test_an_address_that_leads_nowhere_is_not_found(client, db, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/learning/", "/learning/ethics/"])
def test_pages_never_take_a_post(client, db, address):
    ListingFactory(slug="ethics")

    assert client.post(address).status_code == 405


def test_the_list_costs_the_same_for_one_listing(client, member, django_assert_num_queries):
    ListingFactory(presenter=UserFactory(), subjects=[SubjectFactory()])
    client.force_login(member)

    with django_assert_num_queries(LIST_QUERIES):
        client.get("/learning/")


def test_the_list_costs_the_same_for_twenty_listings(client, member, django_assert_num_queries):
    for number in range(20):
        ListingFactory(slug=f"l-{number}", presenter=UserFactory(), subjects=[SubjectFactory()])
    client.force_login(member)

    with django_assert_num_queries(LIST_QUERIES):
        client.get("/learning/")


def test_a_listing_costs_few_queries(client, member, django_assert_num_queries):
    ListingFactory(
        slug="one",
        presenter=UserFactory(),
        subjects=[SubjectFactory()],
        objectives=[("objective", "Name four things.")],
    )
    client.force_login(member)

    with django_assert_num_queries(6):
        client.get("/learning/one/")


def test_price_and_registration_are_shown_until_it_is_over(client, db):
    ListingFactory(slug="soon", price=Decimal("45.00"), registration_link="https://example.org/register")
    ListingFactory(slug="over", past=True, registration_link="https://example.org/register")
    ListingFactory(slug="free", price=Decimal(0))

    soon = client.get("/learning/soon/").content.decode()
    over = client.get("/learning/over/").content.decode()

    assert "$45" in soon
    assert "https://example.org/register" in soon
    assert "https://example.org/register" not in over
    assert "has taken place" in over
    assert "Free" in client.get("/learning/free/").content.decode()


def test_a_presenter_is_a_name_for_the_world_and_a_person_for_members(client, member):
    presenter = UserFactory(display_name="Priya Kallur")
    ListingFactory(slug="hers", presenter=presenter)

    for_visitors = client.get("/learning/hers/").content.decode()
    client.force_login(member)
    for_members = client.get("/learning/hers/").content.decode()

    assert "Priya Kallur" in for_visitors
    assert presenter.get_absolute_url() not in for_visitors
    assert presenter.get_absolute_url() in for_members


@pytest.mark.parametrize(("start", "end", "field"), [(None, 3, "starts_on"), (3, 2, "ends_on")])
def test_days_that_do_not_fit_are_refused_in_a_sentence(db, start, end, field):
    today = timezone.localdate()
    days = {name: today + timedelta(days=n) if n else None for name, n in [("starts_on", start), ("ends_on", end)]}

    with pytest.raises(ValidationError) as caught:
        ListingFactory(**days)

    assert field in caught.value.message_dict


def test_the_database_refuses_a_last_day_before_the_first(db):
    listing = ListingFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        CeListingPage.objects.filter(pk=listing.pk).update(ends_on=listing.starts_on - timedelta(days=1))


@pytest.mark.parametrize("hours", ["0", "-1", "201"])
def test_hours_have_a_sensible_size(db, hours):
    with pytest.raises(ValidationError):
        ListingFactory(hours=Decimal(hours))


def test_listings_are_found_by_their_words_and_their_presenter(db):
    listing = ListingFactory(
        presenter=UserFactory(display_name="Priya Kallur"), description="<p>Crossing a border.</p>"
    )
    ListingFactory(audience="members", description="<p>Another border.</p>")

    visible = CeListingPage.objects.visible_to(AnonymousUser())

    assert list(visible.search("border")) == [listing]
    assert list(visible.search("Kallur")) == [listing]
