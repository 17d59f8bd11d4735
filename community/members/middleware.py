from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.users.models import UserProfile

NO_SECOND_FACTOR = _("The site admin needs a second factor. Please set up a passkey or an app, then go there again.")
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class TimeZoneMiddleware:
    """Times are shown in the member's own zone; visitors see the site's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        zone = request.user.time_zone if request.user.is_authenticated else None
        with timezone.override(zone):  # and not beyond the answer: the thread goes on to other people
            return self.get_response(request)


class AdminDoorMiddleware:
    """The door of the admin: for staff, and where STAFF_SECOND_FACTOR is on, for staff with a second factor.

    Whoever is not logged in goes on to Wagtail, which sends them to the login page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith("/admin/") and request.user.is_authenticated:
            if not request.user.has_perm("wagtailadmin.access_admin"):
                raise PermissionDenied
            if settings.STAFF_SECOND_FACTOR and not get_adapter().is_mfa_enabled(request.user, SECOND_FACTORS):
                messages.warning(request, NO_SECOND_FACTOR)
                return redirect("mfa_index")
            _show_own_zone(request.user)
        return self.get_response(request)


def _show_own_zone(user) -> None:
    """Wagtail keeps a zone of its own for its admin; people have one zone here, in their profile."""
    profile = UserProfile.get_for_user(user)
    profile.current_time_zone = user.time_zone
    user.wagtail_userprofile = profile
