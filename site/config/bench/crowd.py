"""Many groups for the time of a measurement, so that a page whose cost grows with them is found out."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice

from django.db import connection

from community.groups.models import Group, Membership
from community.members.models import User

GROUPS = 2000
PEOPLE = 3  # in each of them
SLUG = "bench-circle-"


@contextmanager
def many_groups(without: str) -> Iterator[None]:
    """Learning communities that every member sees, of people other than the one with the address `without`."""
    _clear()  # what a run left behind that was killed
    try:
        groups = Group.objects.bulk_create(
            Group(kind=Group.Kind.COMMUNITY, name=f"Circle {number}", slug=f"{SLUG}{number}", purpose="To be many.")
            for number in range(GROUPS)
        )
        people = cycle(User.objects.members().exclude(email=without).order_by("pk")[: PEOPLE * 10])
        Membership.objects.bulk_create(
            Membership(group=group, user=person, signed_edition=group.edition)
            for group in groups
            for person in islice(people, PEOPLE)
        )
        _take_stock()
        yield
    finally:
        _clear()
        _take_stock()


def _clear() -> None:
    Membership.objects.filter(group__slug__startswith=SLUG).delete()
    Group.objects.filter(slug__startswith=SLUG).delete()


def _take_stock() -> None:
    """Let PostgreSQL see how many there are, as it would by itself after a while."""
    with connection.cursor() as cursor:
        for model in (Group, Membership):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
