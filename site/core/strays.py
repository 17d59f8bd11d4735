"""Bytes that no row names. A room stores a file first and then commits the row that names it; what stops between the
two, a crash or a full disk, leaves bytes behind that nobody can read, find or remove any more."""

import logging
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db.models import FileField
from django.utils import timezone

log = logging.getLogger(__name__)

LEFT_FOR = timedelta(days=1)  # whose bytes are younger may be about to be named
AT_A_TIME = 500

_fields: dict[str, FileField] = {}


def register(folder: str, field: FileField) -> None:
    """Say which field names the files that are stored below `folder` ("discussions/"), one level deep."""
    _fields[folder] = field


def sweep(*, now: datetime | None = None) -> int:
    """Delete what lies in these folders for longer than a day and is named by no row; returns how many files.

    Where that would be more than half of a folder, nothing goes: then the database is another one, or not restored yet.
    """
    limit = (now or timezone.now()) - LEFT_FOR
    return sum(_sweep(folder, field, limit) for folder, field in _fields.items())


def _sweep(folder: str, field: FileField, limit: datetime) -> int:
    names = _stored(folder)
    batches = (names[start : start + AT_A_TIME] for start in range(0, len(names), AT_A_TIME))
    unnamed = (name for batch in batches for name in _unnamed(batch, field))
    strays = [name for name in unnamed if default_storage.get_modified_time(name) < limit]
    if 2 * len(strays) > len(names):
        log.warning("No row names %s of the %s files in %s: none is deleted", len(strays), len(names), folder)
        return 0
    for name in strays:
        default_storage.delete(name)
    return len(strays)


def _stored(folder: str) -> list[str]:
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored there
        return []
    return [f"{folder}{file}" for file in files]


def _unnamed(names: list[str], field: FileField) -> list[str]:
    rows = field.model._base_manager.filter(**{f"{field.name}__in": names})
    named = set(rows.values_list(field.name, flat=True))
    return [name for name in names if name not in named]
