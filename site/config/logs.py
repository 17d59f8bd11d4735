"""Logs for operators: one JSON line each, and nothing in them that tells who somebody is or what they wrote.

No e-mail or network addresses, query strings, paths (which may hold somebody's token; the route's name stands instead),
bodies, or account ids. What a library or an exception puts into its words is scrubbed last, from the finished line.
"""

import ipaddress
import logging
import os
import re
import time
import uuid
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from gunicorn.glogging import Logger
from structlog.typing import Processor

_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(r"(?<![\w.:])[0-9a-fA-F:.]{3,45}(?![\w.:])")
_QUERY = re.compile(r"\?[\w.%-]+=[^\s\"'<>\\]*")
_DETAIL = re.compile(
    r"(DETAIL|CONTEXT|Failing row contains)\b.*?(?=\\n|\n|$)"
)  # where PostgreSQL quotes a row's values

PLAIN = structlog.dev.plain_traceback  # the pretty one shows the values of variables

log = structlog.get_logger("collegial.request")


def _hide_address(match: re.Match) -> str:
    try:
        ipaddress.ip_address(match[0].rstrip("."))
    except ValueError:
        return match[0]
    return "[address]"


def scrub(line: str) -> str:
    """The line without e-mail and network addresses, query strings, and the values that PostgreSQL quotes."""
    line = _QUERY.sub("?[query]", _EMAIL.sub("[e-mail]", line))
    return _ADDRESS.sub(_hide_address, _DETAIL.sub(r"\1 [left out]", line))


class ScrubbingFormatter(structlog.stdlib.ProcessorFormatter):
    """Scrubs the finished line, so that nothing that went into it is missed."""

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


def _name_the_route(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Django's own lines about a request begin with its path: leave that out."""
    record = event.get("_record")
    if record is not None and record.name in {"django.request", "django.security.csrf"}:
        event["event"] = "request failed" if record.exc_info else "request refused"
        event["route"] = route_of(getattr(record, "request", None))
    return event


def route_of(request: HttpRequest | None) -> str:
    """The pattern that answered, such as "events/<int:pk>/"; empty where none did."""
    match = getattr(request, "resolver_match", None)
    return match.route if match else ""


def formatter(*, as_json: bool) -> logging.Formatter:
    """Renders our lines and those of libraries alike; the last step scrubs them."""
    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=PLAIN)
    )
    return ScrubbingFormatter(
        foreign_pre_chain=chain,
        processors=[
            _name_the_route,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *([structlog.processors.format_exc_info] if as_json else []),
            render,
        ],
    )


def logging_settings(*, as_json: bool, level: str) -> dict:
    """Django's LOGGING: everything to standard error, through `formatter`."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": formatter, "as_json": as_json}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # The request log says the same of every 404, with the route in place of the path.
            "django.request": {"level": "ERROR"},
            # Starting and ending of every job, with its arguments.
            "procrastinate": {"level": "WARNING"},
        },
    }


class RequestLogMiddleware:
    """One line for each request: method, route, status, and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=uuid.uuid4().hex)
        started = time.perf_counter()
        response = self.get_response(request)
        log.log(
            logging.ERROR if response.status_code >= 500 else logging.INFO,
            "request",
            method=request.method,
            route=route_of(request),
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000),
        )
        return response


class GunicornLogger(Logger):
    """Gunicorn's own lines (a worker that timed out, a request that it could not read), scrubbed like all others."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        production = os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".production")
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter(as_json=production))
