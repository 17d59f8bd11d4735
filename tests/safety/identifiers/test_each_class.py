"""What each class finds, what it leaves alone, and what stands there instead."""

import pytest

from community.safety.identifiers import Kind, find, replaced
from factories.identifiers import CLEAN, FOUND, INSTEAD

THIS_YEAR = 2026


@pytest.mark.parametrize(
    ("kind", "text", "found"), [(k, text, words) for k, rows in FOUND.items() for text, words in rows.items()]
)
def test_it_is_found_where_it_stands(kind, text, found):
    hits = find(text, this_year=THIS_YEAR)

    assert [text[hit.start : hit.end] for hit in hits if hit.kind == kind] == found
    assert {hit.kind for hit in hits} == {kind}


@pytest.mark.parametrize("text", [text for rows in CLEAN.values() for text in rows])
def test_what_only_looks_like_it_is_left_alone(text):
    assert find(text, this_year=THIS_YEAR) == []


@pytest.mark.parametrize(("text", "instead"), INSTEAD.items())
def test_the_wording_fits_into_the_sentence(text, instead):
    assert replaced(text, this_year=THIS_YEAR) == instead


@pytest.mark.parametrize("text", [text for rows in FOUND.values() for text in rows])
def test_once_replaced_nothing_is_found_any_more(text):
    assert find(replaced(text, this_year=THIS_YEAR), this_year=THIS_YEAR) == []


def test_a_year_becomes_telling_with_the_years():
    assert find("born in 1940", this_year=2029) == []
    assert len(find("born in 1940", this_year=2030)) == 1


def test_every_class_is_covered():
    assert FOUND.keys() == set(Kind)
