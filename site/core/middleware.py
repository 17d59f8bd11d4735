"""What is asked of every request before a room sees it, and of every page before it leaves."""

import codecs
from collections.abc import Callable

from django.contrib.auth import middleware as auth
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

GetResponse = Callable[[HttpRequest], HttpResponse]


class ReadableMiddleware:
    """Turns away what no browser sends and no room should have to think of.

    A request may name any of Python's codecs as its charset, and some of them decode into characters that can neither
    be stored nor shown; a quoted cookie may hold a NUL, at which PostgreSQL stumbles; so may an address.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            request.encoding = "utf-8"  # so that the page that says no can be written
            raise BadRequest("This site reads UTF-8 alone.")
        if any("\x00" in value for value in request.COOKIES.values()):
            raise BadRequest("A cookie holds a NUL.")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        if "\x00" in request.path_info:
            raise Http404


class AuthenticationMiddleware(auth.AuthenticationMiddleware):
    """Django's, with the person themselves in `request.user`: every page asks who it is, and a lazy stand-in costs
    something at each look."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = auth.get_user(request)


class PrivatePagesMiddleware:
    """What is shown to somebody who is logged in is kept by no cache: not by a proxy that several people share, nor by
    the browser that the next person in the office opens. A view that says something of its own is left alone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_known = request.user.is_authenticated
        response = self.get_response(request)
        if (was_known or request.user.is_authenticated) and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response
