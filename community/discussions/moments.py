"""When something was written, in words."""

from datetime import date, datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, ngettext

from core.words import once_a_language

MINUTE, HOUR, DAY = 60, 3600, 86400  # seconds
FOUR_WEEKS = timedelta(weeks=4)
MINUTES = len("2026-11-23T09:15")  # how much of a moment's text says its minute


class Clock:
    """The moment of one page, and its reader's zone and language: for lists, where asking for them costs something."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.zone = timezone.get_current_timezone()
        self.language = get_language()

    def shows(self, moment: datetime) -> tuple[str, str]:
        """What `ago` says of a moment, and its text for `<time datetime>`."""
        local = moment.astimezone(self.zone)
        return self._ago(moment, local), local.isoformat()

    def exactly(self, text: str) -> str:
        """Day and time in words, of such a text."""
        return _at.in_language(self.language, text[:MINUTES])

    def _ago(self, moment: datetime, local: datetime) -> str:
        passed = self.now - moment
        if passed >= FOUR_WEEKS:
            return _on.in_language(self.language, local.date())
        seconds = int(passed.total_seconds())
        unit = next((each for each in (DAY, HOUR, MINUTE) if seconds >= each), 0)
        return _ago.in_language(self.language, seconds // unit if unit else 0, unit)


def ago(moment: datetime) -> str:
    """How long ago, in one unit: "2 hours ago"; after four weeks the day, in the reader's zone."""
    return Clock().shows(moment)[0]


def exactly(moment: datetime) -> str:
    """Day and time in the reader's zone."""
    clock = Clock()
    return clock.exactly(clock.shows(moment)[1])


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


@once_a_language
def _at(minute: str) -> str:
    return formats.date_format(datetime.fromisoformat(minute), "DATETIME_FORMAT")
