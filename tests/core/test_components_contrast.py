"""The tokens, read from their file: what stands on what, in both modes, by WCAG 2.2's contrast ratio."""

import math
import re

import pytest
from django.conf import settings

CSS = settings.ROOT / "site" / "core" / "assets" / "css"
TOKENS = (CSS / "tokens.css").read_text()
AVATAR = (CSS / "components" / "avatar.css").read_text()
TEXT, CONTROL = 4.5, 3.0

ON = [
    ("ink", "paper", TEXT),
    ("ink", "surface", TEXT),
    ("ink", "sunken", TEXT),
    ("ink", "mist", TEXT),
    ("ink", "honey-mist", TEXT),
    ("ink", "danger-mist", TEXT),
    ("ink-soft", "paper", TEXT),
    ("ink-soft", "surface", TEXT),
    ("ink-soft", "sunken", TEXT),
    ("ink-soft", "honey-mist", TEXT),
    ("spruce", "paper", TEXT),
    ("spruce", "surface", TEXT),
    ("spruce", "honey-mist", TEXT),
    ("spruce-deep", "paper", TEXT),
    ("spruce-deep", "mist", TEXT),
    ("on-spruce", "spruce", TEXT),
    ("on-spruce", "spruce-deep", TEXT),
    ("clay", "paper", TEXT),
    ("clay", "surface", TEXT),
    ("clay", "clay-mist", TEXT),
    ("on-clay", "clay", TEXT),
    ("honey-ink", "honey-mist", TEXT),
    ("honey-ink", "surface", TEXT),
    ("on-honey", "honey", TEXT),
    ("danger", "paper", TEXT),
    ("danger", "surface", TEXT),
    ("danger", "danger-mist", TEXT),
    ("on-danger", "danger", TEXT),
    ("on-danger", "danger-deep", TEXT),
    ("line-strong", "paper", CONTROL),
    ("line-strong", "surface", CONTROL),
    ("line-strong", "honey-mist", CONTROL),
    ("spruce", "sunken", CONTROL),
]


def luminance(rgb: tuple[float, float, float]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    light, dark = max(one, other), min(one, other)
    return (light + 0.05) / (dark + 0.05)


def of_token(name: str, mode: int) -> float:
    colours = re.search(rf"--{name}: light-dark\((#\w{{6}}), (#\w{{6}})\);", TOKENS).groups()
    hexadecimal = colours[mode]
    return luminance(tuple(int(hexadecimal[i : i + 2], 16) / 255 for i in (1, 3, 5)))


def of_oklch(lightness: float, chroma: float, hue: float) -> float:
    """Relative luminance of an OKLCH colour (the matrices of CSS Color 4), clipped to what a screen shows."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(max(c, 0), 1) for c in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), ON)
def test_what_stands_on_what_can_be_read(front, ground, least, mode):
    assert contrast(of_token(front, mode), of_token(ground, mode)) >= least


@pytest.mark.parametrize(("ground", "ink"), [("tint", "tint-ink"), ("tint-dark", "tint-dark-ink")])
def test_initials_can_be_read_on_every_hue(ground, ink):
    hues = [float(hue) for hue in re.findall(r"--hue: (\d+)", AVATAR)]
    back, front = (
        [float(part) for part in re.search(rf"--{name}: ([\d.]+) ([\d.]+);", TOKENS).groups()] for name in (ground, ink)
    )

    worst = min(contrast(of_oklch(*back, hue), of_oklch(*front, hue)) for hue in hues)

    assert len(set(hues)) == 12
    assert worst >= TEXT
