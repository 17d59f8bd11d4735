"""What people type into a search box, as PostgreSQL asks it: words, "phrases", word* for what begins so, or, -without.

Words are compared by their stems, in English. What is understood wrongly is told in a sentence; nothing raises.
"""

import re
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.markdown import without_controls

LONGEST_QUERY = 200
CONFIG = "english"
FEWEST_LETTERS = 3  # before a star: a shorter beginning is that of half the language

ONLY_WITHOUT = _("Add a word to look for: leaving words out alone would find nearly everything.")
TOO_SHORT = _("Write at least three letters before the star.")

_TERM = re.compile(r'(?P<minus>-*)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_BEGINNING = re.compile(r"(?P<letters>[\w-]+)\*+")
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Terms:
    """What is looked for, and a sentence where that can't be. `query` is None where nothing is asked."""

    query: SearchQueryCombinable | None
    problem: str | Promise = ""


def parse(text: str) -> Terms:
    """The terms of `text`, of which the first 200 characters count."""
    wanted: list[list[SearchQueryCombinable]] = []
    unwanted: list[SearchQueryCombinable] = []
    joins = False
    problem: str | Promise = ""
    for found in _TERM.finditer(without_controls(text)[:LONGEST_QUERY]):
        parts, trouble = _term(found)
        problem = problem or trouble
        if found["word"] and found["word"].lower() == "or" and wanted:
            joins = True
        elif not parts:
            continue
        elif found["minus"]:
            unwanted.append(reduce(or_, (~part for part in parts)))
        elif joins:
            wanted[-1].append(reduce(and_, parts))
            joins = False
        else:
            wanted.append([reduce(and_, parts)])
    if not wanted:
        return Terms(None, problem or (ONLY_WITHOUT if unwanted else ""))
    return Terms(reduce(and_, [*(reduce(or_, each) for each in wanted), *unwanted]), problem)


def _term(found: re.Match[str]) -> tuple[list[SearchQuery], str | Promise]:
    """What one term asks, all of it; and a sentence where it can't."""
    if found["phrase"] is not None:
        return _asked(found["phrase"], "phrase"), ""
    beginning = _BEGINNING.fullmatch(found["word"])
    if not beginning:
        return _asked(found["word"], "plain"), ""
    *before, last = _NO_LETTER.sub(" ", beginning["letters"]).split() or [""]
    whole = _asked(" ".join(before), "plain")
    if len(last) < FEWEST_LETTERS:
        return whole + _asked(last, "plain"), TOO_SHORT
    return whole + _asked(f"'{last}':*", "raw"), ""


def _asked(words: str, search_type: str) -> list[SearchQuery]:
    """Nothing where there is no letter: PostgreSQL complains of it, or finds everything."""
    return [SearchQuery(words, search_type=search_type, config=CONFIG)] if _NO_LETTER.sub("", words) else []
