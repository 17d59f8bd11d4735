"""Taking words out of texts: the ones that are named, or all that one text says where others quote it.

Pure functions. What is compared is words alone: a quote that lost its markup, or begins in the middle of a line, is one
all the same. A phrase is found whatever its case, and with markup between its words.
"""

import re
import unicodedata
from collections.abc import Iterable

_QUOTED = re.compile(r"([ \t]{0,3}(?:>[ \t]?)+)(.*)", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = r"[\s*_~`>\\]+"
_MARKS = "\"'\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019"  # quotation marks of several languages
_IN_MARKS = re.compile(rf"[{_MARKS}]([^{_MARKS}\n]{{2,200}})[{_MARKS}]")
MANY_DIGITS = 3
LONG_ENOUGH = 16  # characters: a run of words of this length is from there even where its ends are cut


class Phrases:
    """Some words that are to stand nowhere any more. `put` stands in their place."""

    def __init__(self, phrases: Iterable[str], put: str) -> None:
        self.put = put
        words = sorted({_composed(phrase).strip() for phrase in phrases}, key=len, reverse=True)
        self._found = re.compile("|".join(_sought(phrase) for phrase in words if phrase) or r"(?!)", re.IGNORECASE)

    def stand_in(self, text: str) -> bool:
        return bool(self._found.search(_composed(text)))

    def without(self, text: str) -> str:
        """The text with something else in their place; the very same text where they don't stand in it."""
        return self._found.sub(self.put, _composed(text)) if self.stand_in(text) else text

    def without_in_quotes(self, text: str, *, all_of_it: bool = False) -> str:
        """The same for the lines that quote somebody. Where all of them quote the post, no more goes."""
        return "".join(self.without(line) if is_quoted else line for line, is_quoted in _lines(text))


class Quotes:
    """All that a post said, in any of its versions. `put` stands in place of what is taken out."""

    def __init__(self, sources: Iterable[str], put: str) -> None:
        self.put = put
        self._sources = [_words(source) for source in sources]

    def without_in_quotes(self, text: str, *, all_of_it: bool = False) -> str:
        """The text without the quoted lines that are from there, or without any quoted line."""
        kept: list[str] = []
        for line, is_quoted in _lines(text):
            if not is_quoted or not _words(line).strip() or not (all_of_it or self._is_from_there(line)):
                kept.append(line)
                continue
            sign = _QUOTED.match(line)
            put = f"{sign[1] if sign else '> '}{self.put}{_ending(line)}"
            if not kept or kept[-1].rstrip() != put.rstrip():
                kept.append(put)
        return "".join(kept)

    def without(self, text: str) -> str:
        """The text of somebody who speaks about it, without what they took from there: quoted lines, long runs of its
        words, and of what stands in quotation marks or has several digits anything."""
        text = _composed(self.without_in_quotes(text))
        spans = [found.span(1) for found in _IN_MARKS.finditer(text) if self._stands_there(_words(found[1]))]
        words = list(_WORD.finditer(text))
        first = 0
        while first < len(words):
            last = first
            while last < len(words) and self._stands_there(_words(text[words[first].start() : words[last].end()])):
                last += 1
            if last > first:
                start, end = words[first].start(), words[last - 1].end()
                if end - start >= LONG_ENOUGH or sum(map(str.isdigit, text[start:end])) >= MANY_DIGITS:
                    spans.append((start, end))
            first = max(last, first + 1)
        return _cut(text, spans, self.put)

    def _stands_there(self, words: str) -> bool:
        return bool(words.strip()) and any(words in source for source in self._sources)

    def _is_from_there(self, line: str) -> bool:
        words = _words(line)
        cut = words.strip()
        return any(words in source or (len(cut) >= LONG_ENOUGH and cut in source) for source in self._sources)


def _lines(text: str) -> Iterable[tuple[str, bool]]:
    """Each line with its ending, and whether it quotes: it begins with `>`, or goes on with a paragraph that does."""
    in_quote = False
    for line in text.splitlines(keepends=True):
        sign = _QUOTED.match(line)
        says_something = bool((sign[2] if sign else line).strip())
        is_quoted = sign is not None or (in_quote and says_something)
        yield line, is_quoted
        in_quote = is_quoted and says_something


def _cut(text: str, spans: Iterable[tuple[int, int]], put: str) -> str:
    """The text with `put` in place of these stretches of it, which may lie in one another."""
    kept, end = [], 0
    for start, stop in sorted(spans):
        if start >= end:
            kept += [text[end:start], put]
        end = max(end, stop)
    return "".join([*kept, text[end:]])


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _words(text: str) -> str:
    """The words of a text in small letters, a space before and after each."""
    return f" {' '.join(_WORD.findall(_composed(text).casefold()))} "


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _sought(phrase: str) -> str:
    """Whole words of it, with anything between them that does not show."""
    pattern = _BETWEEN.join(re.escape(part) for part in phrase.split())
    before = r"(?<![^\W_])" if _WORD.match(phrase[0]) else ""
    after = r"(?![^\W_])" if _WORD.match(phrase[-1]) else ""
    return f"{before}{pattern}{after}"
