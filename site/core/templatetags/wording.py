"""Django's `i18n` tags, with the plain `{% translate "…" %}` translated once for each language instead of each time.

It takes Django's place by name (TEMPLATES in the settings), so templates load `i18n` as ever.
"""

from django import template
from django.template.base import Node
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class PlainTranslateNode(Node):
    """A sentence of the template itself: what it is in a language depends on nothing else."""

    def __init__(self, node: i18n.TranslateNode) -> None:
        self.node = node
        self.words: dict[str | None, str] = {}

    def render(self, context) -> str:
        language = get_language()
        try:
            return self.words[language]
        except KeyError:
            words = self.words[language] = self.node.render(context)
            return words


@register.tag("translate")
@register.tag("trans")
def do_translate(parser, token):
    node = i18n.do_translate(parser, token)
    is_plain = node.filter_expression.var.literal is not None and not node.filter_expression.filters
    return PlainTranslateNode(node) if is_plain and not (node.asvar or node.message_context) else node
