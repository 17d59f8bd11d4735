"""Pictures of the image library on our pages: in which sizes, their markup, and how a list gets them without a
query each.

Every picture is made as WebP and as JPEG in a few widths (AVIF costs ten times the processor time). A job makes them
when an image is saved; a page that is faster than the job makes what it misses.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.encoding import filepath_to_uri
from django.utils.html import escape
from django.utils.safestring import mark_safe
from wagtail.images.models import Filter
from wagtail.images.shortcuts import get_renditions_or_not_found

from core import library
from core.files import Served
from core.models import LOGO, SiteImage, SiteRendition
from core.prepared import Prepared

FORMATS = ("webp", "jpeg")


@dataclass(frozen=True)
class Use:
    """One way a picture is used: the resize operations, smallest first, and its width on the page for the browser."""

    operations: tuple[str, ...]
    sizes: str

    @property
    def specs(self) -> list[str]:
        return [f"{operation}|format-{form}" for form in FORMATS for operation in self.operations]


USES = {
    "wide": Use(("width-480", "width-960", "width-1440"), "(min-width: 62rem) 50rem, 100vw"),
    "card": Use(("fill-240x180", "fill-480x360"), "(min-width: 48rem) 11rem, 30vw"),
}


class Depicted(NamedTuple):
    """What `markup` asks of an image in a list, by the columns of its row (`COLUMNS`), without the row as an instance.
    The focal point says which of its cuts is the current one."""

    pk: int
    focal_point_width: int | None
    focal_point_height: int | None
    focal_point_x: int | None
    focal_point_y: int | None


COLUMNS = ("id", *Depicted._fields[1:])


class Size(NamedTuple):
    """One picture of an image."""

    name: str
    width: int
    height: int


Sizes = dict[tuple[int, str, str], Size]  # by image, operations and what they depended on


def sizes_of(image_ids: Iterable[int], use: str, *uses: str) -> Sizes:
    """What `{% photo %}` and `markup` need for these images, in one query."""
    wanted = tuple(dict.fromkeys(image_ids))
    rows = _sizes(use, *uses)(wanted) if wanted else []
    return {(image, spec, focus): Size(name, width, height) for image, spec, focus, name, width, height in rows}


@cache
def _sizes(*uses: str) -> Prepared[tuple]:
    specs = [spec for use in uses for spec in USES[use].specs]
    columns = ("image_id", "filter_spec", "focal_point_key", "file", "width", "height")
    return Prepared(
        lambda image_ids: SiteRendition.objects.filter(image__in=image_ids, filter_spec__in=specs).values_list(*columns)
    )


@cache
def _filters(use: str) -> list[Filter]:
    """Wagtail reads the operations out of their text at each look, unless the filter stays the same."""
    return [Filter(spec=spec) for spec in USES[use].specs]


def markup(
    image: SiteImage | Depicted,
    use: str,
    alt: str = "",
    loading: str = "lazy",
    sizes: str = "",
    at_hand: Sizes | None = None,
) -> str:
    """An image in the sizes of `use` as `<picture>` with WebP and JPEG. What is not `at_hand` is looked for, and made
    where it is missing. `sizes` says how wide it stands where that differs from the use's own."""
    if at_hand is None:
        at_hand = sizes_of([image.pk], use)
    filters = _filters(use)
    found = [at_hand.get((image.pk, it.spec, it.get_cache_key(image))) for it in filters]
    if None in found:
        found = _made(image, filters)
    if not found:
        return ""
    sources = [f"{escape(_address(size.name))} {size.width}w" for size in found]
    half = len(found) // len(FORMATS)
    fallback = found[half]
    wide = escape(sizes or USES[use].sizes)
    html = (
        f'<picture><source srcset="{", ".join(sources[:half])}" sizes="{wide}" type="image/webp">'
        f'<img src="{sources[half].rpartition(" ")[0]}" width="{fallback.width}" height="{fallback.height}"'
        f' alt="{escape(alt)}" sizes="{wide}" loading="{loading}" decoding="async"'
        f' srcset="{", ".join(sources[half:])}"></picture>'
    )
    return mark_safe(html)  # noqa: S308 - escaped; flatatt and format_html would cost a list of pictures thrice as much


def _address(name: str) -> str:
    """As a disk and a bucket of ours give it (`core.bucket`), who join the two at four times the cost."""
    return settings.MEDIA_URL + filepath_to_uri(name)


def _made(image: SiteImage | Depicted | None, filters: list[Filter]) -> list[Size]:
    if isinstance(image, Depicted):
        image = SiteImage.objects.filter(pk=image.pk).first()
    if image is None:  # gone since its row was read
        return []
    made = get_renditions_or_not_found(image, filters)
    return [Size(made[it.spec].file.name, made[it.spec].width, made[it.spec].height) for it in filters]


def make_all(image: SiteImage) -> None:
    """Make every size of `image` that is missing."""
    image.get_renditions(LOGO, *(spec for use in USES.values() for spec in use.specs))


def make_soon(sender, instance, raw=False, **kwargs) -> None:
    """Signal: an image was saved. Its sizes are made by a job, queued in the same transaction."""
    from core.tasks import make_renditions  # the task module imports this one

    if not raw:
        with transaction.atomic():
            make_renditions.defer(image_id=instance.pk)


def rendition_for(user, name: str) -> Served | None:
    """Images in sizes are for everybody; those of a private collection for those who work with it."""
    rendition = SiteRendition.objects.filter(file=name).select_related("image__collection").first()
    if rendition is None:
        return None
    if library.is_public(rendition.image.collection):
        return Served.picture(name, is_private=False)
    return Served.picture(name, is_private=True) if library.may_work_with(user, rendition.image) else None


def original_for(user, name: str) -> Served | None:
    """A file as it was uploaded may say where it was taken: only for those who work with the image."""
    image = SiteImage.objects.filter(file=name).first() if user.is_authenticated else None
    return Served() if image is not None and library.may_work_with(user, image) else None
