"""Addresses are what Django says they are, for every value that stands in one."""

from datetime import date

import pytest
from django.template import engines
from django.test.utils import override_script_prefix
from django.urls import NoReverseMatch, reverse

from core import addresses
from core.addresses import address


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("groups:list", ()),
        ("groups:group", ("ohio-2",)),
        ("groups:file", ("ohio", 7)),
        ("members:person", (0,)),
        ("events:event", (12, "an-evening")),
        ("events:event", (12, "soirée à deux")),
        ("events:event", (12, "100% & more?")),
        ("events:occurrence", (12, "an-evening", date(2026, 12, 10))),
        ("events:occurrence", (12, "an-evening", "2026-12-10")),
        ("safety:report", ("post", 3)),
    ],
)
def test_address_is_djangos(name, values):
    assert [address(name, *values), address(name, *values)] == [reverse(name, args=values)] * 2


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("groups:nowhere", ()),
        ("groups:group", ()),
        ("groups:group", ("",)),
        ("groups:group", ("a/b",)),
        ("groups:group", ("a\x00",)),
        ("groups:group", ("straße",)),
        ("members:person", (-1,)),
        ("members:person", (None,)),
        ("members:person", ("ann",)),
        ("members:person", (1, 2)),
        ("events:occurrence", (12, "an-evening", "soon")),
    ],
)
def test_what_has_no_page_has_no_address(name, values):
    with pytest.raises(NoReverseMatch):
        address(name, *values)


def test_a_shape_is_looked_for_once():
    addresses._shape.cache_clear()

    told = [address("members:person", number) for number in (1, 2, 3)]

    assert told == ["/people/1/", "/people/2/", "/people/3/"]
    assert addresses._shape.cache_info().misses == 1


@pytest.mark.parametrize("source", ['{% url "groups:list" %}', '{% url "groups:file" "ohio" 7 %}'])
def test_addresses_stand_below_where_the_site_stands(source):
    template = engines["django"].from_string(source)

    first = template.render()
    with override_script_prefix("/below/"):
        below = template.render()

    assert [first, below, template.render()] == [first, f"/below{first}", first]


def test_the_tag_still_takes_names_from_variables_and_keeps_what_is_asked_for():
    template = engines["django"].from_string(
        '{% url name %} {% url "groups:group" slug=slug %} {% url "groups:list" as here %}{{ here }}'
        '{% url "groups:nowhere" as nowhere %}{{ nowhere }}'
    )

    assert template.render({"name": "groups:list", "slug": "ohio"}) == "/groups/ /groups/ohio/ /groups/"
