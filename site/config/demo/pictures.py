"""Quiet pictures for the articles, drawn here: flat shapes in the colours of the house, no photograph of anybody."""

import io
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

WIDTH, HEIGHT, SCALE = 1600, 900, 2
PAPER, SAND, LINE = "#f6f0e3", "#eadfc8", "#d5c8ac"
SPRUCE, DEEP, MOSS, MIST = "#1c5b52", "#123f39", "#5f8f7f", "#cfe3db"
CLAY, BLUSH, HONEY, INK = "#a34927", "#eab69c", "#f3c765", "#24302f"


def draw(name: str) -> bytes:
    """The picture of this name as a JPEG of 1600 by 900 pixels."""
    canvas = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
    PICTURES[name](_Pen(canvas))
    buffer = io.BytesIO()
    canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=86)
    return buffer.getvalue()


class _Pen:
    """Draws in thousandths of the picture's width and height."""

    def __init__(self, canvas: Image.Image):
        self.draw = ImageDraw.Draw(canvas)
        self.x, self.y = canvas.width / 1000, canvas.height / 1000

    def box(self, left, top, right, bottom, colour, radius=0):
        frame = [left * self.x, top * self.y, right * self.x, bottom * self.y]
        self.draw.rounded_rectangle(frame, radius * self.x, fill=colour)

    def disc(self, cx, cy, r, colour):
        self.draw.ellipse(
            [cx * self.x - r * self.x, cy * self.y - r * self.x, cx * self.x + r * self.x, cy * self.y + r * self.x],
            fill=colour,
        )

    def shape(self, points, colour):
        self.draw.polygon([(px * self.x, py * self.y) for px, py in points], fill=colour)

    def line(self, points, colour, width):
        self.draw.line(
            [(px * self.x, py * self.y) for px, py in points], fill=colour, width=int(width * self.x), joint="curve"
        )

    def ridge(self, base, height, colour, seed, steps=14):
        """A line of hills from edge to edge, the same for the same seed."""
        dice = random.Random(seed)  # noqa: S311 - a drawing
        points, level = [], base
        for step in range(steps * 8 + 1):
            if step % 8 == 0:
                start, goal = level, base - dice.random() * height
            t = (step % 8) / 8
            level = start + (goal - start) * (3 * t * t - 2 * t**3)
            points.append((step * 1000 / (steps * 8), level))
        self.shape([(0, 1000), *points, (1000, 1000)], colour)


def _window(pen):
    pen.box(0, 0, 1000, 1000, SAND)
    pen.box(300, 120, 700, 760, DEEP, 6)
    pen.box(314, 145, 686, 735, MIST)
    pen.disc(590, 330, 46, HONEY)
    pen.shape([(314, 735), (314, 560), (420, 470), (520, 590), (600, 520), (686, 610), (686, 735)], MOSS)
    pen.box(494, 145, 506, 735, DEEP)
    pen.box(314, 425, 686, 440, DEEP)
    pen.box(260, 760, 740, 800, CLAY, 4)
    pen.box(0, 900, 1000, 1000, LINE)


def _table(pen):
    pen.box(0, 0, 1000, 1000, MIST)
    for cx, cy, colour in [
        (270, 300, SPRUCE),
        (730, 300, DEEP),
        (290, 800, MOSS),
        (710, 800, SPRUCE),
        (500, 150, CLAY),
    ]:
        pen.disc(cx, cy, 56, colour)
    pen.disc(500, 540, 196, CLAY)
    pen.disc(500, 530, 190, BLUSH)
    for cx, cy in [(400, 430), (600, 430), (410, 650), (590, 650), (500, 350)]:
        pen.disc(cx, cy, 26, PAPER)
        pen.disc(cx, cy, 18, HONEY)


def _path(pen):
    pen.box(0, 0, 1000, 1000, MIST)
    pen.ridge(560, 160, MOSS, 4)
    pen.ridge(700, 90, SPRUCE, 9)
    pen.shape([(300, 1000), (560, 1000), (600, 880), (540, 800), (556, 690), (540, 690), (480, 800), (500, 880)], SAND)
    pen.disc(760, 220, 60, HONEY)


