import re

import pytest
from django.core import mail
from django.urls import reverse
from wagtail.models import ModelLogEntry, ReferenceIndex

from community.discussions import forums
from community.groups.models import Group, Membership
from core.models import AuditEntry
from factories.discussions import make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

ROWS = ["led chapter", "other chapter", "community", "consultation", "hidden", "archived chapter"]


LISTED = ["led chapter", "other chapter", "community", "consultation", "archived chapter"]
LOOKED_AFTER = {"organiser": ["led chapter"], "secretary": LISTED, "superuser": LISTED}
NOT_LET_IN = ["unsigned organiser", "plain member", "editor"]


def members_known(who: str) -> list[str]:
    return [name for name in LOOKED_AFTER.get(who, []) if name != "consultation"]


# Whose rows -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["organiser", "secretary", "superuser"])
def test_the_list_of_groups_has_what_somebody_looks_after(client, rows, people, who):
    client.force_login(people[who])

    for query in ("", "?q=The", "?kind=consultation", "?kind=chapter", "?archived=true", "?q=hidden"):
        page = client.get(reverse("circles:index") + query).content.decode()
        for name in set(ROWS) - set(LOOKED_AFTER[who]):
            assert f"The {name}" not in page, query
    page = client.get(reverse("circles:index")).content.decode()
    assert [name for name in ROWS if f"The {name}" in page] == [name for name in ROWS if name in LOOKED_AFTER[who]]


def test_staff_read_of_a_consultation_group_what_members_read(client, rows, people):
    group = rows["consultation"]
    Group.objects.filter(pk=group.pk).update(region="Ashcombey", agenda="Bramblewright first.")
    client.force_login(people["superuser"])

    assert "Ashcombey" not in client.get(reverse("circles:index")).content.decode()
    Group.objects.filter(pk=rows["community"].pk).update(region="Ashcombey")
    found = client.get(reverse("circles:index") + "?region=Ashcombey").content.decode()
    assert "The community" in found
    assert "The consultation" not in found
    assert "The consultation" not in client.get(reverse("circles:index") + "?q=Ashcombey").content.decode()
    page = client.get(reverse("circles:edit", args=[group.pk])).content.decode()
    assert "Ashcombey" not in page
    assert "Bramblewright" not in page


@pytest.mark.parametrize("who", ["organiser", "secretary", "superuser"])
def test_the_list_of_memberships_has_nobody_of_a_consultation_group(client, rows, people, who):
    client.force_login(people[who])

    hidden = rows["hidden"].pk
    for query in ("", "?q=Somebody", "?q=The", "?role=member", "?signed=true", f"?group={hidden}", "?q=consultation"):
        page = client.get(reverse("memberships:index") + query).content.decode()
        for name in set(ROWS) - set(members_known(who)):
            assert f"Somebody of the {name}" not in page, query
            assert "The hidden" not in page
    page = client.get(reverse("memberships:index")).content.decode()
    for name in members_known(who):
        assert f"Somebody of the {name}" in page


@pytest.mark.parametrize("who", NOT_LET_IN)
@pytest.mark.parametrize("address", ["circles:index", "circles:add", "memberships:index", "memberships:add"])
def test_others_on_the_staff_have_no_business_there(client, people, who, address):
    client.force_login(people[who])

    assert client.get(reverse(address)).status_code == 302
    assert reverse("circles:index") not in client.get("/admin/", follow=True).content.decode()


@pytest.mark.parametrize("who", ["organiser", "secretary", "superuser", *NOT_LET_IN])
@pytest.mark.parametrize("row", ROWS)
def test_who_opens_which_group_and_which_membership(client, rows, people, who, row):
    client.force_login(people[who])
    group = rows[row]
    member = group.memberships.order_by("pk")[0]
    is_known, are_members_known = row in LOOKED_AFTER.get(who, []), row in members_known(who)
    refused = (302, 404)  # Wagtail sends those away who may change nothing of the kind

    for action in ("edit", "history", "history_results"):
        found = client.get(reverse(f"circles:{action}", args=[group.pk])).status_code
        assert found in ((200,) if is_known else refused), action
        found = client.get(reverse(f"memberships:{action}", args=[member.pk])).status_code
        assert found in ((200,) if are_members_known else refused), action
    for address, pk in (("circles:archive", group.pk), ("circles:reopen", group.pk)):
        assert client.post(reverse(address, args=[pk])).status_code == (302 if is_known else 404)
    assert client.post(reverse("memberships:appoint", args=[member.pk])).status_code == (
        302 if are_members_known else 404
    )


