"""Emergency accesses on the home of a group."""

from dataclasses import dataclass

from django import template

from community.groups import emergency
from community.groups.models import EmergencyAccess

register = template.Library()


@dataclass(frozen=True)
class Glass:
    """By what emergency accesses a group is read now, and was read before."""

    open_ones: list[EmergencyAccess]
    past_ones: list[EmergencyAccess]


@register.simple_tag
def glass_of(group) -> Glass:
    """For those who read inside. One query."""
    accesses = emergency.told(group)
    return Glass([each for each in accesses if not each.is_over], [each for each in accesses if each.is_over])
