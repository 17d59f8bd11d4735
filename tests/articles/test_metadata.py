import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image, PngImagePlugin

from core.metadata import without_metadata
from factories.articles import ImageFactory

SECRETS = [b"Dana's house", b"Canon", b"a comment", b"Ohio"]


def photograph(kind):
    """A picture with a place, a device and a comment in it."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0110] = "Dana's house", "Canon"
    exif.get_ifd(0x8825)[1] = "N"
    words = {"exif": exif}
    if kind == "JPEG":
        words |= {"comment": b"a comment", "xmp": b"<x:xmpmeta>Ohio</x:xmpmeta>"}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "a comment")
        text.add_itxt("XML:com.adobe.xmp", "Ohio")
        words |= {"pnginfo": text}
    file = io.BytesIO()
    Image.effect_noise((120, 90), 60).convert("RGB").save(file, kind, **words)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_keeps_its_pixels_and_loses_its_words(kind):
    before = photograph(kind)

    after = without_metadata(before)

    assert any(secret in before for secret in SECRETS)
    assert not any(secret in after for secret in SECRETS)
    assert not Image.open(io.BytesIO(after)).getexif()
    assert Image.open(io.BytesIO(after)).tobytes() == Image.open(io.BytesIO(before)).tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "spec", ["width-480|format-jpeg", "width-480|format-webp", "max-165x165", "original", "width-80|format-png"]
)
def test_no_size_of_a_picture_says_where_it_was_taken(db, kind, spec):
    image = ImageFactory(file=ContentFile(photograph(kind), name=f"house.{kind.lower()}"))

    with image.get_rendition(spec).file.open() as file:
        content = file.read()

    assert not any(secret in content for secret in SECRETS)
    assert Image.open(io.BytesIO(content)).size


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n\x00", b"GIF89a", b"\xff\xd8\xff\xe1\x00"]
)
def test_a_broken_picture_does_no_harm(content):
    assert len(without_metadata(content)) <= len(content)
