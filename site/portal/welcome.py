"""The three first steps of a newcomer. Each is done by doing it, or skipped for good."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from community.groups.models import Group, Membership
from community.members.models import User
from portal.models import SkippedStep

Step = SkippedStep.Step
NEWCOMER_FOR = timedelta(days=30)
CHAPTERS_OFFERED = 12


def next_step(user: User) -> tuple[str, int]:
    """The first step that `user` has neither done nor skipped, and its number from 1; ("", 0) where none is left.

    Somebody who has been here for a while is no newcomer any more, whatever they left open.
    """
    if not user.is_member or timezone.now() - user.date_joined > NEWCOMER_FOR:
        return "", 0
    skipped = set(SkippedStep.objects.filter(user=user).values_list("step", flat=True))
    is_done = {
        Step.ZONE: lambda: user.time_zone != "UTC",
        Step.CHAPTER: lambda: Membership.objects.current().filter(user=user, group__kind="chapter").exists(),
        Step.INTERESTS: lambda: user.interests.exists(),
    }
    for number, step in enumerate(Step.values, start=1):
        if step not in skipped and not is_done[step]():
            return step, number
    return "", 0


def skip(step: str, *, by: User) -> None:
    """Leave a step out for good; skipping it twice changes nothing."""
    SkippedStep.objects.get_or_create(user=by, step=step)


def choose_zone(zone: str, *, by: User) -> None:
    """Show times in this IANA zone from now on."""
    User.objects.filter(pk=by.pk).update(time_zone=zone)


def choose_interests(subjects, *, by: User) -> None:
    """Remember which topics `by` likes to read about."""
    with transaction.atomic():
        by.interests.set(subjects)


def chapters_for(user: User):
    """Chapters to join, those of the member's own region first."""
    chapters = Group.objects.visible_to(user).filter(kind=Group.Kind.CHAPTER)
    near = chapters.filter(time_zone=user.time_zone).order_by("name")[:CHAPTERS_OFFERED]
    return list(near) or list(chapters.order_by("name")[:CHAPTERS_OFFERED])
