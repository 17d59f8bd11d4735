"""Words that are the same each time in one language: put together once, not on every page."""

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, ParamSpec

from django.utils.translation import get_language

Given = ParamSpec("Given")


class OnceALanguage(Generic[Given]):
    """A function of plain values that is asked once for each of them and each language."""

    def __init__(self, function: Callable[Given, str]) -> None:
        @lru_cache(maxsize=2048)
        def kept(_language: str | None, *given: Given.args, **named: Given.kwargs) -> str:
            return function(*given, **named)

        self.in_language: Callable[..., str] = kept  # for whoever knows the language: asking for it costs the most

    def __call__(self, *given: Given.args, **named: Given.kwargs) -> str:
        return self.in_language(get_language(), *given, **named)


def once_a_language(function: Callable[Given, str]) -> OnceALanguage[Given]:
    """For functions of plain values whose answer depends on these and on the reader's language alone. What it was
    asked for stays in memory: numbers, days and our own sentences, never a person's words."""
    return OnceALanguage(function)
