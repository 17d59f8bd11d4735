"""What the demo accounts may do."""

from django.contrib.auth.models import Group as StaffGroup

from community.members import roles
from community.members.models import User

ROLES = {"editor": "Editors", "moderator": "Moderators", "membership": "Membership", "organiser": "Organisers"}


def appoint(people: dict[str, User]) -> None:
    """Put those who work for the association into the staff groups that migrations made."""
    for key, role in ROLES.items():
        groups = StaffGroup.objects.filter(name=role)
        roles.set_roles(people[key], by=people["admin"], groups=groups, administrator=False)
