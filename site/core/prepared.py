"""Queries that are asked at every request, compiled once and then only given new values.

Django writes a QuerySet's SQL anew each time, which costs 0.3 to 4 ms of a page, and PostgreSQL plans it anew, which
costs as much as the answer. A prepared query is written once a process for each of its shapes, and planned once a
connection (DATABASES' `prepare_threshold` says after how many times):

    own_groups = Prepared(lambda reader: Group.objects.entered_by(reader).with_sizes().order_by("name"))
    groups = own_groups(request.user)  # a list, as list(queryset) would be

What it may be given: whole numbers, texts and moments go into their places in the SQL, and so does each of a tuple of
them (for `__in`: every length is a shape, so of a page of rows at most) and the number of the first row
(`[start : start + 12]`); None, True and False are part of the shape; a person stands for their `OWN` values, which have
places, and for the `FACTS` about them and their permissions, as far as they are asked for, which are part of the shape.
The QuerySet is built without the values, so it cannot keep any of them. A value that finds no place (one that is looked
for inside of a text, or goes to a query of its own), anything else about a person, a moment that is "now" and the
reader's time zone are refused when the query is compiled: the first test that asks it says so. Nothing of an answer is
kept.
"""

import datetime
import re
from collections.abc import Callable, Iterable
from copy import copy
from itertools import count
from typing import Any, Generic, TypeVar

from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections, models
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models.query import ModelIterable, ValuesListIterable
from django.utils import timezone
from psycopg import RawCursor
from psycopg.types.numeric import Int8

from core.instances import Maker, Unmakeable
from core.statements import Statement

Row = TypeVar("Row")
FACTS = ("is_authenticated", "is_active", "is_staff", "is_superuser", "is_member", "is_practitioner")
OWN = ("pk", "date_joined")
_MARK = re.compile("1913[0-9]{6}|\ue000[0-9]+\ue001")  # what `_mark` gives for a number or a text
_PLACE = re.compile(r"%%|%s|\b1913[0-9]{6}\b")  # of a parameter, or of a number that counts rows
# Columns of these fields come over as bytes, which are read quicker than text; JSON, intervals and such come as text.
SENT_AS_BYTES = {
    *("AutoField", "BigAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField"),
    *("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField", "BooleanField"),
    *("CharField", "TextField", "SlugField", "FileField", "DateField", "DateTimeField"),
}
ODD_ZONE = "Antarctica/Troll"  # nobody's: where it turns up in the SQL, the reader's own would have been kept


class Unpreparable(TypeError):
    """The query would keep something of the values that it was compiled with, or cannot take them."""


class Somebody:
    """Stands for a person while a query is compiled: the places of their own values, the facts about them, and what
    they are allowed, which is noted in `asked`."""

    def __init__(self, person: PermissionsMixin, own: Iterable[Any], facts: Iterable[bool]) -> None:
        self._person = person
        self.__dict__.update(zip(OWN, own, strict=True))
        self.__dict__.update(zip(FACTS, facts, strict=True))
        self.id = self.__dict__["pk"]
        self.asked: set[str] = set()

    def __int__(self) -> int:  # so that it can be compared with a foreign key
        return self.id

    def has_perm(self, name: str) -> bool:
        self.asked.add(name)
        return self._person.has_perm(name)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and hasattr(type(self._person), name):
            raise Unpreparable(f"The query depends on {name} of a person, which is not among {OWN + FACTS}.")
        raise AttributeError(name)


def _mark(number: int, value: Any) -> Any:
    """What stands in the place of the value: nothing that a query would hold by itself."""
    if isinstance(value, int):
        return 1_913_000_000 + 1000 * number  # so far apart that none is a neighbor's, plus a few
    if isinstance(value, str):
        return f"\ue000{number}\ue001"
    if isinstance(value, datetime.datetime):
        return datetime.datetime(1, 1, 1 + number, tzinfo=datetime.UTC)
    if isinstance(value, datetime.date):
        return datetime.date(1, 1, 1 + number)
    raise Unpreparable(f"A prepared query takes no {type(value).__name__}.")


