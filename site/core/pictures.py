"""Pictures of the image library on our pages: in which sizes, and how a list gets them without a query each.

Every picture is made as WebP and as JPEG in a few widths (AVIF costs ten times the processor time). A job makes them
when an image is saved; a page that is faster than the job makes what it misses.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects

from core import library
from core.files import Served
from core.models import LOGO, SiteImage, SiteRendition

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


def renditions_of(field: str, *uses: str) -> Prefetch:
    """For `prefetch_related`: what `{% photo %}` needs for the image in `field`, in one query for all rows."""
    return Prefetch(f"{field}__renditions", queryset=_wanted(*uses), to_attr="prefetched_renditions")


def prefetch(images: Iterable, use: str) -> None:
    """Load what `{% photo %}` needs for images that are in memory already, in one query."""
    prefetch_related_objects(
        list(images), Prefetch("renditions", queryset=_wanted(use), to_attr="prefetched_renditions")
    )


def _wanted(*uses: str):
    return SiteRendition.objects.filter(filter_spec__in=[spec for use in uses for spec in USES[use].specs])


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
