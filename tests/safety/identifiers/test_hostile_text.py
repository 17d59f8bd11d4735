"""Whatever the text: no error, hits that lie inside of it, and nothing left once they are replaced."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.safety.identifiers import find, replaced
from factories.identifiers import CLEAN, FOUND

THIS_YEAR = 2026
SHARDS = [word for rows in FOUND.values() for words in rows.values() for word in words]
SHARDS += [text for rows in CLEAN.values() for text in rows]
SHARDS += [
    "MRN ",
    "policy number ",
    "on ",
    "since ",
    "SSN",
    "zip ",
    "OH ",
    "born in ",
    "aged ",
    "call ",
    "\n> ",
    "-",
    "/",
    " ",
    ".",
    "@",
    "1",
    "99",
]

any_text = st.text(max_size=300)
digits_and_marks = st.text(alphabet="0123456789/.-() @:,+#\n>OHMay", max_size=120)
mixed = st.lists(st.sampled_from(SHARDS) | st.text(max_size=4), max_size=12).map("".join)


@settings(max_examples=150, deadline=None)
@given(any_text | digits_and_marks | mixed)
def test_hits_lie_apart_inside_the_text(text):
    end = 0
    for hit in find(text, this_year=THIS_YEAR):
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end


@settings(max_examples=150, deadline=None)
@given(any_text | digits_and_marks | mixed)
def test_nothing_is_left_to_replace(text):
    once = replaced(text, this_year=THIS_YEAR)

    assert find(once, this_year=THIS_YEAR) == []
    assert replaced(once, this_year=THIS_YEAR) == once


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1-",
        "a@",
        "(at)",
        "1/1/",
        "12 Oak ",
        "May 5 ",
        "6145550134 ",
        "::",
        "policy no 1",
        "\ud800",
        "\x00",
        "\uff19",
        "²",
        "٣",
    ],
)
def test_a_long_row_of_the_same_is_answered(piece):
    text = (piece * 20_000)[:20_000]

    assert find(replaced(text, this_year=THIS_YEAR), this_year=THIS_YEAR) == []
