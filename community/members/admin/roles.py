"""Wagtail's groups of permissions, under a word that leaves "groups" to those in which people meet."""

from django.utils.translation import gettext_lazy as _
from wagtail.users.views.groups import CreateView, GroupViewSet, IndexView


class RoleIndex(IndexView):
    page_title = _("Roles")
    add_item_label = _("Add a role")
    search_box_placeholder = _("Search roles")


class RoleCreate(CreateView):
    page_title = _("Add a role")
    success_message = _("The role “%(object)s” is there.")


class RolesViewSet(GroupViewSet):
    menu_label = _("Roles")
    index_view_class = RoleIndex
    add_view_class = RoleCreate
