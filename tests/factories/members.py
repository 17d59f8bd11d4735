import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.utils import timezone

from community.members.models import User


def as_moderator(user: User) -> User:
    """`user` with the permission to moderate; read anew, since the one at hand remembers what it may."""
    user.user_permissions.add(Permission.objects.get(codename="moderate"))
    return User.objects.get(pk=user.pk)


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