@pytest.mark.parametrize("who", ["organiser", "secretary", "superuser"])
def test_nothing_is_deleted_copied_or_traced_to_where_it_is_used(client, rows, people, who):
    client.force_login(people[who])
    group, member = rows["led chapter"], Membership.objects.filter(group=rows["led chapter"]).first()

    for name, pk in (("circles", group.pk), ("memberships", member.pk)):
        for action in ("delete", "usage", "copy", "inspect"):
            assert client.get(f"/admin/{name}/{action}/{pk}/").status_code == 404
        page = client.get(reverse(f"{name}:edit", args=[pk])).content.decode()
        assert f"/admin/{name}/delete/" not in page
        assert f"/admin/{name}/usage/" not in page
    for model in ("group", "membership"):
        assert client.post(f"/admin/bulk/groups/{model}/delete/?id={group.pk}").status_code == 404


def test_wagtail_keeps_no_name_of_a_group_in_its_log_or_its_index(client, rows, people):
    client.force_login(people["superuser"])
    group = rows["consultation"]
    make_topic(forums.forum_for_group(group), by=group.memberships.order_by("pk")[0].user, subject="Canary subject")

    change(client, group, purpose="Something else.")
    client.post(reverse("circles:archive", args=[group.pk]))
    client.post(reverse("memberships:add"), {"group": rows["community"].pk, "user": UserFactory().pk, "role": "member"})

    group.refresh_from_db()
    assert (group.purpose, group.archived_at is None) == ("Something else.", False)
    assert not ModelLogEntry.objects.filter(content_type__app_label="groups").exists()
    assert not ReferenceIndex.objects.filter(to_content_type__app_label="groups").exists()
    client.get("/admin/")  # says what was just done
    assert group.name not in client.get("/admin/reports/site-history/").content.decode()


# Setting up ----------------------------------------------------------------------------------------------------------

NEW = {
    "kind": "chapter",
    "name": "Lake chapter",
    "slug": "lake",
    "purpose": "To meet.",
    "time_zone": "America/Chicago",
    "joining": "open",
    "tint": "3",
}


