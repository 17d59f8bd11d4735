import pytest
from django.contrib.auth.models import Group as StaffGroup
from django.contrib.auth.models import Permission
from django.urls import reverse

from community.discussions import forums
from community.groups.models import Group
from factories.discussions import make_topic
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.fixture
def secretary(client, db):
    """Somebody on the staff who may change groups."""
    user = UserFactory(staff=True)
    codenames = ["access_admin", "add_group", "change_group", "delete_group", "view_group"]
    user.user_permissions.set(
        Permission.objects.filter(codename__in=codenames, content_type__app_label__in=["wagtailadmin", "groups"])
    )
    client.force_login(user)
    return user


@pytest.mark.parametrize("action", ["edit", "delete", "history", "usage"])
def test_a_group_that_is_not_listed_is_not_there_in_the_admin(client, secretary, action):
    hidden, listed = GroupFactory(hidden=True, name="Canary"), GroupFactory(name="Open door")

    assert client.get(reverse(f"circles:{action}", args=[hidden.pk])).status_code == 404
    assert client.get(reverse(f"circles:{action}", args=[listed.pk])).status_code == 200


def test_the_list_and_its_search_leave_hidden_groups_out(client, secretary):
    GroupFactory(hidden=True, name="Canary circle")
    GroupFactory(name="Open circle")

    for query in ("", "?q=circle", "?kind=consultation"):
        assert "Canary" not in client.get(reverse("circles:index") + query).content.decode()
    assert "Open circle" in client.get(reverse("circles:index")).content.decode()


def test_a_chapter_is_set_up_in_the_admin(client, secretary):
    client.post(
        reverse("circles:add"),
        {
            "kind": "chapter",
            "name": "Lake chapter",
            "slug": "lake",
            "purpose": "To meet.",
            "time_zone": "America/Chicago",
            "listed": "on",
        },
    )

    assert Group.objects.get(slug="lake").time_zone == "America/Chicago"


def test_a_chapter_cannot_hide(client, secretary):
    response = client.post(
        reverse("circles:add"),
        {"kind": "chapter", "name": "Lake", "slug": "lake", "purpose": "To meet.", "time_zone": "America/Chicago"},
    )

    assert response.status_code == 200
    assert not Group.objects.exists()


@pytest.mark.parametrize("kind", ["chapter", "community"])
def test_nobody_opens_a_consultation_group_by_making_it_another_kind(client, secretary, kind):
    group = GroupFactory(consultation=True)
    form = {"name": group.name, "slug": group.slug, "purpose": "To meet.", "time_zone": "UTC", "listed": "on"}

    response = client.post(reverse("circles:edit", args=[group.pk]), form | {"kind": kind})

    assert "A group stays what it is" in response.content.decode()
    group.refresh_from_db()
    assert group.kind == "consultation"


def test_a_group_in_which_something_was_said_is_not_deleted(client, secretary):
    member = MembershipFactory(group__consultation=True)
    make_topic(forums.forum_for_group(member.group), by=member.user)

    response = client.post(reverse("circles:delete", args=[member.group.pk]), follow=True)

    assert "so it stays" in response.content.decode()
    assert Group.objects.filter(pk=member.group.pk).exists()


def test_an_editor_does_not_see_groups_in_the_admin(client, db):
    user = UserFactory(staff=True)
    user.groups.add(StaffGroup.objects.get(name="Editors"))
    client.force_login(user)

    assert client.get(reverse("circles:index")).status_code == 302
