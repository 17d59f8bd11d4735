from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from learning.copies import copy_for_next_year
from learning.models import CeIndexPage, CeListingPage


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All listings; the short way to a page whose place in the tree is known."""
    return get_object_or_404(CeIndexPage.objects.visible_to(request.user)).serve(request)


@require_safe
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    listings = CeListingPage.objects.visible_to(request.user).for_reading(request.user)
    return get_object_or_404(listings, slug=slug).serve(request)


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """In the admin: ask, then copy a listing for the next year, and open the copy in the editor."""
    listing = get_object_or_404(CeListingPage, pk=pk)
    if request.method != "POST":
        return render(request, "learning/admin/copy.html", {"listing": listing})
    copied = copy_for_next_year(listing, by=request.user)
    messages.success(
        request, _("This is the copy, as a draft. Check its dates, fill in registration and approval, then publish it.")
    )
    return redirect("wagtailadmin_pages:edit", copied.pk)
