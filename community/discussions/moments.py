"""When something was written, in words."""

from datetime import date, datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext

from core.words import once_a_language

MINUTE, HOUR, DAY = 60, 3600, 86400  # seconds


def ago(moment: datetime) -> str:
    """How long ago, in one unit: "2 hours ago"; after four weeks the day, in the reader's zone."""
    passed = timezone.now() - moment
    if passed < timedelta(weeks=4):
        seconds = int(passed.total_seconds())
        unit = next((each for each in (DAY, HOUR, MINUTE) if seconds >= each), 0)
        return _ago(seconds // unit if unit else 0, unit)
    return _on(timezone.localtime(moment).date())


@once_a_language
def _ago(count: int, unit: int) -> str:
    if unit == DAY:
        return ngettext("%(count)d day ago", "%(count)d days ago", count) % {"count": count}
    if unit == HOUR:
        return ngettext("%(count)d hour ago", "%(count)d hours ago", count) % {"count": count}
    if unit == MINUTE:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", count) % {"count": count}
    return gettext("just now")


@once_a_language
def _on(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def exactly(moment: datetime) -> str:
    """Day and time in the reader's zone."""
    return _at(timezone.localtime(moment).replace(tzinfo=None, second=0, microsecond=0))


@once_a_language
def _at(minute: datetime) -> str:
    return formats.date_format(minute, "DATETIME_FORMAT")
