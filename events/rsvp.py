"""Saying that one comes, and that one does not. Every path to a seat leads through here.

The occurrence's row is locked before the seats are counted, so that two people never take the last one; a trigger in
the database refuses a seat too many whatever writes it (migration 0002).
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.groups.models import Group, Membership
from community.members.models import User
from community.notices import outbox
from core.audience import Audience
from events.models import Occurrence, Rsvp
from events.permissions import may_rsvp


class RsvpRefused(Exception):
    """Its text is a sentence for the person who asked."""


@transaction.atomic
def rsvp(occurrence: Occurrence, *, by: User, quiet: bool = False) -> Rsvp:
    """Take a seat for `by`, or a place on the waitlist where all seats are taken; the answer's state says which.

    Asking again changes nothing but `quiet`. Raises RsvpRefused when the meeting is over or cancelled, or not for them.
    """
    _hold_membership(occurrence, by)
    locked = _lock(occurrence)
    if locked.event.group and locked.event.group.archived_at:
        raise RsvpRefused(_("This group is archived. Its meetings do not take place any more."))
    if not may_rsvp(by, locked):
        raise RsvpRefused(_("This meeting is for others. Ask its hosts if you think that you should be there."))
    _refuse_if_past(locked)
    answer = Rsvp.objects.filter(occurrence=locked, user=by).first() or Rsvp(occurrence=locked, user=by)
    if answer.state in (Rsvp.State.GOING, Rsvp.State.WAITING):
        if answer.quiet != quiet:
            answer.quiet = quiet
            answer.save(update_fields=["quiet"])
        return answer
    answer.state = Rsvp.State.WAITING if locked.is_full else Rsvp.State.GOING
    answer.quiet = quiet
    answer.queued_at = answer.changed_at = timezone.now()
    answer.save()
    outbox.queue("rsvp_going" if answer.state == Rsvp.State.GOING else "rsvp_waiting", by, target_id=answer.pk)
    return answer


@transaction.atomic
def cancel(occurrence: Occurrence, *, by: User) -> str:
    """Give back the seat of `by`, or their place on the waitlist; returns what they had (a state, empty for neither).

    The first who waits gets a seat that came free. Raises RsvpRefused when the meeting is over or cancelled.
    """
    locked = _lock(occurrence)
    _refuse_if_past(locked)
    answer = Rsvp.objects.filter(occurrence=locked, user=by).exclude(state=Rsvp.State.CANCELLED).first()
    if answer is None:
        return ""
    former = answer.state
    _change(answer, Rsvp.State.CANCELLED)
    _promote(locked)
    return former


@transaction.atomic
def set_capacity(occurrence: Occurrence, capacity: int | None) -> None:
    """Change the number of seats; None is room for everybody. More seats promote those who wait, in their order;
    fewer seats throw nobody out, and nobody new gets in until there is room again."""
    locked = _lock(occurrence)
    locked.capacity = capacity
    locked.save(update_fields=["capacity"])
    if not (locked.is_cancelled or locked.is_over):
        _promote(locked)


def let_go(group: Group, person: User) -> None:
    """Give back what somebody who is out of a group holds at its coming meetings that are for it alone."""
    held = Occurrence.objects.filter(
        event__group=group,
        event__audience=Audience.GROUP,
        cancelled_at=None,
        ends_at__gt=timezone.now(),
        rsvps__in=Rsvp.objects.filter(user=person).exclude(state=Rsvp.State.CANCELLED),
    )
    for occurrence in held.order_by("pk"):
        cancel(occurrence, by=person)


def _hold_membership(occurrence: Occurrence, person: User) -> None:
    """Have somebody who leaves the group at this moment leave before or after: `let_go` finds every seat of theirs.

    Leaving takes these locks in the same order, the membership and then the meeting.
    """
    event = occurrence.event
    if event.audience == Audience.GROUP:
        Membership.objects.select_for_update(of=("self",)).filter(group=event.group_id, user=person).first()


def _lock(occurrence: Occurrence) -> Occurrence:
    return Occurrence.objects.select_for_update(of=("self",)).select_related("event__group").get(pk=occurrence.pk)


def _refuse_if_past(occurrence: Occurrence) -> None:
    if occurrence.is_cancelled:
        raise RsvpRefused(_("This meeting was cancelled."))
    if occurrence.is_over:
        raise RsvpRefused(_("This meeting is over."))


def _change(answer: Rsvp, state: str) -> None:
    answer.state = state
    answer.changed_at = timezone.now()
    answer.save(update_fields=["state", "changed_at"])


def _promote(occurrence: Occurrence) -> None:
    """Seat those who wait, first come first, while there is room. Whoever may not come any more is passed over."""
    occurrence.refresh_from_db(fields=["capacity", "going_count", "waiting_count"])
    if not occurrence.waiting_count:
        return
    seats = occurrence.waiting_count if occurrence.capacity is None else occurrence.capacity - occurrence.going_count
    waiting = Rsvp.objects.filter(occurrence=occurrence, state=Rsvp.State.WAITING).select_related("user")
    for answer in waiting.order_by("queued_at", "pk").iterator(chunk_size=50):
        if seats <= 0:
            return
        if may_rsvp(answer.user, occurrence):
            _change(answer, Rsvp.State.GOING)
            outbox.queue("rsvp_promoted", answer.user, target_id=answer.pk)
            seats -= 1
