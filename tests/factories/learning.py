from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from factories.articles import PageFactory
from learning.models import CeListingPage


class ListingFactory(PageFactory):
    """A live online workshop in a week; the traits make the others."""

    class Meta:
        model = CeListingPage

    intro = "What it is about."
    hours = Decimal("1.5")
    starts_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))

    class Params:
        past = factory.Trait(starts_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=7)))
        self_paced = factory.Trait(format="self_paced", starts_on=None)
        approved = factory.Trait(
            approving_body="A board", provider_number="123", approval_statement="Approved by A board for credit."
        )