def _as_type(mark: Any) -> Callable[[Any], Any]:
    """What a value becomes on its way: every number of one type, since each combination of types is a plan."""
    return Int8 if isinstance(mark, int) else str if isinstance(mark, str) else lambda value: value


def _refuse_what_would_be_kept(constant: Any) -> None:
    if isinstance(constant, datetime.date):
        raise Unpreparable(f"The moment {constant} would be kept: give it to the query as a value.")
    if _MARK.search(str(constant)):
        raise Unpreparable(f"{constant!r} would be kept: it holds a value, or was made of one.")


class Prepared(Generic[Row]):
    """A QuerySet as a function of its values. It answers with a list."""

    def __init__(self, build: Callable[..., "models.QuerySet[Any, Row]"]) -> None:
        self.build = build
        self._compiled: dict[tuple, _Compiled | None] = {}
        self._permissions: dict[tuple, tuple[str, ...]] = {}  # which are asked for, of people with the same facts

    def __call__(self, *given: Any) -> list[Row]:
        key, values = self._shape(given)
        try:
            compiled = self._compiled[key]
        except KeyError:
            compiled = self._compile(given, key)
            key, _ = self._shape(given)  # by now it is known which permissions count
            self._compiled[key] = compiled
        return [] if compiled is None else compiled.rows(values)

    def _shape(self, given: Iterable[Any]) -> tuple[tuple, list[Any]]:
        shape: list[Any] = []
        values: list[Any] = []
        for value in given:
            if value is None or value is True or value is False:
                shape.append(value)
            elif isinstance(value, AnonymousUser):
                shape.append(AnonymousUser)
            elif isinstance(value, PermissionsMixin):
                facts = tuple(bool(getattr(value, fact, False)) for fact in FACTS)
                shape.append((facts, *map(value.has_perm, self._permissions.get(facts, ()))))
                values += [getattr(value, name) for name in OWN]
            elif isinstance(value, tuple):
                shape.append((tuple, *map(type, value)))
                values += value
            else:
                shape.append(type(value))
                values.append(value)
        return tuple(shape), values

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
                stand_ins.append(Somebody(value, own, kind[0]))
            elif isinstance(kind, type) and kind is not AnonymousUser:
                mark = _mark(len(marks), value)
                marks.append(mark)
                needed.append(mark)
                stand_ins.append(mark)
            else:
                stand_ins.append(value)
        with timezone.override(ODD_ZONE):
            queryset = self.build(*stand_ins)
            for person in stand_ins:
                if isinstance(person, Somebody) and person.asked:
                    facts = tuple(getattr(person, fact) for fact in FACTS)
                    self._permissions[facts] = tuple(sorted(person.asked.union(self._permissions.get(facts, ()))))
            try:
                return _Compiled(queryset, marks, needed)
            except EmptyResultSet:
                return None


