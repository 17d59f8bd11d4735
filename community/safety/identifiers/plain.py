"""The text as the rules read it, letter by letter in the same places."""

import re

_HIDDEN = "\x1f"  # stands for what no rule reads, and is part of nothing
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\uff0d"), "-")
_SPACES = dict.fromkeys(map(ord, "\t\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"), " ")
_WIDE = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF20: "@", 0xFF0E: ".", 0xFF0F: "/"}
_SAME_PLACES = _DASHES | _SPACES | _WIDE | {ord("\u2019"): "'"}

_QUOTED = re.compile(r"^ {0,3}>[^\n]*", re.MULTILINE)
_URL = re.compile(r"(?:https?://|ftp://|\bwww\.)[^\s<>\"]+", re.IGNORECASE)


def plain(text: str) -> str:
    """`text` with one kind of dash and space, and with what is not the writer's own left blank: lines that quote
    somebody, and addresses of pages. As long as `text`, so that every place is the same one in both."""
    for foreign in (_QUOTED, _URL):
        text = foreign.sub(lambda found: _HIDDEN * len(found[0]), text)
    return text.translate(_SAME_PLACES)
