"""The page on which members make and end addresses for feed readers and calendars."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.members import secret_addresses
from community.members.models import SecretAddress


@require_safe
@login_required
def addresses(request: HttpRequest) -> HttpResponse:
    _must_be_member(request)
    return _page(request)


@require_POST
@login_required
def make_address(request: HttpRequest, purpose: str) -> HttpResponse:
    """Make one, and show it: this answer is the only place where it ever stands."""
    found = _purpose(request, purpose)
    key = secret_addresses.make(found.name, by=request.user)
    places = [(name, settings.WAGTAILADMIN_BASE_URL + path) for name, path in found.places(key, request.user)]
    return _page(request, made=found, places=places)


@require_POST
@login_required
def revoke_address(request: HttpRequest, purpose: str) -> HttpResponse:
    found = _purpose(request, purpose)
    secret_addresses.revoke(found.name, by=request.user)
    messages.success(request, _("The address leads nowhere any more."))
    return redirect("members:addresses")


def _page(request: HttpRequest, **made) -> HttpResponse:
    since = dict(SecretAddress.objects.filter(user=request.user).values_list("purpose", "made_at"))
    rows = [(purpose, since.get(purpose.name)) for purpose in secret_addresses.purposes()]
    return render(request, "members/addresses.html", {"rows": rows} | made)


def _purpose(request: HttpRequest, name: str) -> secret_addresses.Purpose:
    _must_be_member(request)
    found = secret_addresses.get(name)
    if found is None:
        raise Http404
    return found


def _must_be_member(request: HttpRequest) -> None:
    if not request.user.is_member:
        raise Http404
