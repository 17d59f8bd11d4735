"""Addresses of our pages, as `reverse` gives them, whose patterns are looked for once instead of each time."""

import re
from collections.abc import Callable
from functools import lru_cache

from django.urls import URLResolver, get_resolver, get_script_prefix, reverse

PLAIN = r"(?=[A-Za-z0-9_-]+\Z)"  # stands in an address as it is; the rest is left to `reverse`


def address(name: str, *values: object) -> str:
    """Where a page of ours is, such as `address("members:person", person.pk)`. Raises NoReverseMatch."""
    here = get_resolver(), get_script_prefix()
    if not values:
        return _plain(name, here)
    shape = _shape(name, len(values), *here)
    if shape is None:
        return reverse(name, args=values)
    form, patterns = shape
    texts = tuple(map(str, values))
    for matches, text in zip(patterns, texts, strict=True):
        if not matches(text):
            return reverse(name, args=values)
    return form % texts


@lru_cache(maxsize=512)
def _plain(name: str, _here: tuple) -> str:
    return reverse(name)


@lru_cache(maxsize=512)
def _shape(name: str, count: int, resolver: URLResolver, prefix: str) -> tuple[str, list[Callable]] | None:
    """The address with %s for each of its values, and what these have to match; None where it takes more than that."""
    *spaces, view = name.split(":")
    for space in spaces:
        if space not in resolver.namespace_dict:
            return None
        below, resolver = resolver.namespace_dict[space]
        prefix += below
    found = [
        (form, names, converters)
        for forms, _pattern, _defaults, converters in resolver.reverse_dict.getlist(view)
        for form, names in forms
        if len(names) == count
    ]
    if len(found) != 1 or "%" in prefix:
        return None
    form, names, converters = found[0]
    if any(name not in converters for name in names):
        return None
    return f"{prefix}{form}" % dict.fromkeys(names, "%s"), [
        re.compile(f"{PLAIN}(?:{converters[name].regex})").fullmatch for name in names
    ]
