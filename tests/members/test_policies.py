import pytest
from django.db import IntegrityError, transaction

from community.members import policies
from community.members.models import Acceptance, Policy
from community.members.policies import PolicyRefused
from factories.members import UserFactory


@pytest.mark.parametrize(("address", "title"), [("/privacy/", "Privacy notice"), ("/rules/", "Community rules")])
def test_everybody_reads_the_text_that_counts_with_version_and_day(client, db, address, title):
    page = client.get(address).content.decode()

    assert f"<h1>{title}</h1>" in page
    assert "Version 1, since" in page
    assert "This is a template that came with the software" in page
    assert "<h2>" in page


def test_a_draft_counts_for_nobody(client, db):
    Policy.objects.create(kind="community_rules", body="Draft words")

    assert "Draft words" not in client.get("/rules/").content.decode()
    assert policies.current("community_rules").version == 1


def test_publishing_makes_a_new_version_and_leaves_the_old_one_to_those_who_accepted_it(client, db):
    user = UserFactory()
    policies.accept_current(user)

    draft = Policy.objects.create(kind="community_rules", body="New words")
    policies.publish(draft)

    assert draft.version == 2
    assert "New words" in client.get("/rules/").content.decode()
    accepted = Policy.objects.get(acceptances__user=user, kind="community_rules")
    assert (accepted.version, "New words" in accepted.body) == (1, False)


def test_a_published_version_is_not_published_again(db):
    with pytest.raises(PolicyRefused):
        policies.publish(Policy.objects.get(kind="community_rules"))


def test_versions_of_the_two_texts_are_counted_apart(db):
    policies.publish(Policy.objects.create(kind="community_rules", body="2"))
    policies.publish(Policy.objects.create(kind="community_rules", body="3"))

    assert policies.current("community_rules").version == 3
    assert policies.current("privacy_notice").version == 1


def test_a_text_that_nobody_published_is_not_there(client, db):
    Policy.objects.filter(kind="privacy_notice").delete()

    assert client.get("/privacy/").status_code == 404


def test_accepting_twice_is_kept_once(db):
    user = UserFactory()

    policies.accept_current(user)
    policies.accept_current(user)

    assert Acceptance.objects.filter(user=user).count() == 2


def test_the_database_knows_each_version_once_and_no_half_published_one(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(kind="community_rules", version=1, published_at="2026-01-01T00:00Z", body="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(kind="community_rules", version=9, body="x")


@pytest.fixture
def admin(client, db):
    user = UserFactory(superuser=True)
    client.force_login(user)
    return user


def test_staff_write_a_draft_and_publish_it(client, admin):
    client.post("/admin/policy/new/", {"kind": "community_rules", "body": "Draft words"})
    draft = Policy.objects.drafts().get()

    client.post(
        f"/admin/policy/edit/{draft.pk}/", {"kind": "community_rules", "body": "Last words", "publish_now": "on"}
    )

    draft.refresh_from_db()
    assert (draft.version, draft.body) == (2, "Last words")


def test_a_new_version_starts_from_the_present_wording(client, admin):
    page = client.get("/admin/policy/new/?kind=privacy_notice").content.decode()

    assert "What we cannot promise" in page


def test_a_published_version_is_neither_edited_nor_deleted_in_the_admin(client, admin):
    published = Policy.objects.get(kind="community_rules")

    answer = client.post(f"/admin/policy/edit/{published.pk}/", {"kind": "community_rules", "body": "Other words"})
    client.post(f"/admin/policy/delete/{published.pk}/")

    assert answer.url == f"/admin/policy/inspect/{published.pk}/"
    published.refresh_from_db()
    assert "Other words" not in published.body
    assert "Leave clients out" in client.get(f"/admin/policy/inspect/{published.pk}/").content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_of_versions_costs_the_same_for_one_and_for_twenty(client, admin, django_assert_num_queries, count):
    for _number in range(count):
        policies.publish(Policy.objects.create(kind="community_rules", body="x"))
    client.get("/admin/policy/")

    with django_assert_num_queries(5):
        client.get("/admin/policy/results/")
