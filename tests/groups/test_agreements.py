import hashlib

import pytest
from django.conf import settings as configured
from django.utils import timezone

from community.discussions import forums, search
from community.discussions.models import Forum, Post, Topic
from community.groups import agreements, archiving, membership
from community.groups.models import Addition, Agreement, Group, GroupFile, Membership, Signature
from community.groups.refusals import GroupRefused
from core.models import AuditEntry
from events.models import Event, Occurrence
from factories.discussions import make_topic
from factories.events import EventFactory
from factories.files import keep
from factories.groups import GroupFactory, MembershipFactory, new_version, put_in, sign
from factories.members import UserFactory

KINDS = ["chapter", "community", "consultation"]


@pytest.fixture
def disk(settings):
    settings.STORAGES = configured.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}


# What is signed ------------------------------------------------------------------------------------------------------


def test_a_signature_keeps_version_time_and_a_hash_of_the_words(circle):
    group, leader, _member = circle
    agreements.write_addition(group, by=leader, body="We meet with open windows.")
    before = timezone.now()
    newcomer = UserFactory()
    membership.add(group, newcomer)

    signature = sign(group, newcomer)

    words = f"{agreements.current('consultation').body}\n\nWe meet with open windows."
    assert signature.text_hash == hashlib.sha256(words.encode()).hexdigest()
    assert (signature.agreement.version, signature.addition.version) == (1, 1)
    assert before <= signature.signed_at <= timezone.now()
    assert AuditEntry.objects.filter(action="group.agreement.signed", actor_id=newcomer.pk).count() == 1


def test_signing_twice_changes_nothing(circle):
    group, _leader, member = circle

    assert sign(group, member) == sign(group, member)
    assert Signature.objects.filter(user=member).count() == 1


def test_who_comes_back_signs_once_more_and_both_signatures_stay(circle):
    group, _leader, member = circle
    membership.leave(group, by=member)
    membership.add(group, member)
    assert not Group.objects.entered_by(member).exists()

    sign(group, member)

    assert Group.objects.entered_by(member).exists()
    assert Signature.objects.filter(group=group, user=member, edition=1).count() == 2


@pytest.mark.parametrize("edition", [0, 1, 3, 99])
def test_another_edition_than_the_present_one_is_refused(circle, edition):
    group, _leader, member = circle
    new_version("consultation")

    with pytest.raises(GroupRefused, match="has changed while you were reading"):
        agreements.sign(group, by=member, edition=edition)
    assert not Group.objects.entered_by(member).exists()


def test_nobody_signs_for_a_group_that_they_do_not_belong_to(circle):
    group, _leader, member = circle
    membership.leave(group, by=member)

    for person in (member, UserFactory(), UserFactory(superuser=True), UserFactory(lapsed=True)):
        with pytest.raises(GroupRefused, match="do not belong"):
            sign(group, person)


def test_the_first_texts_say_what_they_cannot_do(db):
    for kind in KINDS:
        words = " ".join(agreements.current(kind).body.lower().split())
        for limit in ["privileged", "court", "can reach", "report", "decides", "client", "emergencies", "counsel"]:
            assert limit in words, (kind, limit)
    consultation = agreements.current("consultation").body
    assert "can reach what is stored" in consultation
    assert "neither supervision nor treatment" in consultation


# Publishing a version ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_version_pauses_every_group_of_its_kind_and_no_other(db, kind):
    groups = {each: GroupFactory(kind=each) for each in KINDS}
    hidden, archived = GroupFactory(hidden=True), GroupFactory(kind=kind, archived_at=timezone.now())
    person = UserFactory()
    for group in [*groups.values(), hidden, archived]:
        MembershipFactory(group=group, user=person)

    new_version(kind)

    paused = {groups[kind], archived} | ({hidden} if kind == "consultation" else set())
    everything = {*groups.values(), hidden, archived}
    assert set(Group.objects.entered_by(person)) == everything - paused
    assert set(Group.objects.belonged_to(person)) == everything


