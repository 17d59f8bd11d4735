"""The field in which people choose a time zone."""

from django import forms
from django.utils.choices import CallableChoiceIterator

from core.zones import known_zones, zone_choices, zone_words


class ZoneSelect(forms.Select):
    """All places once, by parts of the world. A zone that is not offered stands there only where it is the one that is
    chosen: an older name of a place, as many browsers still report them, counts like its present one."""

    def __init__(self, attrs=None, choices=()):
        super().__init__(attrs, choices or CallableChoiceIterator(zone_choices))

    def optgroups(self, name, value, attrs=None):
        groups = super().optgroups(name, value, attrs)
        offered = {option["value"] for _area, options, _number in groups for option in options}
        for number, zone in enumerate(value, start=len(groups)):
            if zone in known_zones() - offered:
                option = self.create_option(name, zone, zone_words(zone), True, number, attrs=attrs)
                groups.append((None, [option], number))
        return groups


class ZoneField(forms.ChoiceField):
    """A zone that this machine knows, whether it is offered or not."""

    widget = ZoneSelect

    def __init__(self, **kwargs):
        super().__init__(choices=zone_choices, **kwargs)

    def valid_value(self, value):
        return value in known_zones()
