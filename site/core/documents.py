"""What an uploaded document is, by its content: a name can say anything."""

import codecs
import zipfile
from pathlib import PurePosixPath
from typing import IO
from xml.etree import ElementTree

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
KINDS = {
    "pdf": "application/pdf",
    "docx": f"{_OOXML}wordprocessingml.document",
    "xlsx": f"{_OOXML}spreadsheetml.sheet",
    "pptx": f"{_OOXML}presentationml.presentation",
    "odt": f"{_ODF}text",
    "ods": f"{_ODF}spreadsheet",
    "odp": f"{_ODF}presentation",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "csv": "text/csv",
}
BEGINNINGS = {"pdf": b"%PDF-", "rtf": b"{\\rtf"}
TEXTS = {"txt", "csv"}
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")  # .doc and .xls, and newer ones that are locked with a password
ZIP = b"PK\x03\x04"
MAX_UNPACKED = 200 * 1024 * 1024  # bytes, by the archive's own table of contents
MAX_ENTRIES = 5_000
MAX_CONTENTS = 256 * 1024  # bytes of the part that lists the parts; some hundred of a large deck come to 50 KB
NO_TEXT = bytes({*range(0x20)} - {*b"\t\n\r\f"})


def content_type_of(name: str) -> str:
    """The content type that goes with a name's ending; plain bytes where the ending is none of ours."""
    return KINDS.get(ending_of(name), "application/octet-stream")


def ending_of(name: str) -> str:
    """The ending of a file's name in small letters: "pdf"."""
    return PurePosixPath(name).suffix.lower().lstrip(".")


def validate_document(file: IO[bytes], name: str) -> None:
    """Raise ValidationError on the field `file` unless `check` accepts the file."""
    try:
        check(file, ending_of(name))
    except ValidationError as error:
        raise ValidationError({"file": error}) from error


def check(file: IO[bytes], ending: str) -> None:
    """Raise ValidationError, with a sentence for its sender, unless `file` is inside what `ending` says ("pdf").

    Documents with macros are refused, and archives that unpack to more than any document does. Nothing is unpacked but
    the part that says what the others are.
    """
    file.seek(0)
    try:
        _check(file, ending)
    except ValidationError:
        raise
    except Exception as error:  # a broken archive is refused in a dozen ways by Python's reader
        raise _something_else(ending) from error
    finally:
        file.seek(0)


def _check(file: IO[bytes], ending: str) -> None:
    beginning = file.read(len(OLD_OFFICE))
    if beginning == OLD_OFFICE:
        message = _("This file is of an old kind, or locked with a password. Save it as docx, xlsx, pptx or PDF first.")
        raise ValidationError(message, code="old_or_locked")
    file.seek(0)
    if ending in BEGINNINGS:
        fits = beginning.startswith(BEGINNINGS[ending])
    elif ending in TEXTS:
        fits = not beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and _is_text(file)
    elif ending in KINDS:
        fits = beginning.startswith(ZIP) and _is_packed(file, KINDS[ending])
    else:
        fits = False
    if not fits:
        raise _something_else(ending)


def _is_text(file: IO[bytes]) -> bool:
    """Whether `file` is UTF-8, or an older encoding of one byte a letter: without the control marks of a program."""
    while chunk := file.read(64 * 1024):
        if chunk.translate(None, NO_TEXT) != chunk:
            return False
    return True


def _is_packed(file: IO[bytes], content_type: str) -> bool:
    """Whether the archive in `file` is a document of this type; raises ValidationError for macros and bombs."""
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            message = _("This file unpacks to more than %(size)s. Make it smaller, or save it as a PDF.")
            raise ValidationError(message % {"size": size_words(MAX_UNPACKED)}, code="too_much_inside")
        names = [entry.filename.lower() for entry in entries]
        if content_type.startswith(_OOXML):
            types = _types_of_parts(archive)
            fits = f"{content_type}.main+xml" in types
            programs = [word for word in (*types, *names) if "macro" in word or "vbaproject" in word]
        else:
            fits = _beginning_of(archive, "mimetype").strip() == content_type
            programs = [name for name in names if name.startswith(("basic/", "scripts/"))]
    if programs:
        message = _("This file has macros, which run programs on a colleague's computer. Save it without them.")
        raise ValidationError(message, code="macros")
    return fits


def _types_of_parts(archive: zipfile.ZipFile) -> list[str]:
    """The content types that an Office document names, in small letters (ECMA-376 part 2, 7.2.3)."""
    text = _beginning_of(archive, "[Content_Types].xml")
    if "<!" in text.replace("<!--", ""):  # no document declares entities here, and none are to be unfolded
        return []
    root = ElementTree.fromstring(text.encode())  # noqa: S314 - nothing is declared in it, as seen above
    return [part.get("ContentType", "").lower() for part in root]


def _beginning_of(archive: zipfile.ZipFile, name: str) -> str:
    """The part `name` of an archive, no further than any real one goes. Raises ValueError unless it is UTF-8."""
    with archive.open(name) as part:
        return part.read(MAX_CONTENTS).decode("utf-8-sig")


def size_words(size: int) -> str:
    """Such as "20 MB", without a zero that says nothing."""
    return filesizeformat(size).replace(".0\xa0", "\xa0")


def _something_else(ending: str) -> ValidationError:
    if ending not in KINDS:
        kinds = ", ".join(KINDS)
        message = _("We cannot take this kind of file. Send a picture, or one of these: %(kinds)s.") % {"kinds": kinds}
        return ValidationError(message, code="unknown_kind")
    message = _("This file is called .%(kind)s, but it is something else. Save it once more as one, and send that.")
    message %= {"kind": ending}
    return ValidationError(message, code="another_kind")
