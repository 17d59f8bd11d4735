from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from community.groups import agreements
from community.groups.models import Agreement
from community.members.models import User
from core import first_steps
from factories.groups import GroupFactory, put_in
from factories.members import UserFactory


@pytest.mark.parametrize(
    ("who", "status"), [("secretary", 200), ("superuser", 200), ("organiser", 302), ("editor", 302)]
)
def test_who_writes_agreements(client, people, who, status):
    client.force_login(people[who])
    published = agreements.current("chapter")

    for address, args in (("index", []), ("add", []), ("inspect", [published.pk])):
        assert client.get(reverse(f"agreements:{address}", args=args)).status_code == status
    draft = agreements.draft("chapter", "Draft words")
    assert client.get(reverse("agreements:publish", args=[draft.pk])).status_code == status
    client.post(reverse("agreements:confirm_counsel", args=[published.pk]))
    published.refresh_from_db()
    assert (published.counsel_confirmed_at is not None) == (status == 200)


def test_a_draft_begins_with_the_words_that_count_and_is_published_with_counsel(client, secretary):
    page = client.get(reverse("agreements:add") + "?kind=community").content.decode()
    assert "We are here to learn from each other" in page

    client.post(reverse("agreements:add"), {"kind": "community", "body": "Draft words"})
    draft = Agreement.objects.drafts().get()
    url = reverse("agreements:edit", args=[draft.pk])
    preview = reverse("agreements:publish", args=[draft.pk])
    assert client.post(url, {"kind": "chapter", "body": "Last words"}).url == preview
    refused = client.post(preview)
    assert "once counsel has looked at it" in refused.content.decode()
    assert not Agreement.objects.filter(kind="community", version=2).exists()
    client.post(preview, {"counsel_confirmed": "on"})

    draft.refresh_from_db()
    assert (draft.kind, draft.version, draft.body) == ("community", 2, "Last words")
    assert draft.counsel_confirmed_by == secretary
    history = client.get(reverse("agreements:history", args=[draft.pk])).content.decode()
    assert "Published" in history


def test_before_publishing_stands_what_changes_and_for_whom(client, secretary):
    group = GroupFactory(kind="community")
    put_in(group, UserFactory(), UserFactory())
    GroupFactory(kind="community", archived_at=timezone.now())
    draft = agreements.draft("community", "Bring no names.")
    url = reverse("agreements:publish", args=[draft.pk])
    reach = "One group pauses until their members have signed it, and 2 members get a letter."

    page = client.get(url).content.decode()
    assert reach in page
    assert "<ins>Bring no names.</ins>" in page
    assert "<del>" in page
    said = client.post(url, {"counsel_confirmed": "on"}, follow=True).content.decode()

    assert f"version 2 is published. {reach}" in said
    assert client.get(url).url == reverse("agreements:inspect", args=[draft.pk])


def test_moments_are_in_the_reader_s_zone(client, secretary):
    User.objects.filter(pk=secretary.pk).update(time_zone="Asia/Tokyo")
    shipped = agreements.current("chapter")
    Agreement.objects.filter(pk=shipped.pk).update(published_at=datetime(2026, 3, 1, 20, 0, tzinfo=UTC))

    page = client.get(reverse("agreements:inspect", args=[shipped.pk])).content.decode()

    assert "March 2, 2026, 5 a.m." in page


def test_publishing_what_counts_already_is_a_sentence_above_the_box(client, secretary):
    same = agreements.current("chapter").body
    draft = agreements.draft("chapter", same)

    page = client.post(reverse("agreements:publish", args=[draft.pk]), {"counsel_confirmed": "on"})

    assert "These words count already" in page.content.decode()
    assert agreements.current("chapter").version == 1


def test_a_published_version_is_read_and_neither_changed_nor_thrown_away(client, secretary):
    published = agreements.current("chapter")

    for action in ("edit", "delete"):
        answer = client.post(reverse(f"agreements:{action}", args=[published.pk]), {"kind": "chapter", "body": "Other"})
        assert answer.url == reverse("agreements:inspect", args=[published.pk])
    assert agreements.current("chapter").body == published.body
    page = client.get(reverse("agreements:inspect", args=[published.pk])).content.decode()
    assert "A chapter is where colleagues of one region meet" in page


def test_a_draft_is_thrown_away(client, secretary):
    draft = agreements.draft("chapter", "Draft words")

    client.post(reverse("agreements:delete", args=[draft.pk]))

    assert not Agreement.objects.drafts().exists()


def test_staff_confirm_once_that_counsel_has_seen_the_shipped_words(client, secretary):
    shipped = agreements.current("consultation")
    inspect = reverse("agreements:inspect", args=[shipped.pk])
    assert "Has your counsel looked at this wording?" in client.get(inspect).content.decode()

    client.post(reverse("agreements:confirm_counsel", args=[shipped.pk]))

    assert "Has your counsel looked at this wording?" not in client.get(inspect).content.decode()
    assert client.get(reverse("agreements:confirm_counsel", args=[shipped.pk])).status_code == 405
    draft = agreements.draft("chapter", "x")
    assert client.post(reverse("agreements:confirm_counsel", args=[draft.pk])).status_code == 404


def test_the_first_steps_ask_for_counsel_until_every_text_was_seen(db):
    def is_done() -> bool:
        return next(done for step, done in first_steps.checklist() if "counsel" in str(step.label))

    assert not is_done()
    for agreement in Agreement.objects.current():
        agreements.confirm_counsel(agreement, by=UserFactory(superuser=True))
    assert is_done()
    agreements.draft("chapter", "x")
    assert is_done()


@pytest.mark.parametrize(
    ("query", "versions"),
    [("", {1, 2, None}), ("?state=counts", {1, 2}), ("?state=draft", {None}), ("?state=past", {1})],
)
def test_agreements_are_filtered_by_what_counts(client, secretary, query, versions):
    agreements.publish(agreements.draft("chapter", "Newer"), by=secretary, counsel_confirmed=True)
    agreements.draft("chapter", "Newest")

    found = client.get(reverse("agreements:index") + query).context["object_list"]

    assert {agreement.version for agreement in found} == versions
