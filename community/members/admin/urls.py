"""Addresses of the Wagtail admin that are ours instead of its own: the login goes through allauth, and people look
after their name, address, password and picture in one place."""

from django.http import Http404
from django.urls import path
from wagtail.admin.auth import require_admin_access

from community.members.admin import account


def no_bulk_actions(request, action):
    """Wagtail could delete, disable or promote people in bulk, past the functions that keep the rules."""
    raise Http404


urlpatterns = [
    path("bulk/members/user/<str:action>/", require_admin_access(no_bulk_actions), name="no_bulk_actions"),
    path("login/", account.login),
    path("account/", require_admin_access(account.AccountView.as_view())),
]
