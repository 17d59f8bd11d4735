"""Every address of the site, from the resolver: a new one cannot be forgotten here."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

ROOMS = {
    "community.discussions.urls",
    "community.groups.urls",
    "community.members.urls",
    "community.notices.urls",
    "community.safety.urls",
    "events.urls",
    "learning.urls",
    "articles.urls",
    "core.urls",
    "portal.urls",
}


@dataclass(frozen=True)
class Route:
    """One pattern with all that stands before it: its full name, its path, and the names of its parts."""

    name: str
    path: str
    parts: frozenset[str]
    nameless_parts: int

    @property
    def takes_any(self) -> bool:
        return bool(self.parts or self.nameless_parts)

    def address(self, given: dict | tuple) -> str:
        """Where it is, with these parts. What has no name and takes nothing is its own path."""
        if not self.name and not self.takes_any:
            return f"/{self.path}"
        return reverse(self.name, args=given) if isinstance(given, tuple) else reverse(self.name, kwargs=given)


def own_patterns() -> dict[str, URLPattern]:
    """The patterns of our rooms by their full names, such as "groups:group"."""
    found = {}
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLResolver) and getattr(entry.urlconf_name, "__name__", "") in ROOMS:
            found |= {f"{entry.app_name}:{pattern.name}": pattern for pattern in entry.url_patterns}
    return found


def every_route() -> list[Route]:
    """All patterns of the project, its libraries' among them."""
    return list(_below(get_resolver(), "", "", frozenset(), 0))


def _below(resolver: URLResolver, namespace: str, path: str, parts: frozenset, nameless: int) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        named = parts | entry.pattern.regex.groupindex.keys()
        without = nameless + entry.pattern.regex.groups - len(entry.pattern.regex.groupindex)
        whole = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _below(entry, inner, whole, named, without)
        else:
            yield Route(f"{namespace}{entry.name}" if entry.name else "", whole, frozenset(named), without)
