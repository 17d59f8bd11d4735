"""Words and links for Today and search."""

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def greeting() -> str:
    """Good morning, afternoon or evening, by the clock of the member's own zone."""
    hour = timezone.localtime().hour
    if 4 <= hour < 12:
        return _("Good morning")
    if 12 <= hour < 18:
        return _("Good afternoon")
    return _("Good evening")
