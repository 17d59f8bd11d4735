"""What an uploaded document is, by its content: a name can say anything."""

import zipfile
from pathlib import PurePosixPath
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ZIPPED = {
    "docx": "word/",
    "xlsx": "xl/",
    "pptx": "ppt/",
    "odt": "content.xml",
}
TEXTS = {"txt", "csv"}
BEGINNINGS = {"pdf": b"%PDF-", "rtf": b"{\\rtf"}
SNIFFED = 4096  # bytes


def validate_document(file: IO[bytes], name: str) -> None:
    """Raise ValidationError on the field `file` unless the content is of the kind that the name's ending says."""
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    file.seek(0)
    try:
        fits = _fits(file, ending)
    finally:
        file.seek(0)
    if not fits:
        raise ValidationError(
            {"file": _("This file is not a %(kind)s inside. Save it again as one, and upload that.") % {"kind": ending}}
        )


def _fits(file: IO[bytes], ending: str) -> bool:
    beginning = file.read(SNIFFED)
    if ending in BEGINNINGS:
        return beginning.startswith(BEGINNINGS[ending])
    if ending in TEXTS:
        return b"\x00" not in beginning
    if ending in ZIPPED:
        file.seek(0)
        if not zipfile.is_zipfile(file):
            return False
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as archive:
                return any(entry.startswith(ZIPPED[ending]) for entry in archive.namelist())
        except zipfile.BadZipFile:
            return False
    return False
