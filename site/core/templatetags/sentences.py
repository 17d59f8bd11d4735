"""Django's `i18n` library, whose `{% translate "…" %}` asks for the same sentence once in each language instead of on
every page. `{% load i18n %}` loads it (the settings say so)."""

from django import template
from django.template.base import Node
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters


class SentenceNode(Node):
    """A sentence of ours: it depends on nothing but the language."""

    def __init__(self, node: i18n.TranslateNode) -> None:
        self.node = node
        self.said: dict[str | None, str] = {}

    def render(self, context) -> str:
        language = get_language()
        try:
            return self.said[language]
        except KeyError:
            said = self.said[language] = self.node.render(context)
            return said


@register.tag("translate")
@register.tag("trans")
def translate(parser, token):
    node = i18n.do_translate(parser, token)
    sentence = node.filter_expression
    is_plain = sentence.var.lookups is None and not sentence.filters
    return SentenceNode(node) if is_plain and not node.asvar and node.message_context is None else node