def test_a_chapter_is_set_up_with_somebody_who_leads_it(client, secretary, run_jobs):
    leader = UserFactory()

    client.post(reverse("circles:add"), NEW | {"leader": leader.pk, "agenda": "Check-in, then two cases."})
    run_jobs()

    group = Group.objects.get(slug="lake")
    assert (group.time_zone, group.tint, group.agenda) == ("America/Chicago", 3, "Check-in, then two cases.")
    own = group.memberships.get()
    assert (own.user, own.role, own.has_signed) == (leader, "facilitator", False)
    [letter] = mail.outbox
    assert letter.to == [leader.email]
    assert reverse("groups:agreement", args=["lake"]) in letter.body
    actions = AuditEntry.objects.filter(actor_id=secretary.pk).values_list("action", flat=True)
    assert set(actions) == {"group.set_up", "group.member.joined"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "consultation"}, "Select a valid choice"),
        ({"joining": "request"}, "A chapter is open to every member."),
        ({"joining": "invitation"}, "Select a valid choice"),
        ({"leader": ""}, "This field is required"),
        ({"leader": "0"}, "Select a valid choice"),
        ({"slug": "start"}, "kept for something else"),
        ({"slug": "taken"}, "already exists"),
        ({"slug": "no good"}, "Enter a valid"),
        ({"name": "a\x00b"}, "Null characters"),
        ({"size_limit": "2"}, "greater than or equal to 3"),
        ({"size_limit": "99999"}, "less than or equal to 5000"),
        ({"time_zone": "Mars/Olympus"}, "time zone"),
        ({"tint": "12"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_set_up_is_said_and_all_that_was_typed_stays(client, secretary, changes, words):
    GroupFactory(slug="taken")
    form = NEW | {"leader": UserFactory().pk, "purpose": "All that I typed."} | changes

    page = client.post(reverse("circles:add"), form)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert "All that I typed." in page.content.decode()
    assert Group.objects.count() == 1


def test_somebody_who_hides_is_nobody_that_a_number_names(client, secretary):
    page = client.post(reverse("circles:add"), NEW | {"leader": UserFactory(hidden=True, display_name="Canary").pk})

    assert "Select a valid choice" in page.content.decode()
    assert not Group.objects.exists()


def test_an_organiser_sets_up_no_group(client, rows, people):
    client.force_login(people["organiser"])

    assert client.post(reverse("circles:add"), NEW | {"leader": people["organiser"].pk}).status_code == 302
    assert not Group.objects.filter(slug="lake").exists()


# Changing ------------------------------------------------------------------------------------------------------------


def change(client, group: Group, **changes):
    fields = ["name", "purpose", "region", "time_zone", "cadence", "agenda", "joining", "size_limit", "tint"]
    form = {name: "" if getattr(group, name) is None else getattr(group, name) for name in fields}
    return client.post(reverse("circles:edit", args=[group.pk]), form | changes)


def test_an_organiser_changes_their_chapter(client, rows, people):
    client.force_login(people["organiser"])

    change(client, rows["led chapter"], cadence="First Monday, 6 PM", size_limit="40", tint="7")

    group = Group.objects.get(pk=rows["led chapter"].pk)
    assert (group.cadence, group.size_limit, group.tint) == ("First Monday, 6 PM", 40, 7)
    assert AuditEntry.objects.get(action="group.changed").actor_id == people["organiser"].pk


@pytest.mark.parametrize(
    "extra", [{"kind": "chapter"}, {"listed": ""}, {"slug": "other"}, {"archived_at": "2020-01-01"}]
)
def test_kind_address_and_listing_are_not_changed_by_what_a_form_carries(client, secretary, rows, extra):
    group = rows["community"]

    change(client, group, **extra)

    group.refresh_from_db()
    assert (group.kind, group.listed, group.archived_at) == ("community", True, None)
    assert group.slug != "other"


@pytest.mark.parametrize(
    ("row", "changes", "words"),
    [
        ("consultation", {"size_limit": "12"}, "three to nine"),
        ("consultation", {"size_limit": ""}, "This field is required"),
        ("consultation", {"joining": "open"}, "Select a valid choice"),
        ("community", {"joining": "invitation"}, "Select a valid choice"),
        ("community", {"size_limit": "3"}, "people are in this group, so"),
        ("community", {"name": ""}, "This field is required"),
    ],
)
def test_what_the_database_would_refuse_is_a_sentence_beside_its_field(client, secretary, rows, row, changes, words):
    MembershipFactory.create_batch(4, group=rows[row])

    page = change(client, rows[row], **changes).content.decode()

    [field] = changes
    error = re.search(
        rf'data-contentpath="{field}"(?:(?!data-contentpath).)*<p class="error-message">(.*?)</p>', page, re.S
    )
    assert error is not None
    assert words in error[1]


def test_archiving_and_opening_again_are_buttons(client, secretary, rows):
    group = rows["other chapter"]
    assert "Archive this group" in client.get(reverse("circles:edit", args=[group.pk])).content.decode()

    client.post(reverse("circles:archive", args=[group.pk]))
    page = client.get(reverse("circles:edit", args=[group.pk])).content.decode()
    assert "Open it again" in page
    assert 'name="name"' not in page
    assert "archived" in change(client, group, purpose="Something else.").content.decode()

    client.post(reverse("circles:reopen", args=[group.pk]))
    group.refresh_from_db()
    assert (group.archived_at, group.purpose) == (None, "To meet.")
    for action in ("archive", "reopen"):
        assert client.get(reverse(f"circles:{action}", args=[group.pk])).status_code == 405
