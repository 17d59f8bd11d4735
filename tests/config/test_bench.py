"""The measuring: its bare view is bare, it stays on this machine, and its table says what was reached."""

import json

import pytest
from django.test import RequestFactory

from config.bench import load, measure, rows
from config.bench.wsgi import application


def answer_of(path: str) -> tuple[str, dict]:
    """Status and headers that the measured server gives for a path."""
    said = []
    environ = RequestFactory(headers={"host": "localhost"}).get(path).environ
    response = application(environ, lambda status, headers, *_: said.append((status, dict(headers))))
    b"".join(response)
    response.close()
    return said[0]


def test_bare_view_has_no_middleware(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        status, headers = answer_of(load.BARE_PATH)

    assert status == "200 OK"
    assert set(headers) == {"Content-Type"}


def test_the_site_is_beside_it(db):
    status, _headers = answer_of("/livez")

    assert status == "200 OK"


def test_load_is_for_this_machine_only():
    with pytest.raises(SystemExit, match="this machine only"):
        load.measure("http://example.org/", 1, 1, "")


def test_a_row_without_a_page_is_a_sentence(db, monkeypatch):
    monkeypatch.setattr(rows, "ROWS", [rows.Row("dragon", lambda: None)])

    with pytest.raises(SystemExit, match="no page for “dragon”"):
        measure.targets()


@pytest.mark.parametrize(
    ("make", "value", "met"), [("at_least", 0.05, True), ("at_least", 0.03, False), ("at_most", 5, False)]
)
def test_goal_is_met_or_not(make, value, met):
    assert getattr(measure, make)("page", value, "", 0.04).met is met


def test_results_are_plain_rows(capsys):
    result = measure.at_most("home: queries", 11, "", 12)

    measure.show([result])

    assert "met" in capsys.readouterr().out
    assert json.loads(json.dumps(vars(result))) == {
        "name": "home: queries",
        "value": 11,
        "unit": "",
        "goal": 12,
        "met": True,
    }
