"""Starting a group: who may, what it is then, and what nobody finds out by it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver

from community.groups import agreements, starting
from community.groups.models import Agreement, Group
from community.groups.models.group import RESERVED_SLUGS
from community.groups.refusals import GroupRefused
from core.models import AuditEntry
from factories.groups import GroupFactory
from factories.members import UserFactory

SMALL = {"name": "Tuesday table", "purpose": "To meet.", "joining": "invitation", "size_limit": 8}
OPEN = {"name": "Dream readers", "purpose": "To read.", "joining": "open"}


def start(by, kind="consultation", version=None, **changes) -> Group:
    given = (SMALL if kind == "consultation" else OPEN) | changes
    version = agreements.current(kind).version if version is None else version
    return starting.start(by=by, kind=kind, version=version, given=given)


def test_its_founder_leads_it_and_has_signed(db):
    founder = UserFactory()

    group = start(founder)

    assert Group.objects.facilitated_by(founder).get() == group
    assert group.signatures.get().user == founder
    assert list(AuditEntry.objects.filter(actor_id=founder.pk).values_list("action", flat=True).order_by("pk")) == [
        "group.started",
        "group.member.joined",
        "group.agreement.signed",
    ]


@pytest.mark.parametrize("trait", ["applicant", "lapsed"])
def test_who_is_no_member_starts_none(db, trait):
    with pytest.raises(GroupRefused, match="Only members"):
        start(UserFactory(**{trait: True}))

    assert not Group.objects.exists()


def test_chapters_are_made_by_staff(db):
    with pytest.raises(GroupRefused, match="staff"):
        starting.start(by=UserFactory(), kind="chapter", version=1, given=OPEN)


def test_another_wording_than_the_one_that_was_read_is_not_signed(db):
    founder, staff = UserFactory(), UserFactory(staff=True)
    read = agreements.current("consultation").version
    draft = Agreement.objects.create(kind="consultation", body="Something new.")
    agreements.publish(draft, by=staff, counsel_confirmed=True)

    with pytest.raises(GroupRefused, match="changed while you were reading"):
        start(founder, version=read)

    assert not Group.objects.exists()


def test_one_person_starts_five_a_month(db):
    founder = UserFactory()
    for _group in range(starting.MOST_A_MONTH):
        start(founder)

    with pytest.raises(GroupRefused, match="5 groups in a month"):
        start(founder)

    start(UserFactory())
    assert Group.objects.count() == starting.MOST_A_MONTH + 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"size_limit": 10}, "size_limit"),
        ({"size_limit": 2}, "size_limit"),
        ({"size_limit": None}, "__all__"),
        ({"joining": "open"}, "__all__"),
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"time_zone": "Moon/Base"}, "time_zone"),
        ({"tint": 12}, "tint"),
    ],
)
def test_what_cannot_be_is_told_by_its_field(db, changes, field):
    with pytest.raises(ValidationError) as refused:
        start(UserFactory(), **changes)

    assert field in refused.value.message_dict
    assert not Group.objects.exists()


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Dream readers", "dream-readers"), ("Ünïcode & co.", "unicode-co"), ("読書会", "group"), ("!?", "group")],
)
def test_the_address_is_made_from_the_name(db, name, slug):
    assert start(UserFactory(), kind="community", name=name).slug == slug


def test_a_taken_address_gets_letters_behind_it(db):
    GroupFactory(slug="dream-readers")

    slug = start(UserFactory(), kind="community").slug

    assert slug.startswith("dream-readers-")
    assert len(slug) == len("dream-readers-") + 8


@pytest.mark.parametrize("name", ["Start", "Invitations", "New"])
def test_an_address_that_means_something_else_gets_them_too(db, name):
    assert start(UserFactory(), kind="community", name=name).slug.startswith(f"{name.lower()}-")


def test_the_words_that_mean_something_else_are_all_reserved():
    """A group at the address of another page could never be opened."""
    taken = set()
    for entry in get_resolver().url_patterns:
        prefix = str(entry.pattern)
        for inner in getattr(entry, "url_patterns", []):
            first, slash, _rest = f"{prefix}{inner.pattern}".removeprefix("groups/").partition("/")
            if f"{prefix}{inner.pattern}".startswith("groups/") and slash and "<" not in first:
                taken.add(first)

    assert taken == {"start", "invitations"}
    assert taken <= RESERVED_SLUGS
    with pytest.raises(ValidationError):
        Group(slug="start").clean()


def test_a_hidden_group_is_not_found_by_its_name(db):
    """Its address cannot be guessed, and a group of the same name started by somebody else shows no trace of it."""
    hidden = start(UserFactory(), listed=False)
    same = start(UserFactory())

    assert hidden.slug.startswith("tuesday-table-")
    assert same.slug == "tuesday-table"


def test_two_hidden_groups_of_one_name_have_two_addresses(db):
    assert start(UserFactory(), listed=False).slug != start(UserFactory(), listed=False).slug


def test_all_of_it_or_nothing(db):
    founder = UserFactory()

    with pytest.raises(ValidationError):
        start(founder, purpose="")

    assert not Group.objects.exists()
    assert not AuditEntry.objects.filter(action=starting.STARTED).exists()
