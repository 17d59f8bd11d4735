"""No line of the log tells who somebody is."""

import json
import logging

import pytest

from config import logs


def rendered(record: logging.LogRecord) -> dict:
    return json.loads(logs.formatter(as_json=True).format(record))


def record(message: str, *args, name: str = "somewhere", **extra) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, None)
    made.__dict__.update(extra)
    return made


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no mailbox maren.a+x@example.org here", "no mailbox [e-mail] here"),
        ("from 203.0.113.9, refused", "from [address], refused"),
        ("from 2001:db8::17 refused", "from [address] refused"),
        ("GET /search/?q=my+client&page=2 failed", "GET /search/?[query] failed"),
        ("at 12:30:45 on 2026-03-01, version 5.2.19", "at 12:30:45 on 2026-03-01, version 5.2.19"),
    ],
)
def test_scrubbed(said, kept):
    assert rendered(record("%s", said))["event"] == kept


def test_values_that_the_database_quotes_are_left_out():
    error = ValueError("duplicate key\nDETAIL:  Key (lower(display_name))=(Maren Aldous) already exists.\nnext")
    made = record("failed")
    made.exc_info = (ValueError, error, None)

    line = logs.formatter(as_json=True).format(made)

    assert "Maren" not in line
    assert "next" in line


def test_request_line_has_the_route_and_no_path(client, db, caplog):
    caplog.set_level(logging.INFO, logger="collegial.request")

    client.get("/accounts/login/?next=/people/17/&email=maren@example.org")

    (line,) = [made.msg for made in caplog.records if made.name == "collegial.request"]
    assert line["route"] == "accounts/login/"
    assert line["status"] == 200
    assert set(line) == {"event", "method", "route", "status", "ms", "request_id", "level", "logger", "timestamp"}


def test_django_names_no_path_of_a_request_that_failed(rf):
    request = rf.get("/accounts/password/reset/key/3-secret-token/")

    line = rendered(record("Internal Server Error: %s", request.path, name="django.request", request=request))

    assert "secret" not in json.dumps(line)
