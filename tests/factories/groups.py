import factory

from community.groups.models import Group, Membership
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

    class Params:
        consultation = factory.Trait(kind="consultation")
        hidden = factory.Trait(kind="consultation", listed=False)
        community = factory.Trait(kind="community")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    group = factory.SubFactory(GroupFactory)
    user = factory.SubFactory(UserFactory)

    class Params:
        facilitator = factory.Trait(role="facilitator")
