"""Numbered pages of a list."""

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
