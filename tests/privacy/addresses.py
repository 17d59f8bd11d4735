"""Every address of the site's own rooms, from the resolver: a new one cannot be forgotten here."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

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


def own_patterns() -> dict[str, URLPattern]:
    """The patterns of our rooms by their full names, such as "groups:group"."""
    found = {}
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLResolver) and getattr(entry.urlconf_name, "__name__", "") in ROOMS:
            found |= {f"{entry.app_name}:{pattern.name}": pattern for pattern in entry.url_patterns}
    return found


def plain_names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The names of all addresses below `resolver` that take no arguments."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from plain_names(entry, inner)
        elif entry.name and not entry.pattern.regex.groups:
            yield f"{namespace}{entry.name}"
