"""iCalendar files (RFC 5545), for people's own calendars."""

from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
from django.utils import timezone

from events import clock
from events.models import Occurrence


def occurrence_file(occurrence: Occurrence, viewer, *, base_url: str) -> bytes:
    """One meeting as a calendar file for `viewer`, who may see it.

    It never holds the link of the online meeting: files are passed on. Members find the street address in it; whoever
    has a seat opens the event's address and joins from there. A date of a series is named by the series' UID and its
    RECURRENCE-ID, so that later news about it finds it in people's calendars.
    """
    event = occurrence.event
    zone = ZoneInfo(event.time_zone)
    url = base_url.rstrip("/") + occurrence.get_absolute_url()

    entry = icalendar.Event()
    entry.add("uid", f"{event.uid}@{urlsplit(base_url).hostname}")
    entry.add("dtstamp", timezone.now())
    entry.add("sequence", event.sequence)
    entry.add("dtstart", occurrence.starts_at.astimezone(zone))
    entry.add("dtend", occurrence.ends_at.astimezone(zone))
    if event.recurrence:
        entry.add("recurrence-id", occurrence.original_start.astimezone(zone))
    entry.add("summary", event.title)
    entry.add("status", "CANCELLED" if occurrence.is_cancelled else "CONFIRMED")
    entry.add("description", "\n\n".join(filter(None, [event.summary, url])))
    entry.add("url", url)
    place = [event.town]
    if getattr(viewer, "is_member", False):
        place = [event.venue, event.address, event.town]
    if event.has_place and any(place):
        entry.add("location", ", ".join(filter(None, place)))

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Collegial//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    day = clock.to_local(occurrence.starts_at, event.time_zone).date()
    calendar.add_missing_timezones(first_date=day - timedelta(days=366), last_date=day + timedelta(days=366))
    return calendar.to_ical()


def file_name(occurrence: Occurrence) -> str:
    return f"{occurrence.event.slug}-{occurrence.original_date:%Y-%m-%d}.ics"
