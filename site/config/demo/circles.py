"""The chapters, consultation groups and learning communities of the demonstration."""

from django.core.files.base import ContentFile

from community.groups import agreements, archiving, invitations, membership, requests, shelf
from community.groups.models import Group, Membership
from community.members.models import User
from config.demo import content
from core.uploads import clean_upload

GIVEN = ["kind", "name", "slug", "purpose", "region", "time_zone", "cadence", "listed", "joining", "size_limit"]
GIVEN += ["agenda", "tint"]


def groups(people: dict[str, User]) -> dict[str, Group]:
    """All groups with their members, by slug."""
    made = {}
    for row in content.read("groups")["group"]:
        given = {name: row[name] for name in GIVEN if name in row}
        group = Group.objects.create(**given)
        for key in row["facilitators"]:
            _bring_in(group, people[key], Membership.Role.FACILITATOR)
        for key in row["members"]:
            _bring_in(group, people[key], Membership.Role.MEMBER)
        _at_the_door(row, group, people)
        _on_the_shelf(row, group, people)
        if row.get("archived"):
            archiving.archive(group, by=people[row["facilitators"][0]])
        made[group.slug] = group
    return made


def _at_the_door(row: dict, group: Group, people: dict[str, User]) -> None:
    """Those who have yet to sign, those who ask, and those who are invited."""
    for key in row.get("unsigned", []):
        membership.add(group, people[key])
    for asked in row.get("requests", []):
        requests.ask(group, by=people[asked["who"]], words=asked["words"])
    for letter in row.get("invitations", []):
        invitations.invite(group, by=people[letter["by"]], email=letter["email"], words=letter["words"])


def _on_the_shelf(row: dict, group: Group, people: dict[str, User]) -> None:
    """The files that members put there."""
    for file in row.get("files", []):
        upload = clean_upload(ContentFile(file["text"].lstrip().encode(), name=file["name"]))
        shelf.add_file(group, by=people[file["by"]], upload=upload, name=file["name"])


def _bring_in(group: Group, person: User, role: str) -> None:
    membership.add(group, person, role=role)
    agreements.sign(group, by=person, edition=group.edition)


def with_forum() -> list[str]:
    """Slugs of the groups that have a forum."""
    return [row["slug"] for row in content.read("groups")["group"] if row["forum"]]
