"""Next year's listing from last year's."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from community.members.models import User
from learning.models import CeIndexPage, CeListingPage

A_YEAR = timedelta(weeks=52)  # the same day of the week


def copy_for_next_year(listing: CeListingPage, *, by: User) -> CeListingPage:
    """A draft like `listing`, 52 weeks later, so on the same weekday.

    What was true of last year only is left empty: the registration link, and the approval statement, so that the page
    says "learning hours" until somebody has put in this year's approval. Raises PermissionDenied.
    """
    with transaction.atomic():
        parent = CeIndexPage.objects.select_for_update().get(pk=listing.get_parent().pk)
        if not listing.permissions_for_user(by).can_copy_to(parent):
            raise PermissionDenied
        copied = listing.copy(
            update_attrs={
                "slug": _free_slug(listing, parent),
                "starts_on": listing.starts_on and listing.starts_on + A_YEAR,
                "ends_on": listing.ends_on and listing.ends_on + A_YEAR,
                "registration_link": "",
                "approval_statement": "",
                "owner": by,
            },
            copy_revisions=False,
            keep_live=False,
            user=by,
        )
    return copied


def _free_slug(listing: CeListingPage, parent: CeIndexPage) -> str:
    """The slug with the new year at its end, or with a number where that is taken."""
    year = (listing.starts_on + A_YEAR).year if listing.starts_on else ""
    wanted = f"{listing.slug[:240]}-{year or 'again'}"
    taken = set(parent.get_children().filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{wanted}-{n}") not in taken)
