from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.menus.pages import PageMenuItem

from learning.models import CeListingPage
from learning.views import copy


@hooks.register("register_admin_urls")
def register_copy():
    return [path("listings/<int:pk>/copy/", copy, name="copy_listing")]


class CopyListingItem(PageMenuItem):
    """ "Copy for next year", beside Wagtail's own plain copy."""

    label = _("Copy for next year")
    icon_name = "date"
    priority = 21

    @cached_property
    def url(self):
        return reverse("copy_listing", args=[self.page.pk])

    def is_shown(self, user):
        return self.page.permissions_for_user(user).can_copy()


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page, user, next_url=None):
    if page.specific_class is CeListingPage:
        yield CopyListingItem(page=page, next_url=next_url)


@hooks.register("register_page_header_buttons")
def header_buttons(page, user, next_url=None, view_name=None):
    yield from listing_buttons(page, user, next_url)
