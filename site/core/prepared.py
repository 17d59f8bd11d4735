"""Queries that are asked at every request, compiled once and then only given new values.

Django writes a QuerySet's SQL anew each time, which costs 0.3 to 2 ms of a page, often more than the database takes to
answer. A prepared query is written once a process for each of its shapes:

    own_groups = Prepared(lambda reader: Group.objects.entered_by(reader).with_sizes().order_by("name"))
    groups = own_groups(request.user)  # a list, as list(queryset) would be

What it may be given: whole numbers, texts and moments go into their places in the SQL, and so does each of a tuple of
them (for `__in`: every length is a shape, so of a page of rows at most); None, True and False are part of the shape; a
person stands for their `OWN` values, which have places, and for the `FACTS` about them, which are part of
the shape. The QuerySet is built without the values, so it cannot keep any of them. A value that finds no place (one
that limits rows, is looked for inside of a text, or goes to a query of its own), anything else about a person, a moment
that is "now" and the reader's time zone are refused when the query is compiled: the first test that asks it says so.
Nothing of an answer is kept.
"""

import datetime
from collections.abc import Callable, Iterable
from copy import copy
from typing import Any, Generic, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.utils import timezone

Row = TypeVar("Row")
FACTS = ("is_authenticated", "is_active", "is_staff", "is_superuser", "is_member", "is_practitioner")
OWN = ("pk", "date_joined")
ODD_ZONE = "Antarctica/Troll"  # nobody's: where it turns up in the SQL, the reader's own would have been kept


class Unpreparable(TypeError):
    """The query would keep something of the values that it was compiled with, or cannot take them."""


class Somebody:
    """Stands for a person while a query is compiled: the places of their own values, and the facts about them."""

    def __init__(self, person_type: type, own: Iterable[Any], facts: Iterable[bool]) -> None:
        self._person_type = person_type
        self.__dict__.update(zip(OWN, own, strict=True))
        self.__dict__.update(zip(FACTS, facts, strict=True))
        self.id = self.__dict__["pk"]

    def __int__(self) -> int:  # so that it can be compared with a foreign key
        return self.id

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and hasattr(self._person_type, name):
            raise Unpreparable(f"The query depends on {name} of a person, which is not among {OWN + FACTS}.")
        raise AttributeError(name)


def _mark(number: int, value: Any) -> Any:
    """What stands in the place of the value: nothing that a query would hold by itself."""
    if isinstance(value, int):
        return 1_913_000_000 + number
    if isinstance(value, str):
        return f"\ue000{number}\ue001"
    if isinstance(value, datetime.datetime):
        return datetime.datetime(1, 1, 1 + number, tzinfo=datetime.UTC)
    if isinstance(value, datetime.date):
        return datetime.date(1, 1, 1 + number)
    raise Unpreparable(f"A prepared query takes no {type(value).__name__}.")


class Prepared(Generic[Row]):
    """A QuerySet as a function of its values. It answers with a list."""

    def __init__(self, build: Callable[..., "models.QuerySet[Any, Row]"]) -> None:
        self.build = build
        self._compiled: dict[tuple, _Compiled | None] = {}

    def __call__(self, *given: Any) -> list[Row]:
        shape: list[Any] = []
        values: list[Any] = []
        for value in given:
            if value is None or value is True or value is False:
                shape.append(value)
            elif isinstance(value, AnonymousUser):
                shape.append(AnonymousUser)
            elif isinstance(value, AbstractBaseUser):
                shape.append(tuple(bool(getattr(value, fact, False)) for fact in FACTS))
                values += [getattr(value, name) for name in OWN]
            elif isinstance(value, tuple):
                shape.append((tuple, *map(type, value)))
                values += value
            else:
                shape.append(type(value))
                values.append(value)
        key = tuple(shape)
        try:
            compiled = self._compiled[key]
        except KeyError:
            compiled = self._compiled[key] = self._compile(given, key)
        return [] if compiled is None else compiled.rows(values)

    def first(self, *given: Any) -> Row | None:
        """The first row, or None. The query itself says `[:1]` where there may be more."""
        return next(iter(self(*given)), None)

    def _compile(self, given: Iterable[Any], shape: tuple) -> "_Compiled | None":
        """The SQL of this shape; None where it can have no rows, whatever the values."""
        stand_ins: list[Any] = []
        marks: list[Any] = []
        needed: list[Any] = []  # of a person, the query may leave some values out
        for value, kind in zip(given, shape, strict=True):
            if isinstance(value, tuple):
                several = tuple(_mark(len(marks) + more, each) for more, each in enumerate(value))
                marks += several
                needed += several
                stand_ins.append(several)
            elif isinstance(kind, tuple):
                own = [_mark(len(marks) + more, getattr(value, name)) for more, name in enumerate(OWN)]
                marks += own
                stand_ins.append(Somebody(type(value), own, kind))
            elif isinstance(kind, type) and kind is not AnonymousUser:
                mark = _mark(len(marks), value)
                marks.append(mark)
                needed.append(mark)
                stand_ins.append(mark)
            else:
                stand_ins.append(value)
        with timezone.override(ODD_ZONE):
            queryset = self.build(*stand_ins)
            try:
                return _Compiled(queryset, marks, needed)
            except EmptyResultSet:
                return None


class _Compiled:
    """One shape's SQL, and where the values go."""

    def __init__(self, queryset: models.QuerySet, marks: list[Any], needed: list[Any]) -> None:
        self.queryset = queryset
        self.query = queryset.query.clone()
        self.compiler = self.query.get_compiler(connection=connections[DEFAULT_DB_ALIAS])
        self.sql, parameters = self.compiler.as_sql()
        self.parameters = list(parameters)
        self.converters = self.compiler.get_converters([column for column, *_ in self.compiler.select])
        self.places = [  # in the parameters, in the values, and the type that psycopg wants for a number or a text
            (place, marks.index(parameter), type(parameter) if isinstance(parameter, int | str) else None)
            for place, parameter in enumerate(self.parameters)
            if parameter in marks
        ]
        found = {marks[number] for _, number, _ in self.places}
        if not found.issuperset(needed):
            raise Unpreparable("A value has no place of its own in the SQL, or none where it is compared as it is.")
        self._refuse_what_would_be_kept(marks)

    def _refuse_what_would_be_kept(self, marks: list[Any]) -> None:
        taken = {place for place, _, _ in self.places}
        words = [self.sql]
        for place, parameter in enumerate(self.parameters):
            if place in taken:
                continue
            if isinstance(parameter, datetime.date):
                raise Unpreparable(f"The moment {parameter} would be kept: give it to the query as a value.")
            words.append(str(parameter))
        for kept in [ODD_ZONE, *map(str, marks)]:
            if any(kept in text for text in words):
                raise Unpreparable(f"{kept!r} would be kept: a value, or the reader's time zone.")

    def rows(self, values: list[Any]) -> list:
        """Ask with these values, on the connection of the thread."""
        parameters = self.parameters.copy()
        for place, number, as_type in self.places:
            parameters[place] = as_type(values[number]) if as_type else values[number]
        answer = self.sql, tuple(parameters)
        compiler = copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_args, **_options: answer  # type: ignore[method-assign] # of this copy
        compiler.get_converters = lambda _columns: self.converters  # type: ignore[method-assign] # idem
        query = copy(self.query)
        query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign] # idem
        written = self.queryset
        asked = type(written)(written.model, query, DEFAULT_DB_ALIAS)
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups"):  # all that shapes the rows
            setattr(asked, name, getattr(written, name))
        return list(asked)
