"""Uploads are judged by what they hold, never by their name or by what the browser says they are."""

import secrets
from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from core import documents, scanning

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
PICTURE_ENDINGS = ("jpg", "jpeg", "png", "webp", "gif")
MAX_PIXELS = 50_000_000  # a picture of 10 MB that unpacks to gigabytes is an attack, not a portrait
PORTRAIT = 512  # pixels a side
LEGIBLE = 2400  # pixels a side: a page of notes, photographed, can still be read
ACCEPTED = ",".join(f".{ending}" for ending in (*PICTURE_ENDINGS, *documents.KINDS))


@dataclass(frozen=True)
class Upload:
    """A file that may be kept: its content under a random name, and what it is."""

    content: File
    content_type: str
    ending: str
    size: int

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


def clean_picture(file: File) -> ContentFile:
    """A portrait: a new WebP of at most 512 pixels a side, with a random name and nothing of the old file but pixels.

    Place, camera and time of day (EXIF), comments and colour profiles are gone; the first frame of an animation stays.
    Raises ValidationError with a sentence for the person who sent it.
    """
    _check_size(file, settings.MAX_UPLOAD_BYTES)
    return _encoded(file, PORTRAIT, quality=82)


def clean_image(file: File) -> ContentFile:
    """A photo or slide to be read: as `clean_picture`, with up to 2,400 pixels a side."""
    _check_size(file, settings.MAX_FILE_BYTES)
    return _encoded(file, LEGIBLE, quality=88)


def clean_upload(file: File) -> Upload:
    """A document or picture that members may keep here; pictures come out as `clean_image` makes them.

    Raises ValidationError, with a sentence for the person who sent it, for what is too large, is none of our kinds, is
    not inside what its name says, holds macros, or in which a virus scanner finds something.
    """
    ending = documents.ending_of(file.name or "")
    if ending in PICTURE_ENDINGS:
        _check_size(file, settings.MAX_FILE_BYTES)
        scanning.check(file)
        picture = clean_image(file)
        return Upload(picture, "image/webp", "webp", picture.size)
    _check_size(file, settings.MAX_FILE_BYTES)
    if not file.size:
        raise ValidationError(_("This file is empty. Please choose another one."), code="empty")
    documents.check(file, ending)
    scanning.check(file)
    content = File(file, name=f"{secrets.token_hex(16)}.{ending}")
    return Upload(content, documents.KINDS[ending], ending, file.size)


def _check_size(file: File, most: int) -> None:
    if file.size > most:
        message = _("This file is larger than %(size)s. Please choose a smaller one.")
        raise ValidationError(message % {"size": documents.size_words(most)}, code="too_large")


def _encoded(file: File, side: int, *, quality: int) -> ContentFile:
    """The pixels of `file` as a new WebP under a random name. Raises ValidationError."""
    try:
        pixels = _decode(file, side)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        message = _("We cannot read this as a picture. Please choose a JPEG, PNG, WebP or GIF file.")
        raise ValidationError(message, code="not_a_picture") from error
    out = BytesIO()
    pixels.save(out, "WEBP", quality=quality, method=4)
    return ContentFile(out.getvalue(), name=f"{secrets.token_hex(16)}.webp")


def _decode(file: File, side: int) -> Image.Image:
    """The picture upright, small, on white, and in an image object that never knew the file's metadata."""
    file.seek(0)
    with Image.open(file, formats=FORMATS) as source:
        if source.width * source.height > MAX_PIXELS:  # read from the header: nothing is unpacked yet
            raise _too_many_pixels()
        source.draft("RGB", (side * 2, side * 2))
        upright = ImageOps.exif_transpose(source).convert("RGBA")
    upright.thumbnail((side, side), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", upright.size, "white")
    bare.paste(upright, mask=upright)
    return bare


def _too_many_pixels() -> ValidationError:
    message = _("This picture has too many pixels. Please make it smaller and try again.")
    return ValidationError(message, code="too_many_pixels")
