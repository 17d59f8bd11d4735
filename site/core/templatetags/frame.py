"""What surrounds every page: parts of it that are the same for many are rendered once."""

from functools import lru_cache
from typing import NamedTuple

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()

# Address, label, icon, whether the phone's bar shows it (the others are under "More"), what the reader must be.
SECTIONS = [
    ("/today/", _("Today"), "sun", True, "is_authenticated"),
    ("/discussions/", _("Discussions"), "messages-square", True, ""),
    ("/groups/", _("Groups"), "users-round", True, ""),
    ("/events/", _("Events"), "calendar-days", True, ""),
    ("/learning/", _("Learning"), "graduation-cap", False, ""),
    ("/articles/", _("Articles"), "book-open-text", False, ""),
    ("/people/", _("People"), "contact-round", False, "is_member"),
]


@register.simple_tag
def kept(template_name: str, **values) -> SafeString:
    """An `include` of plain values that is rendered once a process: `{% kept "a.html" title=page.title %}`.

    The template sees the values that are written here and the language, and neither the request nor the reader. So
    what is kept says nothing to anybody who did not bring it along. Only texts, numbers, flags and None are taken:
    an object may change, or differ between readers, without a word.
    """
    if not all(value is None or isinstance(value, str | int) for value in values.values()):
        raise TypeError(f"{template_name} is kept for plain values, and one of {', '.join(values)} is none.")
    if settings.DEBUG:  # templates change while the process runs
        return mark_safe(get_template(template_name).render(values))  # noqa: S308 - escaped in the template
    # With their types, since an escaped text equals one that is not.
    return _rendered(template_name, get_language(), *((name, type(it), it) for name, it in values.items()))


@lru_cache(maxsize=512)
def _rendered(template_name: str, language: str | None, *values: tuple) -> SafeString:
    rendered = get_template(template_name).render({name: value for name, _type, value in values})
    return mark_safe(rendered)  # noqa: S308 - escaped in the template


class Standpoint(NamedTuple):
    """All that the frame's links depend on: the room (its address), whether it is its index, and the reader."""

    room: str
    is_index: bool
    is_authenticated: bool
    is_member: bool


@register.simple_tag(takes_context=True)
def standpoint(context) -> Standpoint:
    """Where the reader is, and as what."""
    request = context.get("request")
    path = getattr(request, "path", "")
    user = getattr(request, "user", None)
    room = next((section[0] for section in SECTIONS if path.startswith(section[0])), "")
    return Standpoint(
        room,
        path == room,
        getattr(user, "is_authenticated", False),
        getattr(user, "is_member", False),
    )


@register.simple_tag
def navigation(room: str, is_index: bool, is_authenticated: bool, is_member: bool) -> list[dict]:
    """The rooms that the reader may enter; `current` is "page" in a room's index and "true" anywhere inside it."""
    reader = {"": True, "is_authenticated": is_authenticated, "is_member": is_member}
    return [
        {
            "url": url,
            "label": label,
            "icon": icon_name,
            "on_bar": on_bar,
            "current": "" if url != room else "page" if is_index else "true",
        }
        for url, label, icon_name, on_bar, needed in SECTIONS
        if reader[needed]
    ]
