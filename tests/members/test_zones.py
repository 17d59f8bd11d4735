import pytest
from django.core.exceptions import ValidationError

from core.zone_field import ZoneField, ZoneSelect
from core.zones import validate_zone, zone_choices, zone_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("America/New_York", "Eastern time"),
        ("America/Toronto", "Eastern time"),
        ("America/Los_Angeles", "Pacific time"),
        ("America/Phoenix", "Arizona time"),
        ("America/Halifax", "Halifax time"),
        ("Europe/Lisbon", "Lisbon time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "Universal time (UTC)"),
    ],
)
def test_a_zone_is_called_as_people_call_it(name, words):
    assert zone_words(name) == words


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "localtime", "../../etc/passwd", "america/new_york"])
def test_an_unknown_zone_is_refused(name):
    with pytest.raises(ValidationError):
        validate_zone(name)


def test_the_common_zones_of_north_america_come_first():
    choices = zone_choices()

    assert choices[0][1][0] == ("America/New_York", "Eastern time")


def test_every_zone_that_is_offered_is_accepted_and_offered_once():
    offered = [name for _group, zones in zone_choices() for name, _words in zones]

    for name in offered:
        validate_zone(name)
    assert len(offered) == len(set(offered))


def test_a_place_is_offered_by_one_name_alone():
    offered = {name: words for _group, zones in zone_choices() for name, words in zones}

    older = {"Europe/Kiev", "Asia/Calcutta", "America/Knox_IN", "America/Catamarca", "US/Eastern"}
    assert not older & offered.keys()
    assert offered["Europe/Kyiv"] == "Kyiv"
    assert offered["America/Indiana/Knox"] == "Knox, Indiana"
    assert len(set(offered.values())) == len(offered)


def test_an_older_name_still_counts_and_stands_where_it_is_chosen():
    assert ZoneField().clean("Asia/Calcutta") == "Asia/Calcutta"
    assert '<option value="Asia/Calcutta" selected>' in ZoneSelect().render("zone", "Asia/Calcutta")
    assert "Asia/Calcutta" not in ZoneSelect().render("zone", "Asia/Kolkata")
    with pytest.raises(ValidationError):
        ZoneField().clean("Mars/Olympus")
