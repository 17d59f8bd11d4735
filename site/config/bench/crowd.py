"""Few groups and then many, so that a page whose cost grows with them is found out.

What is changed here stays changed: the bench measures a copy of the data, which is thrown away (`__main__`).
"""

from itertools import cycle, islice

from django.db import connection
from django.utils import timezone

from community.groups.models import Group, Membership
from community.members.models import User

FEW, MANY = 5, 2000
PEOPLE = 3  # in each of those that are added


def leave_few(reader: User) -> None:
    """Archive all groups but FEW: as many of the reader's own as there are, and others."""
    own = Group.objects.entered_by(reader).filter(archived_at=None).order_by("pk")
    others = Group.objects.listed_for(reader).exclude(pk__in=own.values("pk")).order_by("pk")
    kept = [group.pk for group in (*own, *others)][:FEW]
    Group.objects.filter(archived_at=None).exclude(pk__in=kept).update(archived_at=timezone.now())
    _take_stock()


def add_many(reader: User) -> None:
    """Learning communities that every member sees, of people other than the reader, until there are MANY groups."""
    groups = Group.objects.bulk_create(
        Group(kind=Group.Kind.COMMUNITY, name=f"Circle {number}", slug=f"bench-circle-{number}", purpose="To be many.")
        for number in range(MANY - FEW)
    )
    people = cycle(User.objects.members().exclude(pk=reader.pk).order_by("pk")[: PEOPLE * 10])
    Membership.objects.bulk_create(
        Membership(group=group, user=person, signed_edition=group.edition)
        for group in groups
        for person in islice(people, PEOPLE)
    )
    _take_stock()


def _take_stock() -> None:
    """Let PostgreSQL see how many there are, as it would by itself after a while."""
    with connection.cursor() as cursor:
        for model in (Group, Membership):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
