import hashlib

import pytest
from django.urls import reverse
from django.utils import timezone

from community.groups import agreements, archiving, membership
from community.groups.models import Addition, Group, Signature
from factories.groups import GroupFactory, MembershipFactory, new_version
from factories.members import UserFactory


def page(client, person, group: Group, name: str = "agreement"):
    if person:
        client.force_login(person)
    return client.get(reverse(f"groups:{name}", args=[group.slug]))


def test_who_reads_the_agreement_of_which_group(client, db):
    groups = {
        "chapter": GroupFactory(),
        "community": GroupFactory(community=True),
        "request": GroupFactory(community=True, by_request=True),
        "consultation": GroupFactory(consultation=True),
        "hidden": GroupFactory(hidden=True),
    }
    people = {"outsider": UserFactory(), "unsigned": UserFactory(), "inside": UserFactory(), "former": UserFactory()}
    people |= {"applicant": UserFactory(applicant=True), "superuser": UserFactory(superuser=True)}
    for group in groups.values():
        MembershipFactory(group=group, user=people["unsigned"], unsigned=True)
        MembershipFactory(group=group, user=people["inside"])
        MembershipFactory(group=group, user=people["former"], left_at=timezone.now())
    expected = {"outsider": 2, "former": 2, "superuser": 2, "unsigned": 5, "inside": 5, "applicant": 0}

    for who, person in people.items():
        shown = [kind for kind, group in groups.items() if page(client, person, group).status_code == 200]
        assert shown == list(groups)[: expected[who]], who


def test_an_unsigned_member_reads_and_signs_and_is_let_in(client, circle):
    group, _leader, _member = circle
    newcomer = UserFactory()
    membership.add(group, newcomer)

    words = page(client, newcomer, group).content.decode()
    assert "Sign this agreement" in words
    assert "does not make what we write here privileged" in words
    answer = client.post(reverse("groups:agreement", args=[group.slug]), {"edition": "1"})

    assert answer.url == group.get_absolute_url()
    assert Group.objects.entered_by(newcomer).exists()


def test_an_open_group_is_joined_by_signing(client, db):
    group, member = GroupFactory(), UserFactory()

    assert "Sign and join" in page(client, member, group).content.decode()
    client.post(reverse("groups:agreement", args=[group.slug]), {"edition": "1"})

    assert Group.objects.entered_by(member).get() == group


@pytest.mark.parametrize("edition", ["", "0", "2", "-1", "²", "1 ", "9999999999999", "one", "\x00"])
def test_any_other_edition_signs_nothing_and_says_so(client, circle, edition):
    group, _leader, _member = circle
    newcomer = UserFactory()
    membership.add(group, newcomer)
    client.force_login(newcomer)

    answer = client.post(reverse("groups:agreement", args=[group.slug]), {"edition": edition}, follow=True)

    assert "has changed while you were reading" in answer.content.decode()
    assert not Group.objects.entered_by(newcomer).exists()


def test_who_signs_anew_is_told_which_version_they_signed_and_what_changed(client, circle):
    group, _leader, member = circle
    old = agreements.current("consultation").body
    new_version("consultation", old.replace("- If I recognize", "- We keep no notes at home.\n- If I recognize"))

    words = page(client, member, group).content.decode()

    assert "You signed version 1 on" in words
    assert "This is version 2." in words
    assert "<ins>We keep no notes at home.</ins>" in words
    assert "<del>" not in words


def test_inside_the_page_says_when_it_was_signed_and_gives_the_copy(client, circle):
    group, _leader, member = circle

    words = page(client, member, group).content.decode()

    assert "You have signed" in words
    assert reverse("groups:agreement_copy", args=[group.slug]) in words
    assert "Sign this agreement" not in words


def test_the_copy_has_all_that_was_signed(client, circle):
    group, leader, member = circle
    signature = Signature.objects.get(user=member)
    agreements.write_addition(group, by=leader, body="Written later.")

    copy = page(client, member, group, "agreement_copy")
    words = copy.content.decode()

    assert copy["Content-Type"] == "text/plain; charset=utf-8"
    assert copy["Content-Disposition"] == 'attachment; filename="agreement-1.txt"'
    for part in (group.name, str(member), signature.text_hash, "Version: 1\n", member.zone_words):
        assert part in words
    below = words.split("-" * 70 + "\n")[1].rstrip("\n")
    assert hashlib.sha256(below.encode()).hexdigest() == signature.text_hash
    assert "Written later." not in words


def test_a_copy_is_for_those_who_belong_to_the_group_and_have_signed(client, circle):
    group, _leader, member = circle
    unsigned = MembershipFactory(group=group, unsigned=True).user

    assert page(client, unsigned, group, "agreement_copy").status_code == 302
    for person in (UserFactory(), UserFactory(superuser=True)):
        assert page(client, person, group, "agreement_copy").status_code == 404
    membership.leave(group, by=member)
    assert page(client, member, group, "agreement_copy").status_code == 404


def test_a_facilitator_looks_at_an_addition_before_it_counts(client, circle):
    group, leader, member = circle
    client.force_login(leader)
    url = reverse("groups:addition", args=[group.slug])

    seen = client.post(url, {"body": "We *begin* on time.", "preview": ""}).content.decode()
    assert "<em>begin</em>" in seen
    assert "We *begin* on time.</textarea>" in seen
    assert Group.objects.entered_by(member).exists()

    client.post(url, {"body": "We *begin* on time.", "publish": ""})
    assert Addition.objects.get().body == "We *begin* on time."
    assert not Group.objects.entered_by(member).exists()


@pytest.mark.parametrize(("body", "words"), [("x" * 4001, "at most 4000"), ("a\x00b", "Null characters")])
def test_an_addition_that_cannot_be_keeps_what_was_typed(client, circle, body, words):
    group, leader, _member = circle
    client.force_login(leader)

    seen = client.post(reverse("groups:addition", args=[group.slug]), {"body": body, "publish": ""}).content.decode()

    assert words in seen
    assert body[:100].replace("\x00", "") in seen.replace("\x00", "")
    assert not Addition.objects.exists()


def test_line_breaks_count_once_as_the_box_counts_them(client, circle):
    group, leader, _member = circle
    client.force_login(leader)

    client.post(reverse("groups:addition", args=[group.slug]), {"body": "ab\r\n" * 1333, "publish": ""})

    assert len(Addition.objects.get().body) == 1333 * 3 - 1


def test_others_find_no_addition_to_write(client, circle):
    group, leader, member = circle

    for person in (member, UserFactory(), UserFactory(superuser=True)):
        assert page(client, person, group, "addition").status_code == 404
    archiving.archive(group, by=leader)
    assert page(client, leader, group, "addition").status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_costs_the_same_for_one_and_for_twenty_people(client, circle, django_assert_num_queries, count):
    group, _leader, member = circle
    Group.objects.filter(pk=group.pk).update(kind="community", joining="open", size_limit=None)
    MembershipFactory.create_batch(count, group=group)
    page(client, member, group)

    with django_assert_num_queries(12):
        page(client, member, group)
