"""Django's `url`, with the address of a page that takes no values resolved once instead of each time. Built in."""

from django import template
from django.template.base import Node
from django.template.defaulttags import url as django_url
from django.urls import get_resolver, get_script_prefix, get_urlconf

register = template.Library()


class PlainUrlNode(Node):
    """An address of ours that is the same on every page: it depends on nothing but where the site stands."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.addresses: dict[tuple, str] = {}

    def render(self, context) -> str:
        here = get_resolver(get_urlconf()), get_script_prefix()
        try:
            return self.addresses[here]
        except KeyError:
            address = self.addresses[here] = self.node.render(context)
            return address


@register.tag
def url(parser, token):
    node = django_url(parser, token)
    name = node.view_name
    is_plain = isinstance(name.var, str) and not name.filters and not node.args and not node.kwargs
    return PlainUrlNode(node) if is_plain and not node.asvar else node
