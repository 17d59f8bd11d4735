"""The composer on other pages, and what the association says beside it."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from community.discussions import composing, places
from core import markdown
from core.models import Association

register = template.Library()

# For an association that has said nothing itself. It names no number and no law, since both differ by place.
CASE_WORDS = _(
    "If somebody is in danger now, call the emergency number where they are, before you write here. "
    "Writing here reports nothing to anybody: what the law where you practice asks you to report stays with you."
)


@register.inclusion_tag("discussions/_reply.html", takes_context=True)
def reply_composer(context, topic) -> dict:
    """The box to answer in, under a topic: with the draft of a reply that the reader began. One query, and one more
    with a draft."""
    request = context["request"]
    return {
        "composer": composing.opened(places.in_topic(topic), request.user),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def case_words(context) -> SafeString:
    """What the association says about crises and duties to report."""
    own = Association.for_request(context["request"]).case_notice
    return mark_safe(markdown.render(own or str(CASE_WORDS)))  # noqa: S308 - cleaned by the renderer