def channels(group: Group, person) -> dict[str, bool]:
    """What `person` gets by the queries that every channel asks: pages, lists, search, calendars, mail, files."""
    own = {"group": group}
    return {
        "inside": Group.objects.entered_by(person).filter(pk=group.pk).exists(),
        "reads": Group.objects.read_by(person).filter(pk=group.pk).exists(),
        "leads": Group.objects.facilitated_by(person).filter(pk=group.pk).exists(),
        "roster": Membership.objects.visible_to(person).filter(**own).exists(),
        "files": GroupFile.objects.visible_to(person).filter(**own).exists(),
        "forums": Forum.objects.visible_to(person).filter(**own).exists(),
        "writes": Forum.objects.shared_with(person).filter(**own).exists(),
        "topics": Topic.objects.visible_to(person).filter(forum__group=group).exists(),
        "posts": Post.objects.visible_to(person).filter(topic__forum__group=group).exists(),
        "search": search.count_posts(person, "canary") > 0,
        "events": Event.objects.visible_to(person).filter(**own).exists(),
        "calendar": Occurrence.objects.visible_to(person).filter(event__group=group).exists(),
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change", ["version", "addition"])
def test_from_that_moment_every_channel_is_shut_until_they_sign(db, disk, kind, change):
    group, leader, member = GroupFactory(kind=kind), UserFactory(), UserFactory(practitioner=True)
    put_in(group, leader, role="facilitator")
    put_in(group, member, role="facilitator")
    keep(group, leader)
    make_topic(forums.forum_for_group(group), by=leader, body="A canary sings.")
    EventFactory(group=group, audience="group", by=leader)
    assert all(channels(group, member).values())

    if change == "version":
        new_version(kind)
    else:
        agreements.write_addition(group, by=leader, body="We begin on time.")

    assert not any(channels(group, member).values())
    sign(group, member)
    assert all(channels(group, member).values())


def test_a_facilitator_who_has_not_signed_can_do_nothing(circle):
    group, leader, member = circle
    other = group.memberships.get(user=member)
    new_version("consultation")
    sign(group, member)

    for act in (
        lambda: agreements.write_addition(group, by=leader, body="x"),
        lambda: membership.remove(other, by=leader, reason="x"),
        lambda: membership.appoint(other, by=leader),
        lambda: membership.hand_over(group, to=other, by=leader),
        lambda: membership.add(group, UserFactory(), by=leader),
        lambda: archiving.archive(group, by=leader),
    ):
        with pytest.raises(GroupRefused):
            act()
    assert Membership.objects.filter(group=group, left_at=None).count() == 2


def test_a_draft_counts_for_nobody_and_its_words_can_change(circle):
    _group, _leader, member = circle
    draft = agreements.draft("consultation", "First\r\nwords  ")

    agreements.revise(draft, body="Second\r\nwords\r\n")

    draft.refresh_from_db()
    assert (draft.version, draft.body) == (None, "Second\nwords")
    assert Group.objects.entered_by(member).exists()


def test_without_counsel_nothing_is_published(db):
    draft = agreements.draft("chapter", "New words")

    with pytest.raises(GroupRefused, match="counsel"):
        agreements.publish(draft, by=UserFactory(superuser=True), counsel_confirmed=False)
    assert agreements.current("chapter").version == 1


def test_words_that_count_already_are_not_published_again(circle):
    _group, _leader, member = circle
    same = agreements.draft("consultation", agreements.current("consultation").body.replace("\n", "\r\n"))

    with pytest.raises(GroupRefused, match="count already"):
        agreements.publish(same, by=UserFactory(superuser=True), counsel_confirmed=True)
    assert Group.objects.entered_by(member).exists()


@pytest.mark.parametrize("change", ["publish", "revise", "discard"])
def test_what_is_published_stays_as_it_is(db, change):
    published = agreements.current("chapter")
    act = {
        "publish": lambda: agreements.publish(published, by=UserFactory(superuser=True), counsel_confirmed=True),
        "revise": lambda: agreements.revise(published, body="Other words"),
        "discard": lambda: agreements.discard(published),
    }[change]

    with pytest.raises(GroupRefused, match="published already"):
        act()
    assert agreements.current("chapter").body == published.body


def test_counsel_is_confirmed_once_with_person_and_time(db):
    first, second = UserFactory(superuser=True), UserFactory(superuser=True)
    agreement = agreements.current("chapter")

    agreements.confirm_counsel(agreement, by=first)
    agreements.confirm_counsel(agreement, by=second)

    agreement.refresh_from_db()
    assert agreement.counsel_confirmed_by == first
    assert AuditEntry.objects.filter(action="agreement.seen_by_counsel").count() == 1


def test_the_present_version_is_asked_for_among_all_and_not_among_those_left_over(db):
    old = agreements.current("chapter")
    new = new_version("chapter")

    assert not Agreement.objects.current().filter(pk=old.pk).exists()
    assert Agreement.objects.current().get(kind="chapter") == new


# What a group adds ---------------------------------------------------------------------------------------------------


def test_the_writer_signs_by_publishing_and_the_others_sign_anew(circle):
    group, leader, member = circle

    agreements.write_addition(group, by=leader, body="We begin on time.")

    assert Group.objects.entered_by(leader).exists()
    assert not Group.objects.entered_by(member).exists()
    assert Signature.objects.filter(user=leader).latest("edition").addition.body == "We begin on time."


@pytest.mark.parametrize("words", ["We begin on time.", "  We begin on time.\r\n"])
def test_the_same_words_change_nothing(circle, words):
    group, leader, member = circle
    agreements.write_addition(group, by=leader, body="We begin on time.")
    sign(group, member)

    agreements.write_addition(group, by=leader, body=words)

    assert Group.objects.entered_by(member).exists()
    assert Addition.objects.count() == 1


def test_an_empty_addition_takes_the_last_one_back_and_is_signed_too(circle):
    group, leader, member = circle
    agreements.write_addition(group, by=leader, body="We begin on time.")
    sign(group, member)

    agreements.write_addition(group, by=leader, body=" ")

    group.refresh_from_db()
    text = agreements.text_for(group)
    assert (text.addition, text.version) == (None, "1")
    assert not Group.objects.entered_by(member).exists()
    assert sign(group, member).text_hash == text.hash


def test_an_empty_addition_where_there_was_none_changes_nothing(circle):
    group, leader, member = circle

    assert agreements.write_addition(group, by=leader, body="") is None
    assert Group.objects.entered_by(member).exists()


def test_only_its_facilitators_add_to_it_and_only_while_it_is_open(circle):
    group, leader, member = circle

    for person in (member, UserFactory(), UserFactory(superuser=True)):
        with pytest.raises(GroupRefused, match="Only its facilitators"):
            agreements.write_addition(group, by=person, body="x")
    archiving.archive(group, by=leader)
    with pytest.raises(GroupRefused, match="archived"):
        agreements.write_addition(group, by=leader, body="x")
    assert not Addition.objects.exists()
