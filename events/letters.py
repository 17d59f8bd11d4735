"""The letters of this room, and who may still get one at the moment of sending."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from community.members.models import User
from community.notices.kinds import Kind, register
from core.audience import Audience
from events.models import Occurrence, Rsvp


def register_kinds() -> None:
    register(Kind("rsvp_going", "events/mail/rsvp_going", going))
    register(Kind("rsvp_waiting", "events/mail/rsvp_waiting", waiting))
    register(Kind("rsvp_promoted", "events/mail/rsvp_promoted", going))
    register(Kind("event_changed", "events/mail/event_changed", coming))
    register(Kind("event_cancelled", "events/mail/event_cancelled", called_off))


def going(recipient: User, rsvp_id: int) -> dict | None:
    """For somebody with a seat at a meeting that will take place."""
    return _context(recipient, rsvp_id, [Rsvp.State.GOING], cancelled=False)


def waiting(recipient: User, rsvp_id: int) -> dict | None:
    return _context(recipient, rsvp_id, [Rsvp.State.WAITING], cancelled=False)


def coming(recipient: User, rsvp_id: int) -> dict | None:
    return _context(recipient, rsvp_id, [Rsvp.State.GOING, Rsvp.State.WAITING], cancelled=False)


def called_off(recipient: User, rsvp_id: int) -> dict | None:
    """For somebody who had a seat, or waited for one, at a meeting that will not take place."""
    return _context(recipient, rsvp_id, [Rsvp.State.GOING, Rsvp.State.WAITING], cancelled=True)


def _context(recipient: User, rsvp_id: int, states: list[str], *, cancelled: bool) -> dict | None:
    """None also for those who lost their standing: these letters say where people meet."""
    answer = Rsvp.objects.filter(pk=rsvp_id, user=recipient, state__in=states).first()
    if answer is None or not recipient.is_member:
        return None
    meetings = Occurrence.objects.told_to(recipient) if cancelled else Occurrence.objects.shared_with(recipient)
    meetings = meetings.select_related("event__group")
    occurrence = meetings.filter(pk=answer.occurrence_id, cancelled_at__isnull=not cancelled).first()
    if occurrence is None or occurrence.is_over:
        return None
    event = occurrence.event
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    is_group, is_hidden = event.audience == Audience.GROUP, event.hidden_at is not None
    is_private = is_group or is_hidden
    unnamed = _("your group's meeting") if is_group else _("a meeting that you signed up for")
    page = reverse("events:date", args=[occurrence.pk]) if is_private else occurrence.get_absolute_url()
    return {
        "rsvp": answer,
        "occurrence": occurrence,
        "event": event,
        "when": occurrence.when(recipient.time_zone),
        # A letter lies in other people's machines: what a group does among itself, and where, is told on its page
        # alone, and the address of that page holds the title. What moderators hid has no page to read, and its words
        # are sent to nobody.
        "is_private": is_private,
        "is_hidden": is_hidden,
        "name": unnamed if is_private else event.title,
        "title": unnamed if is_private else _("“%(title)s”") % {"title": event.title},
        "url": base + (reverse("events:list") if is_hidden else page),
    }
