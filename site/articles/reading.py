"""How long a text takes to read."""

import re

WORDS_A_MINUTE = 230  # adults reading English silently: Brysbaert 2019 finds 238 for non-fiction

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")  # for counting words, not for showing them: a parser takes a millisecond


def minutes_to_read(body) -> int:
    """Whole minutes for the raw blocks of a StreamField (nested lists and dicts of text), at least one."""
    return max(1, round(count_words(body) / WORDS_A_MINUTE))


def count_words(value) -> int:
    if isinstance(value, str):
        return len(_TAG.sub(" ", value).split())
    if isinstance(value, dict):
        return sum(count_words(part) for key, part in value.items() if key not in ("id", "type", "url"))
    if isinstance(value, list | tuple):
        return sum(count_words(part) for part in value)
    return 0
