import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from community.groups import agreements, archiving, membership
from community.groups.models import Group, Membership
from community.groups.refusals import GroupRefused
from core.models import AuditEntry
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


@pytest.mark.parametrize("who", ["organiser", "secretary", "superuser"])
def test_somebody_is_added_and_sees_nothing_before_they_sign(client, rows, people, run_jobs, who):
    client.force_login(people[who])
    group, person = rows["led chapter"], UserFactory()

    client.post(reverse("memberships:add"), {"group": group.pk, "user": person.pk, "role": "facilitator"})
    run_jobs()

    assert group.memberships.get(user=person).role == "facilitator"
    assert not Group.objects.entered_by(person).exists()
    assert [letter.to for letter in mail.outbox] == [[person.email]]


def test_the_letter_to_somebody_added_is_withheld_once_they_are_out_or_inside(client, rows, people, run_jobs):
    group, out, inside = rows["led chapter"], UserFactory(), UserFactory()
    for person in (out, inside):
        membership.add(group, person, by=people["secretary"])
    membership.leave(group, by=out)
    agreements.sign(group, by=inside, edition=1)
    run_jobs()

    assert [letter.subject for letter in mail.outbox] == ["Your copy of the agreement you signed"]


@pytest.mark.parametrize("row", ["consultation", "hidden", "archived chapter", "other chapter"])
def test_nobody_is_added_where_one_does_not_look_after_the_members(client, rows, people, row):
    who = "organiser" if row == "other chapter" else "superuser"
    client.force_login(people[who])
    person = UserFactory()

    page = client.post(reverse("memberships:add"), {"group": rows[row].pk, "user": person.pk, "role": "member"})

    assert "Select a valid choice" in page.content.decode()
    assert not Membership.objects.filter(user=person).exists()


def test_who_is_in_already_is_said_and_who_was_there_before_comes_back(client, secretary, rows):
    group = rows["community"]
    inside = group.memberships.get().user
    former = MembershipFactory(group=group, left_at=timezone.now()).user

    page = client.post(reverse("memberships:add"), {"group": group.pk, "user": inside.pk, "role": "member"})
    assert "They are in this group already." in page.content.decode()
    client.post(reverse("memberships:add"), {"group": group.pk, "user": former.pk, "role": "member"})
    assert Membership.objects.of(former).filter(group=group).exists()


def test_the_last_place_is_a_sentence_beside_the_person(client, secretary, rows):
    group = rows["community"]
    MembershipFactory.create_batch(2, group=group)
    Group.objects.filter(pk=group.pk).update(size_limit=3)

    page = client.post(reverse("memberships:add"), {"group": group.pk, "user": UserFactory().pk, "role": "member"})

    assert "All 3 places are taken." in page.content.decode()


@pytest.mark.parametrize("who", ["secretary", "superuser"])
def test_staff_let_others_in_and_never_themselves(client, rows, people, who):
    client.force_login(people[who])
    group = rows["community"]
    Group.objects.filter(pk=group.pk).update(joining="request")

    page = client.post(reverse("memberships:add"), {"group": group.pk, "user": people[who].pk, "role": "facilitator"})

    assert "Nobody lets themselves in here." in page.content.decode()
    assert not Membership.objects.of(people[who]).filter(group=group).exists()


def test_staff_make_a_member_a_facilitator_once_they_have_signed(client, secretary, rows):
    group = rows["community"]
    signed, unsigned = MembershipFactory(group=group), MembershipFactory(group=group, unsigned=True)

    for own in (signed, unsigned):
        client.post(reverse("memberships:appoint", args=[own.pk]))

    assert [Membership.objects.get(pk=own.pk).role for own in (signed, unsigned)] == ["facilitator", "member"]
    assert AuditEntry.objects.get(action="group.facilitator.appointed").person_id == signed.user.pk


def test_nobody_on_the_staff_makes_themselves_a_facilitator(client, secretary, rows):
    own = MembershipFactory(group=rows["community"], user=secretary)

    client.post(reverse("memberships:appoint", args=[own.pk]))

    own.refresh_from_db()
    assert own.role == "member"


