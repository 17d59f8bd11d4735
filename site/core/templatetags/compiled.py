"""`{% compiled "groups/_cards.jinja" cards=cards %}`: a fragment in the language of core.jinja. Built in."""

from django import template
from django.template import engines
from django.template.base import FilterExpression, Node, Variable, token_kwargs

register = template.Library()


class CompiledNode(Node):
    def __init__(self, name: str, values: dict[str, FilterExpression]) -> None:
        self.name = name
        self.values = values

    def render(self, context) -> str:
        values = {name: _value(expression, context) for name, expression in self.values.items()}
        return engines["jinja2"].get_template(self.name).render(values)


def _value(expression: FilterExpression, context):
    """What Django's language would make of it; but a name that is not there is an error, unless a filter follows."""
    if isinstance(expression.var, Variable) and not expression.filters:
        return expression.var.resolve(context)
    return expression.resolve(context)


@register.tag
def compiled(parser, token):
    """A fragment with the values that are written here: it sees neither the request nor anything else around it."""
    name, *rest = token.split_contents()[1:] or [""]
    values = token_kwargs(rest, parser)
    if rest or not name.startswith('"'):
        raise template.TemplateSyntaxError('It is written {% compiled "room/_things.jinja" things=things %}.')
    return CompiledNode(name.strip('"'), values)
