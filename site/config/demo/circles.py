"""The chapters, consultation groups and learning communities of the demonstration."""

from community.groups import membership
from community.groups.models import Group, Membership
from community.members.models import User
from config.demo import content


def groups(people: dict[str, User]) -> dict[str, Group]:
    """All groups with their members, by slug."""
    made = {}
    for row in content.read("groups")["group"]:
        group = Group.objects.create(
            **{
                name: row[name]
                for name in ("kind", "name", "slug", "purpose", "region", "time_zone", "cadence", "listed")
            }
        )
        for key in row["facilitators"]:
            membership.add(group, people[key], role=Membership.Role.FACILITATOR)
        for key in row["members"]:
            membership.add(group, people[key])
        made[group.slug] = group
    return made


def with_forum() -> list[str]:
    """Slugs of the groups that have a forum."""
    return [row["slug"] for row in content.read("groups")["group"] if row["forum"]]
