"""Django's `url`, by way of `core.addresses`. Built in."""

from django import template
from django.template.base import Node
from django.template.defaulttags import url as django_url
from django.utils.html import conditional_escape

from core.addresses import address

register = template.Library()


class AddressNode(Node):
    def __init__(self, name: str, values: list) -> None:
        self.name = name
        self.values = values

    def render(self, context) -> str:
        return conditional_escape(address(self.name, *(value.resolve(context) for value in self.values)))


@register.tag
def url(parser, token):
    node = django_url(parser, token)
    name = node.view_name
    is_constant = isinstance(name.var, str) and not name.filters
    return AddressNode(name.var, node.args) if is_constant and not node.kwargs and not node.asvar else node
