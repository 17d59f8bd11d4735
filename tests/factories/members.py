import factory
from allauth.account.models import EmailAddress
from django.utils import timezone

from community.members.models import User


class EmailAddressFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EmailAddress

    email = factory.SelfAttribute("user.email")
    verified = True
    primary = True


class UserFactory(factory.django.DjangoModelFactory):
    """A member in good standing; the traits make the others."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    display_name = factory.Sequence(lambda n: f"Person {n}")
    discipline = "counselor"
    time_zone = "America/New_York"
    standing = "active"
    password = factory.django.Password("a-long-enough-password")

    class Params:
        applicant = factory.Trait(standing="applicant")
        lapsed = factory.Trait(standing="lapsed")
        practitioner = factory.Trait(licence_checked_on=factory.LazyFunction(timezone.localdate))
        staff = factory.Trait(is_staff=True)
        superuser = factory.Trait(is_staff=True, is_superuser=True)
        confirmed = factory.Trait(address=factory.RelatedFactory(EmailAddressFactory, factory_related_name="user"))
