"""Uploads are judged by what they hold, never by their name or by what the browser says they are."""

import secrets
from io import BytesIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_PIXELS = 50_000_000  # a picture of 10 MB that unpacks to gigabytes is an attack, not a portrait
MAX_SIDE = 512


def clean_picture(file: File) -> ContentFile:
    """A new WebP of at most 512 pixels a side, with a random name and nothing of the old file but its pixels.

    Place, camera and time of day (EXIF), comments and colour profiles are gone; the first frame of an animation stays.
    Raises ValidationError with a sentence for the person who sent it.
    """
    if file.size > settings.MAX_UPLOAD_BYTES:
        size = filesizeformat(settings.MAX_UPLOAD_BYTES)
        message = _("This picture is larger than %(size)s. Please choose a smaller one.") % {"size": size}
        raise ValidationError(message, code="too_large")
    try:
        pixels = _decode(file)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        message = _("We cannot read this as a picture. Please choose a JPEG, PNG, WebP or GIF file.")
        raise ValidationError(message, code="not_a_picture") from error
    out = BytesIO()
    pixels.save(out, "WEBP", quality=82, method=4)
    return ContentFile(out.getvalue(), name=f"{secrets.token_hex(16)}.webp")


def _decode(file: File) -> Image.Image:
    """The picture upright, small, on white, and in an image object that never knew the file's metadata."""
    file.seek(0)
    with Image.open(file, formats=FORMATS) as source:
        if source.width * source.height > MAX_PIXELS:  # read from the header: nothing is unpacked yet
            raise _too_many_pixels()
        source.draft("RGB", (MAX_SIDE * 2, MAX_SIDE * 2))
        upright = ImageOps.exif_transpose(source).convert("RGBA")
    upright.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", upright.size, "white")
    bare.paste(upright, mask=upright)
    return bare


def _too_many_pixels() -> ValidationError:
    message = _("This picture has too many pixels. Please make it smaller and try again.")
    return ValidationError(message, code="too_many_pixels")
