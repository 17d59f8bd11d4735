from django import template

from community.safety import sanctions
from community.safety.models import Sanction

register = template.Library()
register.filter("how_long", sanctions.until_words)


@register.simple_tag(takes_context=True)
def paused(context) -> Sanction | None:
    """The pause that keeps the reader from writing now. No query where nothing does."""
    if not getattr(context["request"].user, "is_kept_out", False):
        return None
    found = sanctions.in_force(context["request"].user)
    return found if found is not None and found.kind == Sanction.Kind.PAUSE else None
