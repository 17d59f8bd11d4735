"""What is kept about one person, for that person to take along. Each room adds its parts in `AppConfig.ready`.

It goes through the same `visible_to` as pages do: what stands where the person does not read (any more) is not in it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

Rows = Callable[[Any], Iterable[Mapping[str, Any]]]

AT_A_TIME = 500

_parts: dict[str, Rows] = {}


def register(name: str, rows: Rows) -> None:
    """Add a part: `rows(user)` are what is kept of one kind, each as plain values by their names."""
    _parts[name] = rows


def read(rows: QuerySet) -> Iterator[Any]:
    """`rows` by their numbers, some at a time: how a part reads what can be much."""
    return rows.order_by("pk").iterator(chunk_size=AT_A_TIME)


def document(user) -> Iterator[str]:
    """All of it as one JSON object with a list for each part, row by row: nobody's years are held in memory."""
    yield "{"
    for number, (name, rows) in enumerate(_parts.items()):
        yield f"{',' if number else ''}\n{json.dumps(name)}: ["
        for count, row in enumerate(rows(user)):
            line = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
            yield f"{',' if count else ''}\n  {line}"
        yield "]"
    yield "\n}\n"
