"""Small files that are what they say inside: bytes as people would send them."""

import zipfile
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from community.groups import shelf
from community.groups.models import Group, GroupFile
from community.members.models import User
from core.documents import KINDS
from core.uploads import clean_upload

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"
PLACE = (39.0, 57.0, 40.0)


def packed(parts: dict[str, str | bytes]) -> bytes:
    """An archive with these parts in it."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def office(ending: str, *, types: str = "", parts: dict | None = None) -> bytes:
    """A document of Office ("docx"), with more content types or parts in it if asked."""
    types = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{KINDS[ending]}.main+xml"/>{types}
</Types>"""
    return packed({"[Content_Types].xml": types, "word/document.xml": "<document/>"} | (parts or {}))


def open_document(ending: str, *, parts: dict | None = None) -> bytes:
    """A document of LibreOffice ("odt")."""
    return packed({"mimetype": KINDS[ending], "content.xml": "<content/>"} | (parts or {}))


def photograph(size: tuple[int, int] = (800, 400), kind: str = "JPEG", **options) -> bytes:
    """A picture that says where and with which camera it was taken, and lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "CAMERA-MAKER"
    exif.get_ifd(0x8825)[2] = PLACE
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **{"exif": exif, "comment": b"at home"} | options)
    return out.getvalue()


def sent(content: bytes = PDF, name: str = "notes.pdf", content_type: str = "application/octet-stream"):
    """A file as it arrives with a form."""
    return SimpleUploadedFile(name, content, content_type)


def keep(group: Group, by: User, content: bytes = PDF, name: str = "notes.pdf") -> GroupFile:
    """A file on a group's shelf, put there the way people do it."""
    return shelf.add_file(group, by=by, upload=clean_upload(sent(content, name)), name=name)
