"""Every address of the site. Each room keeps its own; this file says where the rooms are."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("admin/", include("community.members.admin.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("accounts/", include("community.members.account_urls")),
    path("discussions/", include("community.discussions.urls")),
    path("events/", include("events.urls")),
    path("learning/", include("learning.urls")),
    path("", include("portal.urls")),  # before the groups, whose addresses begin like that of starting one
    path("groups/", include("community.groups.urls")),
    path("", include("community.members.urls")),
    path("", include("community.notices.urls")),
    path("", include("community.safety.urls")),
    path("", include("articles.urls")),
    path("", include("core.urls")),
    path("", include(wagtail_urls)),
]

handler400 = "core.errors.bad_request"
handler403 = "core.errors.forbidden"
handler404 = "core.errors.not_found"
handler500 = "core.errors.server_error"
