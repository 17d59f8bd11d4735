"""The association's own colour: whether text in it can be read, and the small stylesheet that applies it.

Contrast is WCAG 2.2's: (L1 + 0.05) / (L2 + 0.05) of the relative luminances (success criterion 1.4.3).
"""

import hashlib
import re

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

WHITE, PAPER = "#ffffff", "#faf8f3"
DARK_PAPER, DARK_SURFACE = "#12181a", "#1a2224"
READABLE = 4.5
HEX = re.compile(r"#[0-9a-fA-F]{6}")
A_YEAR = 365 * 24 * 3600

Colour = tuple[int, int, int]


def _parts(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    channels = [part / 255 for part in _parts(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as `#rrggbb`, from 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with a `share` (0 to 1) of `other` in it."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def validate_accent(colour: str) -> None:
    """Raise ValidationError unless `colour` is `#rrggbb` and its text can be read on the paper and on white."""
    if not HEX.fullmatch(colour):
        raise ValidationError(_("Write the color as # and six digits, for example #1c5b52."), code="form")
    ratio = min(contrast(colour, WHITE), contrast(colour, PAPER))
    if ratio < READABLE:
        raise ValidationError(
            _(
                "This color is too light: its contrast against the page is %(ratio)s to 1, and text needs 4.5 to 1. "
                "Try a darker shade of it."
            ),
            code="contrast",
            params={"ratio": f"{ratio:.1f}"},
        )


def lightened(colour: str) -> str:
    """The shade of `colour` for dark mode: as light as text on the dark page needs, and a little more."""
    share = 0.0
    while min(contrast(mix(colour, WHITE, share), dark) for dark in (DARK_PAPER, DARK_SURFACE)) < READABLE + 2.5:
        share += 0.05
    return mix(colour, WHITE, min(share, 1.0))


def stylesheet(accent: str) -> str:
    """The tokens of the design system with `accent` in the place of its green, for light and for dark."""
    if not accent:
        return ""
    light, dark = accent.lower(), lightened(accent)
    tokens = {
        "spruce": (light, dark),
        "spruce-deep": (mix(light, "#000000", 0.3), mix(dark, WHITE, 0.35)),
        "mist": (mix(light, WHITE, 0.88), mix(dark, DARK_PAPER, 0.8)),
    }
    lines = [f"  --{name}: light-dark({one}, {other});" for name, (one, other) in tokens.items()]
    return "\n".join([":root {", *lines, "}", ""])


def version(accent: str) -> str:
    """What the stylesheet's address carries, so that it can be kept for a year and still change at once."""
    return hashlib.sha256(stylesheet(accent).encode()).hexdigest()[:12]


@require_safe
def brand_css(request: HttpRequest) -> HttpResponse:
    """The association's colour as a stylesheet."""
    from core.models import Association  # the models import the validator above

    accent = Association.for_request(request).accent
    response = HttpResponse(stylesheet(accent), content_type="text/css; charset=utf-8")
    is_current = request.GET.get("v") == version(accent)
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if is_current else "no-cache"
    return response
