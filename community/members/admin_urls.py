"""Addresses of the Wagtail admin that are ours instead of its own: the login goes through allauth, and people look
after their name, address, password and picture in one place."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from community.members import admin_account

urlpatterns = [
    path("login/", admin_account.login),
    path("account/", require_admin_access(admin_account.AccountView.as_view())),
]
