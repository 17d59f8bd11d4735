"""Tags for pages of the Wagtail tree: pictures in sizes, and the way to the editor."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.models import GroupPagePermission

from core import pictures
from core.prepared import Prepared

register = template.Library()


@register.simple_tag
def photo(image, use: str, alt: str | None = None, loading: str = "lazy", sizes: str = "") -> str:
    """An image in the sizes of `use` (see `core.pictures`), as `<picture>` with WebP and JPEG.

    `sizes` says how wide it stands where that differs from the use's own. Without `alt` it is what the editor wrote
    beside the image, or the image's own description. An image of several has its `sizes_at_hand`.
    """
    if not image:
        return ""
    if alt is None:
        own = image.contextual_alt_text
        alt = "" if image.decorative else (own if own is not None else image.default_alt_text)
    return pictures.markup(image, use, alt, loading, sizes, getattr(image, "sizes_at_hand", None))


@register.simple_tag(takes_context=True)
def edit_link(context, page) -> str:
    """ "Edit page" for those who may: Wagtail's own bar needs inline scripts, which the site's policy forbids.

    Costs members who edit nothing one query, visitors none.
    """
    request = context.get("request")
    user = getattr(request, "user", None)
    if page.pk is None or user is None or not user.is_authenticated or getattr(request, "is_preview", False):
        return ""
    if not (user.is_superuser or _has_a_say(user)):
        return ""
    if not page.permissions_for_user(user).can_edit():
        return ""
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return format_html('<a class="button button--quiet button--small" href="{}">{}</a>', url, _("Edit page"))


# Who has none over any page has none over this one: then Wagtail's own, longer question is not asked.
_has_a_say = Prepared(lambda user: GroupPagePermission.objects.filter(group__user=user).values_list("pk")[:1])
