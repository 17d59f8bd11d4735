"""What facilitators change about a group, and its picture."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from community.groups import archiving, editing, membership
from community.groups.models import Group
from community.groups.refusals import GroupRefused
from core.models import AuditEntry
from core.uploads import clean_picture
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def leader(db):
    return MembershipFactory(group__hidden=True, facilitator=True)


def url_of(group: Group) -> str:
    return reverse("groups:edit", args=[group.slug])


def typed(group: Group, **changes) -> dict:
    form = {
        "name": group.name,
        "purpose": group.purpose,
        "cadence": group.cadence,
        "region": group.region,
        "time_zone": group.time_zone,
        "agenda": group.agenda,
        "joining": group.joining,
        "size_limit": group.size_limit or "",
        "listed": "on" if group.listed else "",
        "tint": group.tint,
    }
    return {name: value for name, value in (form | changes).items() if value != ""}


def photo(name: str = "us.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def test_it_is_changed_and_keeps_its_address(client, leader):
    client.force_login(leader.user)
    slug = leader.group.slug

    response = client.post(url_of(leader.group), typed(leader.group, name="Another  name", cadence="Fridays", tint=7))

    group = Group.objects.get(pk=leader.group.pk)
    assert response["Location"] == group.get_absolute_url()
    assert (group.name, group.cadence, group.tint, group.slug) == ("Another name", "Fridays", 7, slug)
    assert AuditEntry.objects.filter(action="group.changed", actor_id=leader.user.pk).count() == 1


def test_what_is_not_changed_leaves_no_trace(leader):
    editing.edit(leader.group, by=leader.user, changes={"name": leader.group.name})

    assert not AuditEntry.objects.filter(action="group.changed").exists()


def test_only_what_is_theirs_to_decide_is_changed(leader):
    before = leader.group.edition
    changes = {"slug": "elsewhere", "kind": "chapter", "edition": 9, "archived_at": "2020-01-01"}

    editing.edit(leader.group, by=leader.user, changes=changes)

    group = Group.objects.get(pk=leader.group.pk)
    assert (group.slug, group.kind, group.edition, group.archived_at) == (
        leader.group.slug,
        "consultation",
        before,
        None,
    )


@pytest.mark.parametrize("who", ["member", "unsigned", "former", "outsider", "superuser"])
def test_nobody_else_changes_it(client, leader, who):
    person = UserFactory(superuser=who == "superuser")
    if who in ("member", "unsigned"):
        MembershipFactory(group=leader.group, user=person, unsigned=who == "unsigned", facilitator=who == "unsigned")
    if who == "former":
        own = MembershipFactory(group=leader.group, user=person)
        membership.leave(own.group, by=person)
    client.force_login(person)

    assert client.get(url_of(leader.group)).status_code == 404
    assert client.post(url_of(leader.group), typed(leader.group, name="Mine")).status_code == 404
    with pytest.raises(GroupRefused, match="Only its facilitators"):
        editing.edit(leader.group, by=person, changes={"name": "Mine"})
    with pytest.raises(GroupRefused):
        editing.set_picture(leader.group, None, by=person)


def test_an_archived_group_stays_as_it_is(client, leader):
    archiving.archive(leader.group, by=leader.user)
    client.force_login(leader.user)

    assert client.get(url_of(leader.group))["Location"] == reverse("groups:archive", args=[leader.group.slug])
    with pytest.raises(GroupRefused, match="archived"):
        editing.edit(leader.group, by=leader.user, changes={"name": "Late"})


def test_there_are_no_fewer_places_than_people(client, leader):
    MembershipFactory.create_batch(4, group=leader.group)
    client.force_login(leader.user)

    body = client.post(url_of(leader.group), typed(leader.group, size_limit=4, name="Kept words")).content.decode()

    assert "5 people are in this group, so it cannot have fewer places than that." in body
    assert "Kept words" in body
    assert Group.objects.get(pk=leader.group.pk).size_limit == 9


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"size_limit": 10}, "A consultation group has three to nine places."),
        ({"size_limit": "x"}, "Enter a whole number."),
        ({"joining": "open"}, "Select a valid choice."),
        ({"time_zone": "Moon/Base"}, "This is not a time zone that we know."),
        ({"tint": 12}, "Select a valid choice."),
        ({"name": "…"}, "Please write a name"),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"purpose": "x" * 1001}, "at most 1000 characters"),
        ({"agenda": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(client, leader, changes, sentence):
    client.force_login(leader.user)

    response = client.post(url_of(leader.group), typed(leader.group, cadence="Kept words") | changes)

    assert response.status_code == 200
    body = response.content.decode()
    assert sentence in body
    assert "Kept words" in body
    assert Group.objects.get(pk=leader.group.pk).cadence == ""


def test_a_chapter_stays_open_and_listed(client, db):
    leader = MembershipFactory(facilitator=True)
    client.force_login(leader.user)

    client.post(url_of(leader.group), typed(leader.group, joining="invitation", listed="", region="Ohio"))

    group = Group.objects.get(pk=leader.group.pk)
    assert (group.joining, group.listed, group.region) == ("open", True, "Ohio")


def test_a_consultation_group_hides_and_comes_back(client, leader):
    client.force_login(leader.user)
    outsider = UserFactory()

    client.post(url_of(leader.group), typed(leader.group, listed=""))
    assert leader.group not in Group.objects.visible_to(outsider)
    client.post(url_of(leader.group), typed(leader.group, listed="on"))

    assert leader.group in Group.objects.visible_to(outsider)


def test_a_picture_is_made_anew_and_the_one_before_is_gone(client, leader, django_capture_on_commit_callbacks):
    client.force_login(leader.user)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url_of(leader.group), typed(leader.group) | {"picture": photo()})
    first = Group.objects.get(pk=leader.group.pk).picture

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url_of(leader.group), typed(leader.group) | {"remove_picture": "on"})

    assert first.name.startswith("group-pictures/")
    assert first.name.endswith(".webp")
    assert not first.storage.exists(first.name)
    assert not Group.objects.get(pk=leader.group.pk).picture


def test_what_is_no_picture_is_refused(client, leader):
    client.force_login(leader.user)
    fake = SimpleUploadedFile("us.jpg", b"<script>", "image/jpeg")

    body = client.post(url_of(leader.group), typed(leader.group) | {"picture": fake}).content.decode()

    assert "We cannot read this as a picture" in body


@pytest.mark.parametrize(
    ("trait", "expected"),
    [
        ("hidden", {"visitor": 404, "outsider": 404, "superuser": 404, "unsigned": 200, "insider": 200}),
        ("consultation", {"visitor": 404, "outsider": 200, "superuser": 200, "unsigned": 200, "insider": 200}),
        ("community", {"visitor": 404, "outsider": 200, "superuser": 200, "unsigned": 200, "insider": 200}),
        (None, {"visitor": 200, "outsider": 200, "superuser": 200, "unsigned": 200, "insider": 200}),
    ],
)
def test_who_sees_the_picture_of_which_group(client, db, trait, expected):
    leader = MembershipFactory(group=GroupFactory(**({trait: True} if trait else {})), facilitator=True)
    editing.set_picture(leader.group, clean_picture(photo()), by=leader.user)
    people = {"outsider": UserFactory(), "superuser": UserFactory(superuser=True), "insider": leader.user}
    people["unsigned"] = MembershipFactory(group=leader.group, unsigned=True).user
    found = {}

    for who in expected:
        if who in people:
            client.force_login(people[who])
        response = client.get(leader.group.picture.url)
        found[who] = response.status_code
        if trait == "hidden" and response.status_code == 200:
            assert response["Cache-Control"] == "private, no-store"

    assert found == expected


def test_two_things_wrong_are_both_told(leader):
    with pytest.raises(ValidationError) as refused:
        editing.edit(leader.group, by=leader.user, changes={"name": "", "time_zone": "Moon/Base"})

    assert set(refused.value.message_dict) == {"name", "time_zone"}
