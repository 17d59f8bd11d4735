import struct
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from core import documents
from core.uploads import clean_image, clean_upload
from factories.files import PDF, office, open_document, packed, photograph, sent

ACCEPTED = {
    "notes.pdf": PDF,
    "notes.docx": office("docx"),
    "sheet.xlsx": office("xlsx"),
    "talk.PPTX": office("pptx"),
    "notes.odt": open_document("odt"),
    "sheet.ods": open_document("ods"),
    "talk.odp": open_document("odp"),
    "notes.rtf": b"{\\rtf1 hello}",
    "notes.txt": "Grüße, 你好\r\n\tindented".encode(),
    "old.txt": "Grüße".encode("cp1252"),
    "list.csv": b"a,b\n1,2\n",
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_document_is_kept_as_it_is_under_a_name_that_says_nothing(name):
    upload = clean_upload(sent(ACCEPTED[name], name, "text/html"))

    assert upload.content.read() == ACCEPTED[name]
    assert upload.size == len(ACCEPTED[name])
    assert upload.ending == name.rpartition(".")[2].lower()
    assert upload.content_type == documents.KINDS[upload.ending]
    assert upload.content.name.endswith(f".{upload.ending}")
    assert name.partition(".")[0] not in upload.content.name
    assert not upload.is_picture


VBA = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
MACRO_MAIN = '<Override PartName="/a" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
MACRO_HIDDEN = '<Default Extension="bin" ContentType="application/vnd.ms-office.vba&#80;roject"/>'
ENTITIES = packed(
    {
        "[Content_Types].xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><Types><Override '
        f'ContentType="{documents.KINDS["docx"]}.main+xml"/></Types>'
    }
)


@pytest.mark.parametrize(
    "content",
    [
        office("docx", parts={"word/vbaProject.bin": b"\xd0\xcf"}),
        office("xlsx", parts={"XL/VBAPROJECT.BIN": b"\xd0\xcf"}),
        office("docx", types=VBA, parts={"word/harmless.bin": b"\xd0\xcf"}),
        office("docx", types=MACRO_MAIN),
        office("docx", types=MACRO_HIDDEN),
        office("xlsx", parts={"xl/macrosheets/sheet1.xml": "<x/>"}),
        open_document("odt", parts={"Basic/Standard/Module1.xml": "<x/>"}),
        open_document("odt", parts={"Scripts/python/x.py": "import os"}),
    ],
)
def test_a_document_with_macros_is_refused(content):
    ending = next(kind for kind in ("docx", "xlsx", "odt") if documents.KINDS[kind].encode() in unpacked(content))

    with pytest.raises(ValidationError) as refusal:
        clean_upload(sent(content, f"notes.{ending}"))

    assert refusal.value.code == "macros"


def unpacked(content: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def claiming(size: int) -> bytes:
    """A document whose table of contents says that its last part unpacks to `size` bytes."""
    content = bytearray(office("docx"))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(content)


def locked() -> bytes:
    """A document whose parts are marked as encrypted."""
    content = bytearray(office("docx"))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + offset] |= 1
    return bytes(content)


def spoilt() -> bytes:
    """A document whose list of parts does not unpack."""
    content = bytearray(office("docx"))
    at = content.index(b"[Content_Types].xml") + len("[Content_Types].xml")
    content[at : at + 40] = b"\xff" * 40
    return bytes(content)


REFUSED = {
    "html called pdf": ("notes.pdf", b"<html><script>alert(1)</script>", "another_kind"),
    "html before a pdf": ("notes.pdf", b"<html>" + PDF, "another_kind"),
    "html before a docx": ("notes.docx", b"<html>" + office("docx"), "another_kind"),
    "pdf before a docx": ("notes.docx", PDF + office("docx"), "another_kind"),
    "xlsx called docx": ("notes.docx", office("xlsx"), "another_kind"),
    "odt called docx": ("notes.docx", open_document("odt"), "another_kind"),
    "docx called odt": ("notes.odt", office("docx"), "another_kind"),
    "any archive": ("notes.docx", packed({"word/document.xml": "x"}), "another_kind"),
    "entities": ("notes.docx", ENTITIES, "another_kind"),
    "a list of parts in UTF-16": (
        "n.docx",
        packed({"[Content_Types].xml": "<Types/>".encode("utf-16")}),
        "another_kind",
    ),
    "a list of parts that is no XML": ("n.docx", packed({"[Content_Types].xml": "<Types"}), "another_kind"),
    "spoilt": ("notes.docx", spoilt(), "another_kind"),
    "locked": ("notes.docx", locked(), "another_kind"),
    "cut off": ("notes.docx", office("docx")[:-30], "another_kind"),
    "locked by Office": ("notes.docx", documents.OLD_OFFICE + b"\0" * 600, "old_or_locked"),
    "old Word": ("notes.doc", documents.OLD_OFFICE + b"\0" * 600, "old_or_locked"),
    "a bomb": ("notes.docx", claiming(3_000_000_000), "too_much_inside"),
    "many parts": ("n.docx", office("docx", parts={f"x{n}": "" for n in range(5_001)}), "too_much_inside"),
    "a program called txt": ("notes.txt", b"MZ\x00\x90", "another_kind"),
    "escapes for a terminal": ("notes.txt", b"\x1b]0;x\x07", "another_kind"),
    "UTF-16": ("notes.txt", "你好".encode("utf-16"), "another_kind"),
    "empty": ("notes.txt", b"", "empty"),
    "html": ("page.html", b"<html>", "unknown_kind"),
    "svg": ("drawing.svg", b"<svg/>", "unknown_kind"),
    "exe": ("tool.exe", b"MZ\x00\x90", "unknown_kind"),
    "macros by name": ("notes.docm", office("docx"), "unknown_kind"),
    "no ending": ("notes", b"hello", "unknown_kind"),
    "only an ending": (".pdf", PDF, "unknown_kind"),
    "html called jpg": ("me.jpg", b"<html>", "not_a_picture"),
    "pdf called png": ("me.png", PDF, "not_a_picture"),
    "many pixels": ("me.png", photograph((10_000, 6_000), "PNG"), "too_many_pixels"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_and_in_which_words(what):
    name, content, code = REFUSED[what]

    with pytest.raises(ValidationError) as refusal:
        clean_upload(sent(content, name))

    assert refusal.value.code == code
    assert refusal.value.messages[0].endswith(".")


@pytest.mark.parametrize("name", ["notes.pdf", "me.jpg"])
def test_a_file_beyond_the_limit_is_refused_before_it_is_looked_at(settings, name):
    settings.MAX_FILE_BYTES = 1024

    with pytest.raises(ValidationError, match=r"larger than 1.{1,4}KB") as refusal:
        clean_upload(sent(PDF + b"\n" * 1024, name))

    assert refusal.value.code == "too_large"


@pytest.mark.parametrize("name", ["me.jpg", "me.webp", "me.PNG"])
def test_a_picture_forgets_where_and_when_and_can_still_be_read(name):
    upload = clean_upload(sent(photograph((4000, 2000)), name))
    content = upload.content.read()

    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.size) == ("WEBP", (1200, 2400))
        assert dict(image.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
    assert b"CAMERA-MAKER" not in content
    assert b"at home" not in content
    assert (upload.content_type, upload.ending, upload.is_picture) == ("image/webp", "webp", True)
    assert upload.size == len(content)


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", packed({"x.class": "cafe"}), PDF])
def test_what_hides_behind_a_picture_is_left_behind(tail):
    content = clean_image(sent(photograph() + tail, "me.jpg")).read()

    assert tail not in content
    assert b"PK\x03\x04" not in content
    assert content.startswith(b"RIFF")


def test_the_file_is_read_from_its_beginning_again_after_the_check():
    file = sent(PDF)

    documents.check(file, "pdf")

    assert file.tell() == 0
