"""When something was written, in words."""

from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext


def ago(moment: datetime) -> str:
    """How long ago, in one unit: "2 hours ago"; after four weeks the day, in the reader's zone."""
    passed = timezone.now() - moment
    if passed < timedelta(minutes=1):
        return gettext("just now")
    if passed < timedelta(hours=1):
        count = int(passed.total_seconds() // 60)
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", count) % {"count": count}
    if passed < timedelta(days=1):
        count = int(passed.total_seconds() // 3600)
        return ngettext("%(count)d hour ago", "%(count)d hours ago", count) % {"count": count}
    if passed < timedelta(weeks=4):
        return ngettext("%(count)d day ago", "%(count)d days ago", passed.days) % {"count": passed.days}
    return formats.date_format(timezone.localtime(moment), "DATE_FORMAT")


def exactly(moment: datetime) -> str:
    """Day and time in the reader's zone."""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
