import factory
from django.contrib.auth.models import Group as StaffGroup

from community.groups import agreements, membership
from community.groups.models import Agreement, Group, Membership, Signature
from community.members.models import User
from factories.members import UserFactory


class GroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Group
        skip_postgeneration_save = True

    kind = "chapter"
    name = factory.Sequence(lambda n: f"Group {n}")
    slug = factory.Sequence(lambda n: f"group-{n}")
    purpose = "To meet."
    time_zone = "America/New_York"
    joining = factory.LazyAttribute(lambda group: "invitation" if group.kind == "consultation" else "open")
    size_limit = factory.LazyAttribute(lambda group: 9 if group.kind == "consultation" else None)

    class Params:
        by_request = factory.Trait(joining="request")
        consultation = factory.Trait(kind="consultation")
        hidden = factory.Trait(kind="consultation", listed=False)
        community = factory.Trait(kind="community")


class MembershipFactory(factory.django.DjangoModelFactory):
    """Somebody who is inside: they signed the agreement as it stands, unless `unsigned`."""

    class Meta:
        model = Membership

    group = factory.SubFactory(GroupFactory)
    user = factory.SubFactory(UserFactory)
    left_at = None
    ending = factory.LazyAttribute(lambda own: "left" if own.left_at else "")
    signed_edition = factory.SelfAttribute("group.edition")

    class Params:
        facilitator = factory.Trait(role="facilitator")
        unsigned = factory.Trait(signed_edition=None)


def put_in(group: Group, *people, role: str = "member") -> None:
    """Bring people into a group the way they come: added, and signing the agreement themselves."""
    for person in people:
        membership.add(group, person, role=role)
        agreements.sign(group, by=person, edition=agreements.text_for(group).edition)


def new_version(kind: str, words: str = "New words, for everybody.") -> Agreement:
    """Publish another wording for all groups of a kind: from then on nobody is inside of one."""
    draft = agreements.draft(kind, words)
    return agreements.publish(draft, by=UserFactory(superuser=True), counsel_confirmed=True)


def sign(group: Group, person) -> Signature:
    """Have somebody sign what counts in a group now."""
    group.refresh_from_db()
    return agreements.sign(group, by=person, edition=agreements.text_for(group).edition)


def glass_breaker(name: str = "", **fields) -> User:
    """Staff with the role that may ask for an emergency access, and grant one."""
    user = UserFactory(staff=True, practitioner=True, **({"display_name": name} if name else {}), **fields)
    user.groups.add(StaffGroup.objects.get(name="Membership"))
    return user
