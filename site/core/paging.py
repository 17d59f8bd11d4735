"""Pages of a list: by numbers, or by where one stands in an order of moments, so that any page costs what the first one
does."""

import re
from datetime import UTC, datetime, timedelta

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest


def numbered_page(rows, request: HttpRequest, size: int) -> Page:
    """The page of `rows` that `?page=` asks for; 404 where there is no such page."""
    return turned_to(Paginator(rows, size), request)


def turned_to(paginator: Paginator, request: HttpRequest) -> Page:
    """The same for a paginator of one's own."""
    try:
        return paginator.page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)


def cursor(moment: datetime, pk: int) -> str:
    """Where one stands after a row of this moment and id: microseconds and the id."""
    return f"{(moment - _EPOCH) // timedelta(microseconds=1)}-{pk}"


def read_cursor(text: str) -> tuple[datetime, int]:
    """The moment and id of a cursor; ValueError where it is none."""
    found = _CURSOR.fullmatch(text)
    if not found:
        raise ValueError("Not a cursor.")
    try:
        return _EPOCH + timedelta(microseconds=int(found[1])), int(found[2])
    except OverflowError as error:
        raise ValueError("Not a cursor.") from error
