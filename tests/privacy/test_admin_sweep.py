"""The Wagtail admin knows nothing of a hidden group: every pattern of it, for everybody who comes in at its door."""

import pytest
from addresses import Route, every_route
from django.contrib.auth.models import Group as StaffGroup
from django.urls import reverse
from people import ADMINS
from secret import CANARIES, Secret, told
from wagtail.models import Page, Site

from community.discussions import forums
from community.groups.models import Agreement, EmergencyAccess
from community.members.models import Policy

UNVISITED = {
    "wagtailadmin_error_test": "is there to fail",
    "wagtailadmin_logout": "would end the visit",
    "wagtailadmin_password_reset_confirm": "a key of the account system; knows of accounts alone",
}

LOOK_AFTER_ACCOUNTS = {"staff", "membership staff", "superuser"}


def is_admin(route: Route) -> bool:
    return route.path.startswith("admin/")


def rows(secret: Secret) -> dict[str, int]:
    """What a viewset's `pk` means, by its namespace."""
    return {
        "circles": secret.group.pk,
        "memberships": secret.group.memberships.get(user=secret.colleague).pk,
        "agreements": Agreement.objects.get(kind="consultation", version=1).pk,
        "meetings": secret.meeting.event_id,
        "forums": secret.topic.forum_id,
        "policy": Policy.objects.order_by("pk")[0].pk,
        "person_chooser": secret.colleague.pk,
        "wagtailusers_users": secret.colleague.pk,
        "wagtailusers_groups": StaffGroup.objects.order_by("pk")[0].pk,
        "wagtailsites": Site.objects.get().pk,
    }


def parts(secret: Secret) -> dict[str, object]:
    """What a part means anywhere else. Pages, pictures and documents have no group: any number will do."""
    page = Page.objects.filter(depth=2).order_by("pk")[0].pk
    here = dict.fromkeys(["page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk"], page)
    named = {
        "app_label": "groups",
        "app_name": "groups",
        "model_name": "group",
        "content_type_app_name": "groups",
        "content_type_model_name": "group",
        "object_id": secret.group.pk,
        "action": "delete",
        "action_name": "approve",
        "filter_spec": "original",
        "revision_id_a": "live",
        "revision_id_b": "live",
    }
    numbers = ["pk", "collection_id", "document_id", "doc_id", "image_id", "redirect_id", "revision_id", "session_id"]
    numbers += ["task_id", "task_state_id", "workflow_pk", "workflow_state_id", "uploaded_file_id", "access_id"]
    return here | named | dict.fromkeys(numbers, 1)


def addresses(secret: Secret) -> list[str]:
    by_namespace, by_part = rows(secret), parts(secret)
    found = []
    for route in every_route():
        if not is_admin(route) or route.name in UNVISITED:
            continue
        namespace = route.name.split(":")[0]
        given = {part: by_part[part] for part in route.parts}
        if "pk" in given and namespace in by_namespace:
            given["pk"] = by_namespace[namespace]
        found.append(route.address(given))
    for word in CANARIES.values():
        found += [f"{reverse(f'{name}:index')}?q={word}" for name in ("circles", "memberships", "meetings", "forums")]
        found += [f"/admin/pages/search/?q={word}", f"/admin/person_chooser/results/?q={word}"]
    found += [f"/admin/person_chooser/chosen-multiple/?id={secret.colleague.pk}"]
    for label, pk in {
        "groups/group": secret.group.pk,
        "groups/membership": by_namespace["memberships"],
        "events/event": secret.meeting.event_id,
        "members/user": secret.colleague.pk,
    }.items():
        found.append(f"/admin/bulk/{label}/delete/?id={pk}&next=/admin/")
    return found


@pytest.mark.parametrize("who", ADMINS)
def test_the_admin_does_not_know_of_it(enter, secret, who):
    forums.forum_for_group(secret.group)
    client = enter(who)

    leaks = {}
    for path in addresses(secret):
        hits = told(client.get(path), path)
        if who in LOOK_AFTER_ACCOUNTS and path.startswith(("/admin/users/", "/admin/bulk/members/")):
            hits -= {"roster"}  # who looks after accounts knows the people, and not where they meet
        if hits:
            leaks[path] = hits

    assert leaks == {}


def test_the_admin_is_open_to_those_who_look(enter, secret):
    """So that the sweep above is known to come in."""
    for who in set(ADMINS) - {"moderator"}:  # who has their own pages, and no admin
        assert enter(who).get("/admin/", follow=True).status_code == 200
    assert EmergencyAccess.objects.count() == 0
