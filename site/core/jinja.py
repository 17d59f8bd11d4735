"""Jinja2 for what a page shows many times (docs/decisions/0009): the files `*.jinja` beside the other templates.

`{% compiled "groups/_cards.jinja" cards=cards %}` shows one. It sees the values that are written there, the functions
below and the filters of the libraries that the settings name; a name that it does not know is an error.
"""

import datetime
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.template import defaultfilters
from django.utils import translation
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.timezone import template_localtime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, _escape_inner

from core.addresses import address
from core.templatetags import components
from core.words import once_a_language

ENDING = ".jinja"
OF_A_DAY = ("DATE_FORMAT", "MONTH_DAY_FORMAT", "YEAR_MONTH_FORMAT", "l", "j M")  # formats that say nothing of the hour


def written(value: Any) -> str:
    """A value as it stands in a page: what `escape` says, but no Markup, whose making takes thrice as long."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)
    if kind is SafeString or kind is Markup:
        return value
    if kind is int:
        return str(value)
    return value.__html__() if hasattr(value, "__html__") else _escape_inner(str(value))


class _Generator(CodeGenerator):
    """Writes templates that put values into a page with `written`, and that ask attributes and functions as Python
    does: without Jinja2's look whether a missing attribute is a key, and whether a function wants the context."""

    def visit_Getattr(self, node, frame):
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(self, node, frame, forward_caller=False):
        if forward_caller or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for number, argument in enumerate([*node.args, *node.kwargs]):
            self.write(", " if number else "")
            self.visit(argument, frame)
        self.write(")")

    def _output_child_pre(self, node, frame, finalize):
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


class _Environment(Environment):
    code_generator_class = _Generator
    written = staticmethod(written)

    def make_globals(self, d):
        """No template has names of its own: then they are one dict, and a fragment costs 4 µs instead of 12."""
        return self.globals


class _OwnFiles(FileSystemLoader):
    """The templates of the other language stand in the same folders, and look much alike."""

    def get_source(self, environment, template):
        if not template.endswith(ENDING):
            raise TemplateNotFound(template, f"{template} is no {ENDING} file.")
        return super().get_source(environment, template)


def gettext(message: str, **values: Any) -> Markup:
    """The sentence in the reader's language, with escaped values: `_("added by %(name)s", name=person)`."""
    sentence = _sentence(message)
    return sentence % values if values else sentence


@once_a_language
def _sentence(message: str) -> Markup:
    return Markup(translation.gettext(message))  # noqa: S704 - ours, like those of {% translate %}


def ngettext(singular: str, plural: str, count: int, **values: Any) -> Markup:
    """The one that goes with the number, which is `%(count)s` in it."""
    return _counted(singular, plural, count, values) if values else _plain_count(singular, plural, count)


def _counted(singular: str, plural: str, count: int, values: dict[str, Any]) -> Markup:
    sentence = Markup(translation.ngettext(singular, plural, count))  # noqa: S704 - ours
    return sentence % {"count": count, **values}


@once_a_language
def _plain_count(singular: str, plural: str, count: int) -> Markup:
    return _counted(singular, plural, count, {})


def date(moment: datetime.date | None, wanted: str = "DATE_FORMAT") -> str:
    """Django's filter, which puts each day into words once."""
    moment = template_localtime(moment)
    if wanted in OF_A_DAY and moment:
        return _day(moment.date() if isinstance(moment, datetime.datetime) else moment, wanted)
    return defaultfilters.date(moment, wanted)


@once_a_language
def _day(day: datetime.date, wanted: str) -> str:
    return defaultfilters.date(day, wanted)


def csrf_field(token) -> str:
    """What `{% csrf_token %}` writes; a template hands it on as `token=csrf_token`."""
    if token == "NOTPROVIDED":  # noqa: S105 - Django's word for a request without the middleware
        return ""
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)


def environment(builtins: Iterable[str] = (), **options: Any) -> Environment:
    """What Django's Jinja2 backend renders with. `builtins` are template libraries whose filters it has."""
    options["loader"] = _OwnFiles(options["loader"].searchpath)
    del options["autoescape"], options["undefined"]  # Django's defaults, the second of which passes in silence
    made = _Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, **options)
    made.globals = {
        "_": gettext,
        "ngettext": ngettext,
        "csrf_field": csrf_field,
        "url": address,
        "icon": components.icon,
        "avatar": components.avatar,
        "avatars": components.avatars,
        "date_tile": components.date_tile,
        "audience": components.audience,
    }
    filters = {"time": defaultfilters.time, "linebreaksbr": defaultfilters.linebreaksbr}
    for path in builtins:
        filters |= import_string(f"{path}.register").filters
    made.filters |= {
        name: _in_zone(it) if getattr(it, "expects_localtime", False) else it for name, it in filters.items()
    }
    made.filters["date"] = date
    return made


def _in_zone(it: Callable) -> Callable:
    """A filter that is given moments in the reader's zone, as Django's language gives them."""

    @wraps(it)
    def shown(moment, *more):
        return it(template_localtime(moment), *more)

    return shown
