from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Subject
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory
from portal import welcome

TODAY = "/today/"


@pytest.fixture
def newcomer(db):
    return UserFactory(time_zone="UTC")


@pytest.fixture
def subjects(db):
    return [Subject.objects.create(name=name, slug=name.lower()) for name in ("Grief", "Groups", "Trauma")]


def test_today_needs_a_login(client, db):
    assert client.get(TODAY).url == "/accounts/login/?next=/today/"


@pytest.mark.parametrize("trait", ["applicant", "lapsed"])
def test_somebody_who_is_no_member_is_told_where_they_stand(client, db, trait):
    client.force_login(UserFactory(**{trait: True}))

    body = client.get(TODAY).content.decode()

    assert ("Your application is with us" in body) == (trait == "applicant")
    assert ("Your membership has lapsed" in body) == (trait == "lapsed")


def test_the_steps_come_one_at_a_time_and_are_done_by_doing_them(client, newcomer, subjects):
    chapter = GroupFactory()
    client.force_login(newcomer)
    assert welcome.next_step(newcomer) == ("zone", 1)

    client.post(reverse("portal:choose-zone"), {"time_zone": "America/Denver"})
    newcomer = type(newcomer).objects.get(pk=newcomer.pk)
    assert welcome.next_step(newcomer) == ("chapter", 2)
    assert chapter.name in client.get(TODAY).content.decode()

    client.post(reverse("groups:agreement", args=[chapter.slug]), {"edition": chapter.edition})
    assert welcome.next_step(newcomer) == ("interests", 3)

    client.post(reverse("portal:choose-interests"), {"interests": [subject.pk for subject in subjects[:2]]})
    assert welcome.next_step(newcomer) == ("", 0)
    assert set(newcomer.interests.all()) == set(subjects[:2])


def test_each_step_can_be_skipped_for_good(client, newcomer):
    client.force_login(newcomer)

    for step in welcome.Step.values:
        client.post(reverse("portal:skip-step", args=[step]))
        client.post(reverse("portal:skip-step", args=[step]))

    assert welcome.next_step(newcomer) == ("", 0)


def test_a_step_that_does_not_exist_is_404(client, newcomer):
    client.force_login(newcomer)

    assert client.post(reverse("portal:skip-step", args=["nonsense"])).status_code == 404


def test_one_interest_is_too_few_and_the_choice_is_kept(client, newcomer, subjects):
    MembershipFactory(user=newcomer)
    welcome.skip("zone", by=newcomer)
    client.force_login(newcomer)

    response = client.post(reverse("portal:choose-interests"), {"interests": [subjects[0].pk]})

    assert response.status_code == 422
    body = response.content.decode()
    assert "Choose at least two, or skip this step." in body
    assert body.count("checked") == 1


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "\x00"])
def test_a_zone_that_does_not_exist_is_refused(client, newcomer, zone):
    client.force_login(newcomer)

    assert client.post(reverse("portal:choose-zone"), {"time_zone": zone}).status_code == 422


def test_nobody_is_a_newcomer_for_ever(db):
    user = UserFactory(time_zone="UTC", date_joined=timezone.now() - timedelta(days=31))

    assert welcome.next_step(user) == ("", 0)


def test_chapters_of_the_members_zone_are_offered_first(db):
    user = UserFactory(time_zone="America/Denver")
    GroupFactory(time_zone="America/New_York")
    near = GroupFactory(time_zone="America/Denver")

    assert welcome.chapters_for(user) == [near]