class _Compiled:
    """One shape's SQL, and where the values go."""

    def __init__(self, queryset: models.QuerySet, marks: list[Any], needed: list[Any]) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        self.queryset = queryset
        self.query = queryset.query.clone()
        self.compiler = self.query.get_compiler(connection=connection)
        sql, parameters = self.compiler.as_sql()
        columns = [column for column, *_ in self.compiler.select]
        self.converters = self.compiler.get_converters(columns)
        self.places: list[tuple[int, Callable]] = []  # which of the values goes there, and as what
        remaining = iter(parameters)

        def put(found: re.Match) -> str:
            """A value's place; a constant as itself: then PostgreSQL plans for it, and knows an index of some rows."""
            if found[0] == "%%":
                return "%%"
            value = next(remaining) if found[0] == "%s" else int(found[0])
            if value in marks:
                number = marks.index(value)
                self.places.append((number, _as_type(value)))
                return "%s"
            _refuse_what_would_be_kept(value)
            literal = connection.ops.compose_sql("%s", [value])  # type: ignore[attr-defined] # PostgreSQL's own
            return literal.replace("%", "%%")

        self.sql = _PLACE.sub(put, sql)
        if ODD_ZONE in self.sql:
            raise Unpreparable("The reader's time zone would be kept.")
        if not {number for number, _ in self.places}.issuperset(map(marks.index, needed)):
            raise Unpreparable("A value has no place of its own in the SQL, or none where it is compared as it is.")

        numbers = count(1)
        self.numbered = _PLACE.sub(lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", self.sql).encode()
        self.is_binary = all(column.output_field.get_internal_type() in SENT_AS_BYTES for column in columns)
        self.statement = Statement(self.numbered, is_binary=self.is_binary)
        self.make = self._maker()

    def _maker(self) -> Callable[[Any], Any] | None:
        """What makes of a row what the QuerySet would answer with; None where it is left to the QuerySet."""
        compiler = self.compiler
        if compiler.has_extra_select:  # which the QuerySet cuts off
            return None
        if self.queryset._iterable_class is ValuesListIterable:
            return tuple
        if self.queryset._iterable_class is not ModelIterable:
            return None
        try:
            return Maker(compiler.klass_info, compiler.select, (compiler.annotation_col_map or {}).items()).make
        except Unmakeable:
            return None

    def rows(self, values: list[Any]) -> list:
        """Ask with these values, on the connection of the thread."""
        connection = connections[DEFAULT_DB_ALIAS]
        answer = self._ask(connection, [as_type(values[number]) for number, as_type in self.places])
        if self.make is None:
            return self._as_queryset(connection, answer)
        if self.converters:
            answer = [self._converted(connection, row) for row in answer]
        rows = list(map(self.make, answer))
        if lookups := self.queryset._prefetch_related_lookups:  # type: ignore[attr-defined] # Django's own
            models.prefetch_related_objects(rows, *lookups)
        return rows

    def _ask(self, connection: Any, parameters: list[Any]) -> list:
        if connection.queries_logged or connection.execute_wrappers:
            with connection.cursor() as cursor:
                # Django's own cursor would send no plan to be kept.
                cursor.cursor = ServerBindingCursor(connection.connection)  # type: ignore[call-arg] # psycopg's own
                cursor.execute(self.sql, parameters)
                return cursor.fetchall()
        # What Django does around a query where nobody listens, without its two cursors. The first query of a request
        # is its own health check: it only reads, so it can be asked again on a new connection.
        connection.ensure_connection()
        connection.validate_thread_sharing()
        connection.validate_no_broken_transaction()
        is_checked = connection.health_check_done or not connection.health_check_enabled
        try:
            answer = self._ask_psycopg(connection, parameters)
        except (OperationalError, InterfaceError):
            if is_checked or not connection.connection.closed or connection.in_atomic_block:
                raise
            connection.close()
            connection.ensure_connection()
            answer = self._ask_psycopg(connection, parameters)
        connection.health_check_done = True
        return answer

    def _ask_psycopg(self, connection: Any, parameters: list[Any]) -> list[tuple]:
        with connection.wrap_database_errors:
            if self.statement.is_for(connection.connection):
                return self.statement.ask(connection.connection, parameters)
            cursor = RawCursor(connection.connection)
            return cursor.execute(self.numbered, parameters, binary=self.is_binary).fetchall()

    def _converted(self, connection: Any, row: tuple) -> list:
        changed = list(row)
        for place, (converters, expression) in self.converters.items():
            for converter in converters:
                changed[place] = converter(changed[place], expression, connection)
        return changed

    def _as_queryset(self, connection: Any, answer: list[tuple]) -> list:
        """The rows as the QuerySet itself makes something of them: dictionaries, names, parents of models."""
        compiler = copy(self.compiler)
        compiler.connection = connection
        answer = [row[: compiler.col_count] for row in answer]
        compiler.execute_sql = lambda *_args, **_options: [answer]  # type: ignore[method-assign] # of this copy
        query = copy(self.query)
        query.get_compiler = lambda *_args, **_options: compiler  # type: ignore[method-assign] # idem
        written = self.queryset
        asked = type(written)(written.model, query, DEFAULT_DB_ALIAS)
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups"):  # all that shapes the rows
            setattr(asked, name, getattr(written, name))
        return list(asked)
