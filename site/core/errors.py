"""What the site answers when something is not there, not allowed, not understood or broken.

A page that answers a POST gives the sender's own words back in a box to copy: a lost race, a private place, a place
that never was and a fault of ours all look after what was typed, in the same way.
"""

import re

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

MAX_WORDS = 40_000  # characters given back: twice the longest post
_SECRET = re.compile(r"csrf|passw|token|secret|otp|^code$|recovery|credential|^next$", re.IGNORECASE)
_NOT_TYPED = re.compile(r"\s*(\d+|on|true|false|[\da-f-]{36})?\s*", re.IGNORECASE)  # ids, ticks, empty fields


def own_words(request: HttpRequest) -> str:
    """The text that the sender of this POST typed, without secrets, ids and ticks.

    Only for a form of our own site: another site's form could otherwise put its words on a page of ours.
    """
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return ""
    try:
        fields = list(request.POST.lists())
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return ""
    words = [
        value.strip()
        for name, values in fields
        if not _SECRET.search(name)
        for value in values
        if not _NOT_TYPED.fullmatch(value)
    ]
    return "\n\n".join(words)[:MAX_WORDS]


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    words = own_words(request)
    response = render(request, template, {"own_words": words}, status=status)
    if words:
        response["Cache-Control"] = "no-store"
    return response


def _bare_page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A page that asks nothing of the database, the session or the request's host: one of them may be what failed."""
    words = own_words(request)
    response = HttpResponse(render_to_string(template, {"own_words": words}), status=status)
    response["Cache-Control"] = "no-store"
    return response


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: we could not make sense of what came."""
    return _bare_page(request, "400.html", 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the person may know that it is there, but not do this."""
    return _page(request, "403.html", 403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same page for what never was, what is gone and what this person may not see."""
    return _page(request, "404.html", 404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return _bare_page(request, "500.html", 500)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was too old, or not ours. `reason` is for the log, which has it already."""
    return _page(request, "403_csrf.html", 403)