def _harbour(pen):
    pen.box(0, 0, 1000, 1000, BLUSH)
    pen.disc(700, 400, 90, HONEY)
    pen.ridge(480, 110, SPRUCE, 2)
    pen.box(0, 480, 1000, 1000, MOSS)
    for top in range(540, 980, 70):
        pen.box(80 + top % 130, top, 420 + top % 210, top + 8, MIST, 2)
    pen.shape([(340, 640), (600, 640), (560, 720), (390, 720)], DEEP)
    pen.shape([(470, 300), (470, 620), (590, 620)], PAPER)
    pen.shape([(460, 360), (460, 620), (370, 620)], SAND)


def _hills(pen):
    pen.box(0, 0, 1000, 1000, SAND)
    pen.disc(280, 260, 70, CLAY)
    for base, height, colour, seed in [
        (520, 260, MIST, 11),
        (640, 220, MOSS, 5),
        (780, 180, SPRUCE, 8),
        (900, 90, DEEP, 3),
    ]:
        pen.ridge(base, height, colour, seed)


def _lamp(pen):
    pen.box(0, 0, 1000, 1000, DEEP)
    pen.shape([(420, 420), (580, 420), (900, 1000), (100, 1000)], SPRUCE)
    pen.box(495, 0, 505, 230, PAPER)
    pen.shape([(440, 230), (560, 230), (620, 420), (380, 420)], HONEY)
    pen.box(250, 860, 750, 905, CLAY, 8)
    pen.box(430, 800, 560, 860, PAPER, 3)
    pen.line([(445, 822), (545, 822)], LINE, 3)
    pen.line([(445, 840), (520, 840)], LINE, 3)


def _shelves(pen):
    dice = random.Random(7)  # noqa: S311 - a drawing
    pen.box(0, 0, 1000, 1000, SAND)
    for top in (120, 420, 720):
        left = 90
        while left < 890:
            width, height = dice.randint(16, 46), dice.randint(150, 235)
            if dice.random() > 0.14:
                colour = dice.choice([SPRUCE, DEEP, MOSS, CLAY, BLUSH, HONEY, PAPER])
                pen.box(left, top + 240 - height, left + width, top + 240, colour, 2)
            left += width + 4
        pen.box(70, top + 240, 930, top + 262, CLAY, 2)


def _prairie(pen):
    pen.box(0, 0, 1000, 1000, BLUSH)
    pen.disc(500, 560, 150, HONEY)
    pen.ridge(640, 40, MOSS, 1)
    pen.box(0, 740, 1000, 1000, SPRUCE)
    dice = random.Random(21)  # noqa: S311 - a drawing
    for _ in range(140):
        left, foot = dice.random() * 1000, 760 + dice.random() * 240
        pen.line(
            [(left, foot), (left + dice.uniform(-14, 14), foot - dice.uniform(60, 150))],
            dice.choice([MOSS, MIST, SAND]),
            2,
        )


def _rain(pen):
    pen.box(0, 0, 1000, 1000, MOSS)
    dice = random.Random(5)  # noqa: S311 - a drawing
    for _ in range(150):
        left, top = dice.random() * 1100, dice.random() * 760
        pen.line([(left, top), (left - 14, top + 70)], MIST, 2)
    pen.shape([(330, 600), (500, 400), (670, 600)], CLAY)
    pen.box(497, 380, 503, 820, DEEP)
    pen.ridge(930, 50, DEEP, 6)


ALT = {
    "window": "Drawing of a window with hills and a low sun behind it",
    "table": "Drawing of a round table from above, with five cups and five places",
    "path": "Drawing of a footpath that winds towards dark hills",
    "harbour": "Drawing of a small sailing boat at sunset",
    "hills": "Drawing of folded green hills under a clay-coloured sun",
    "lamp": "Drawing of a lamp that lights a desk with one sheet of paper",
    "shelves": "Drawing of three shelves of books",
    "prairie": "Drawing of tall grass in front of a setting sun",
    "rain": "Drawing of an umbrella in slanting rain",
}

PICTURES: dict[str, Callable[[_Pen], None]] = {
    "window": _window,
    "table": _table,
    "path": _path,
    "harbour": _harbour,
    "hills": _hills,
    "lamp": _lamp,
    "shelves": _shelves,
    "prairie": _prairie,
    "rain": _rain,
}
