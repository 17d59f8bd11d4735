"""A new wording against people who sign, and against groups that are set up, at the same moment.

The second test is first shown to see what it looks for: without `hold`, a group that is being set up while a version is
published goes on with the words that counted before.
"""

import threading

import pytest
from django.db import connections, transaction

import racing
from community.groups import agreements, starting
from community.groups.models import Agreement, Group, Membership, Signature
from community.groups.refusals import GroupRefused
from community.members.models import User
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory

PROCESSES = 12
GIVEN = {
    "name": "Late table",
    "purpose": "To meet.",
    "time_zone": "UTC",
    "joining": "invitation",
    "size_limit": 6,
    "listed": False,
}


def _sign(group_id: int, user_id: int) -> str:
    agreements.sign(Group.objects.get(pk=group_id), by=User.objects.get(pk=user_id), edition=1)
    return "signed"


def _publish(draft_id: int, user_id: int) -> str:
    draft = Agreement.objects.get(pk=draft_id)
    agreements.publish(draft, by=User.objects.get(pk=user_id), counsel_confirmed=True)
    return "published"


def test_whoever_signs_while_a_version_is_published_signed_what_they_read_and_is_not_inside(fresh_database):
    group, staff = GroupFactory(community=True), UserFactory(superuser=True)
    people = [MembershipFactory(group=group, unsigned=True).user for _number in range(PROCESSES)]
    before, draft = agreements.text_for(group), agreements.draft("community", "New words")
    jobs = [(_sign, group.pk, person.pk) for person in people] + [(_publish, draft.pk, staff.pk)]

    found = racing.all_at_once(jobs, refusals=(GroupRefused,))

    assert found.count("published") == 1
    assert found.count("signed") == Signature.objects.count()
    assert set(Signature.objects.values_list("text_hash", "edition")) <= {(before.hash, 1)}
    assert not Membership.objects.filter(group=group).signed().exists()


def _start_while_a_version_is_published() -> Group:
    """A group is made in a transaction that lasts until the version is out, or has to wait for it."""
    founder, staff = UserFactory(), UserFactory(superuser=True)
    draft = agreements.draft("consultation", "New words")
    made, went_through = threading.Event(), threading.Event()

    def publish() -> None:
        try:
            made.wait(30)
            agreements.publish(draft, by=staff, counsel_confirmed=True)
            went_through.set()
        finally:
            connections.close_all()

    publisher = threading.Thread(target=publish)
    publisher.start()
    with transaction.atomic():
        group = starting.start(by=founder, kind="consultation", version=1, given=GIVEN)
        made.set()
        went_through.wait(2)
    publisher.join(30)
    assert agreements.current("consultation").version == 2
    group.refresh_from_db()
    return group


def test_without_the_lock_a_new_group_goes_on_with_the_old_words(fresh_database, monkeypatch):
    monkeypatch.setattr(agreements, "hold", agreements.current)

    group = _start_while_a_version_is_published()

    [own] = group.memberships.all()
    assert own.signed_edition == group.edition
    assert Signature.objects.get().agreement.version == 1


def test_with_it_the_new_version_waits_and_counts_for_the_new_group_too(fresh_database):
    group = _start_while_a_version_is_published()

    [own] = group.memberships.all()
    assert (own.signed_edition, group.edition) == (1, 2)
    assert not Group.objects.entered_by(own.user).exists()


@pytest.mark.parametrize("kind", ["chapter", "community", "consultation"])
def test_two_versions_published_at_once_are_two_versions(fresh_database, kind):
    staff = UserFactory(superuser=True)
    drafts = [agreements.draft(kind, f"Words {number}") for number in range(4)]
    group = GroupFactory(kind=kind)

    found = racing.all_at_once([(_publish, draft.pk, staff.pk) for draft in drafts], refusals=())

    assert found == ["published"] * 4
    group.refresh_from_db()
    assert (agreements.current(kind).version, group.edition) == (5, 5)
