"""Words that are the same each time in one language: put together once, not on every page."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec

from django.utils.translation import get_language

Given = ParamSpec("Given")


def once_a_language(function: Callable[Given, str]) -> Callable[Given, str]:
    """For functions of plain values whose answer depends on these and on the reader's language alone. What it was
    asked for stays in memory: numbers, days and our own sentences, never a person's words."""

    @lru_cache(maxsize=2048)
    def kept(_language: str | None, *given: Given.args, **named: Given.kwargs) -> str:
        return function(*given, **named)

    @wraps(function)
    def said(*given: Given.args, **named: Given.kwargs) -> str:
        return kept(get_language(), *given, **named)  # type: ignore[arg-type] # no type says that values are hashable

    return said
