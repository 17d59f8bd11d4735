"""Two pages of the Wagtail admin about the person who uses it."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin.views import account

from core.ways_back import way_back


@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """There is one login, the site's; it leads back to the page of the admin that was asked for."""
    target = way_back(request, otherwise=reverse("wagtailadmin_home"))
    return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")


class AccountView(account.AccountView):
    """How the admin looks for me. Name, address, password and picture belong to the site's own account pages."""

    def get_panels(self):
        elsewhere = (account.NameEmailSettingsPanel, account.AvatarSettingsPanel, account.ChangePasswordPanel)
        return [panel for panel in super().get_panels() if not isinstance(panel, elsewhere)]
