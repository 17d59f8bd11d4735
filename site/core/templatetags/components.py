"""The components of the design system, as template tags. Built in: templates need not load them."""

from datetime import date, datetime
from functools import lru_cache

import lucide
from django import template
from django.utils.dates import MONTHS_3
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import template_localtime
from django.utils.translation import gettext, ngettext

from core.audience import Audience
from core.instances import holds_file
from core.words import once_a_language

register = template.Library()

HUES = 12


@lru_cache(maxsize=256)
def _svg(name: str, size: int) -> SafeString:
    svg = lucide._render_icon(name, size, aria_hidden="true", focusable="false")
    return mark_safe(" ".join(svg.split()))  # noqa: S308 - the packaged set's own markup


@register.simple_tag
def icon(name: str, size: int = 20) -> str:
    """An icon of the lucide set as inline SVG, hidden from screen readers: words stand beside it."""
    return _svg(name, size)


def _avatar(user, size: str) -> str:
    """Also for nobody: a person who is gone, or whose name is not shown, has an outline instead of initials."""
    if user is None or not user.pk:
        return format_html(
            '<span class="avatar avatar--{} avatar--nobody" aria-hidden="true">{}</span>', size, icon("user-round")
        )
    if holds_file(user, "picture"):
        return format_html(
            '<span class="avatar avatar--{}"><img src="{}" alt="" loading="lazy" decoding="async"></span>',
            size,
            user.picture.url,
        )
    return _initials(user.initials, user.pk % HUES, size)


@lru_cache(maxsize=4096)
def _initials(letters: str, hue: int, size: str) -> SafeString:
    html = f'<span class="avatar avatar--{size} avatar--hue-{hue}" aria-hidden="true">{escape(letters)}</span>'
    return mark_safe(html)  # noqa: S308 - escaped


@register.simple_tag
def avatar(user, size: str = "m") -> str:
    """The member's picture, or two initials on a tint whose hue comes from their id. Sizes: s, m, l, xl.

    It says nothing to a screen reader: the name stands beside it.
    """
    return _avatar(user, size)


@register.simple_tag
def avatars(users, total: int | None = None, size: str = "s") -> str:
    """Some people, overlapping, with their names for screen readers; `total` adds how many more there are."""
    users = list(users)
    if not users:
        return ""
    faces = format_html_join(
        "", '<li>{}<span class="visually-hidden">{}</span></li>', ((_avatar(user, size), user) for user in users)
    )
    rest = (total or 0) - len(users)
    more = ""
    if rest > 0:
        words = ngettext("and %(count)d more", "and %(count)d more", rest) % {"count": rest}
        more = format_html(
            '<li><span class="avatar avatar--{} avatar--more" aria-hidden="true">+{}</span>'
            '<span class="visually-hidden">{}</span></li>',
            size,
            rest,
            words,
        )
    return format_html('<ul class="avatars" aria-label="{}">{}{}</ul>', gettext("People"), faces, more)


_KINDS = {"checkboxselectmultiple": "choices", "radioselect": "choices", "clearablefile": "file"}


@register.inclusion_tag("components/field.html")
def field(bound, **options):
    """A form field: label, help, errors and the widget, tied together by `aria-describedby`.

    Options: `label` (instead of the form's), `label_hidden` (it stays for screen readers), `needed` (nothing says
    "optional": it is asked for though the browser can't know when, or it searches).
    """
    kind = _KINDS.get(bound.widget_type, bound.widget_type)
    return {"field": bound, "kind": kind, **options}


@register.inclusion_tag("components/form_fields.html")
def form_fields(form):
    """All visible fields of a form, with the errors that belong to none first."""
    return {"form": form}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context, page, parameter: str = "page"):
    """Previous and next of a Django Page; the other query parameters stay."""

    def url(number: int) -> str:
        query = context["request"].GET.copy()
        query[parameter] = number
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "previous_url": url(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url(page.next_page_number()) if page.has_next() else "",
    }


@once_a_language
def _month(number: int) -> str:
    return escape(MONTHS_3[number].title())


@register.simple_tag
def date_tile(moment: date) -> str:
    """A day as a small calendar leaf, in the reader's zone when it is a moment with a zone."""
    if isinstance(moment, datetime):
        moment = template_localtime(moment).date()
    html = (
        f'<time class="date-tile" datetime="{moment.isoformat()}">'
        f'<span class="date-tile__month">{_month(moment.month)}</span> '
        f'<span class="date-tile__day">{moment.day}</span></time>'
    )
    return mark_safe(html)  # noqa: S308 - a day, and the name of a month


@register.filter(expects_localtime=True)
def iso(moment: date | None) -> str:
    """What `date:"c"` says for `<time datetime>`, at a tenth of its cost: for lists."""
    return moment.isoformat() if moment else ""


_AUDIENCE_ICONS = {
    Audience.WORLD: "globe",
    Audience.MEMBERS: "users",
    Audience.PRACTITIONERS: "badge-check",
    Audience.GROUP: "lock",
}


@register.filter
def audience_icon(thing) -> str:
    """The name of the icon that stands beside the words for who can read a forum, event or page."""
    return _AUDIENCE_ICONS[thing.audience]


@register.simple_tag
def audience(thing) -> str:
    """Who can read a forum, event or page: one line with an icon."""
    image = icon(audience_icon(thing), 18)
    return format_html('<p class="audience">{}<span>{}</span></p>', image, thing.audience_words)


@register.simple_block_tag
def empty(content, title: str, icon_name: str = "sprout") -> str:
    """What stands where a list has nothing: what would fill it, and the way there."""
    return format_html(
        '<div class="empty">{}<p class="empty__title">{}</p>{}</div>', _svg(icon_name, 28), title, content
    )