def test_a_membership_ends_with_a_reason_that_nobody_else_reads(client, secretary, rows, run_jobs):
    own = MembershipFactory(group=rows["other chapter"], facilitator=True)
    url = reverse("memberships:edit", args=[own.pk])

    assert "This field is required" in client.post(url, {"reason_given": " "}).content.decode()
    client.post(url, {"reason_given": "Canary reason."})
    run_jobs()

    own.refresh_from_db()
    assert (own.ending, own.reason) == ("removed", "Canary reason.")
    assert [letter.to for letter in mail.outbox] == [[own.user.email]]
    for address in (url, reverse("memberships:history", args=[own.pk]), reverse("memberships:index")):
        page = client.get(address).content.decode()
        assert "Canary reason." not in page
    assert "They are not in this group any more." in client.post(url, {"reason_given": "Again."}).content.decode()


def test_an_organiser_ends_the_membership_of_a_member_and_of_no_other_facilitator(client, rows, people):
    client.force_login(people["organiser"])
    member = MembershipFactory(group=rows["led chapter"])
    peer = MembershipFactory(group=rows["led chapter"], facilitator=True)

    client.post(reverse("memberships:edit", args=[member.pk]), {"reason_given": "Moved away."})
    page = client.post(reverse("memberships:edit", args=[peer.pk]), {"reason_given": "I lead alone."})

    assert "A facilitator leaves by themselves" in page.content.decode()
    assert set(Membership.objects.filter(pk__in=[member.pk, peer.pk], left_at=None)) == {peer}


@pytest.mark.parametrize("kind", ["consultation", "hidden"])
def test_the_functions_refuse_the_association_a_hand_in_a_consultation_group(db, kind):
    group, staff = GroupFactory(**{kind: True}), UserFactory(superuser=True)
    own = MembershipFactory(group=group)

    for act in (
        lambda: membership.add(group, UserFactory(), by=staff),
        lambda: membership.remove(own, by=staff, reason="x"),
        lambda: membership.appoint(own, by=staff),
        lambda: membership.hand_over(group, to=own, by=staff),
    ):
        with pytest.raises(GroupRefused):
            act()
    if kind == "hidden":
        with pytest.raises(GroupRefused):
            archiving.archive(group, by=staff)


@pytest.mark.parametrize("query", ["?group=nonsense", "?group=%00", "?group=99999999999999999999", "?role=x", "?p=zz"])
def test_odd_parameters_do_no_harm(client, secretary, rows, query):
    for address in ("memberships:index", "memberships:add", "circles:index", "agreements:index", "agreements:add"):
        assert client.get(reverse(address) + query).status_code == 200


# History -------------------------------------------------------------------------------------------------------------


def test_the_history_of_a_chapter_and_of_a_membership_is_that_of_the_audit_trail(client, secretary, rows):
    group, person = rows["other chapter"], UserFactory(display_name="Ada Newcomer")
    membership.add(group, person, by=secretary)
    agreements.sign(group, by=person, edition=1)
    own = group.memberships.get(user=person)

    of_group = client.get(reverse("circles:history", args=[group.pk])).content.decode()
    of_person = client.get(reverse("memberships:history", args=[own.pk])).content.decode()

    for page in (of_group, of_person):
        assert "Ada Newcomer" in page
        assert "let somebody into a group" in page
        assert "signed a group&#x27;s agreement" in page


def test_the_history_of_a_consultation_group_says_nothing_of_its_people(client, secretary, rows):
    group = rows["consultation"]
    member = MembershipFactory(group=group, user__display_name="Canary Person")
    membership.leave(group, by=member.user)
    archiving.archive(group, by=secretary)

    page = client.get(reverse("circles:history", args=[group.pk])).content.decode()

    assert "archived a group" in page
    assert "left a group" not in page
    assert "Canary" not in page


# Cost ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(("address", "queries"), [("circles", 7), ("memberships", 6), ("agreements", 7)])
def test_each_list_costs_the_same_for_one_row_and_for_twenty(
    client, secretary, django_assert_num_queries, address, queries, count
):
    for group in GroupFactory.create_batch(count):
        MembershipFactory(group=group)
        agreements.draft("chapter", "x")
    url = reverse(f"{address}:index_results")
    client.get(url)

    with django_assert_num_queries(queries):
        client.get(url)


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(("address", "queries"), [("circles", 12), ("memberships", 14)])
def test_each_history_costs_the_same_for_one_row_and_for_twenty(
    client, secretary, django_assert_num_queries, address, queries, count
):
    own = MembershipFactory()
    for _time in range(count):
        membership.leave(own.group, by=own.user)
        membership.add(own.group, own.user, by=UserFactory(superuser=True))
    pk = own.group.pk if address == "circles" else own.pk
    url = reverse(f"{address}:history_results", args=[pk])
    client.get(url)

    with django_assert_num_queries(queries):
        client.get(url)
