"""Articles as lists show them: a few columns of each, and their pictures in one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from core import pictures
from core.audience import Audience
from core.pages import address_in_tree

SUBJECTS_SHOWN = 2


class Columns(NamedTuple):
    """What `lines` asks of a row, in this order."""

    pk: int
    title: str
    intro: str
    url_path: str
    published_on: date
    audience: str
    author_id: int | None
    author__display_name: str | None
    author_text: str
    listed_subjects: str


IMAGE = tuple(f"lead_image__{name}" for name in pictures.COLUMNS)
COLUMNS = (*Columns._fields, *IMAGE)


class Topic(NamedTuple):
    slug: str
    name: str


def subjects_in(listed: str) -> list[Topic]:
    """What `with_subjects` put into one text."""
    return [Topic(*line.split(" ", 1)) for line in listed.split("\n")] if listed else []


@dataclass(frozen=True, slots=True)
class Line:
    """One article in a list. `picture` is markup, empty where it has none."""

    title: str
    intro: str
    url: str | None
    published_on: date
    audience: str
    byline: str
    subjects: tuple[str, ...]
    image: pictures.Depicted | None
    at_hand: pictures.Sizes

    @property
    def is_for_members(self) -> bool:
        return self.audience == Audience.MEMBERS

    @property
    def is_for_practitioners(self) -> bool:
        return self.audience == Audience.PRACTITIONERS

    @property
    def picture(self) -> str:
        """As a row shows it."""
        return pictures.markup(self.image, "card", at_hand=self.at_hand) if self.image else ""

    @property
    def wide_picture(self) -> str:
        """As the article that leads a page shows it."""
        if not self.image:
            return ""
        sizes = "(min-width: 62rem) 25rem, 100vw"
        return pictures.markup(self.image, "wide", loading="eager", sizes=sizes, at_hand=self.at_hand)


def lines(rows: Iterable[tuple], *uses: str) -> list[Line]:
    """Rows of `COLUMNS`; with their pictures in the sizes of these uses, a card if not said."""
    found = [(Columns(*row[: -len(IMAGE)]), pictures.Depicted(*row[-len(IMAGE) :])) for row in rows]
    at_hand = pictures.sizes_of([image.pk for _, image in found if image.pk], *(uses or ["card"]))
    return [
        Line(
            row.title,
            row.intro,
            address_in_tree(row.url_path),
            row.published_on,
            row.audience,
            row.author_text if row.author_id is None else row.author__display_name or "",
            tuple(subject.name for subject in subjects_in(row.listed_subjects)[:SUBJECTS_SHOWN]),
            image if image.pk else None,
            at_hand,
        )
        for row, image in found
    ]
