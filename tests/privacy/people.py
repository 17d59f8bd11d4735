"""The kinds of person that stand before somebody else's secret, and what each may know of it."""

from collections.abc import Callable

from django.contrib.auth.models import Group as StaffGroup
from django.contrib.auth.models import Permission
from secret import Secret

from community.members.models import User
from factories.groups import GroupFactory, MembershipFactory
from factories.members import UserFactory


def staff(role: str) -> User:
    user = UserFactory(staff=True, practitioner=True)
    user.groups.add(StaffGroup.objects.get(name=role))
    return user


def moderator(secret: Secret) -> User:
    user = staff("Moderators")
    user.user_permissions.add(Permission.objects.get(codename="moderate", content_type__app_label="safety"))
    return user


def lapsed(secret: Secret) -> User:
    user = MembershipFactory(group=secret.group).user
    User.objects.filter(pk=user.pk).update(standing="lapsed")
    return user


def all_round(secret: Secret) -> User:
    """Staff with every single permission that can be given, and no administrator."""
    user = UserFactory(staff=True, practitioner=True)
    user.user_permissions.set(Permission.objects.all())
    return user


def organiser(secret: Secret) -> User:
    """Leads a chapter, and so has a small part of the admin."""
    user = staff("Organisers")
    MembershipFactory(group=GroupFactory(kind="chapter"), user=user, facilitator=True)
    return user


OUTSIDERS: dict[str, Callable[[Secret], User | None]] = {
    "anonymous": lambda secret: None,
    "newcomer": lambda secret: UserFactory(applicant=True),
    "lapsed member of the group": lapsed,
    "outsider": lambda secret: UserFactory(practitioner=True),
    "former member": lambda secret: secret.former,
    "pending": lambda secret: secret.pending,
    "invited": lambda secret: secret.invited,
    "unsigned": lambda secret: secret.unsigned,
    "facilitator of another group": lambda secret: MembershipFactory(group__hidden=True, facilitator=True).user,
    "organiser": organiser,
    "editor": lambda secret: staff("Editors"),
    "moderator": moderator,
    "staff": all_round,
    "membership staff": lambda secret: staff("Membership"),
    "superuser": lambda secret: UserFactory(superuser=True, practitioner=True),
}
ADMINS = ["organiser", "editor", "moderator", "staff", "membership staff", "superuser"]

# Who is invited, or belongs to the group and has not signed, knows what it is for and reads what they would sign.
ON_THE_DOORSTEP = {"name", "slug", "purpose", "addition"}
KNOWN = {"invited": ON_THE_DOORSTEP | {"word"}, "unsigned": ON_THE_DOORSTEP}
