from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy

from community.groups.admin import emergency
from community.groups.admin.agreements import AgreementsViewSet
from community.groups.admin.circles import CirclesPolicy, CirclesViewSet
from community.groups.admin.memberships import MembershipsPolicy, MembershipsViewSet
from community.groups.models import Group, Membership
from community.groups.permissions import may_break_glass

register_permission_policy(Group, CirclesPolicy(Group))
register_permission_policy(Membership, MembershipsPolicy(Membership))


@hooks.register("register_admin_viewset")
def register_groups():
    return [CirclesViewSet(), MembershipsViewSet(), AgreementsViewSet()]


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action("agreements.publish", _("Publish an agreement"), _("Published"))
    actions.register_action("agreements.seen_by_counsel", _("Seen by counsel"), _("Confirmed that counsel has seen it"))


class EmergencyMenuItem(MenuItem):
    def is_shown(self, request):
        return may_break_glass(request.user)


@hooks.register("register_admin_menu_item")
def emergency_menu_item():
    return EmergencyMenuItem(_("Emergency access"), reverse_lazy("emergency_access"), icon_name="warning", order=1100)


@hooks.register("register_admin_urls")
def emergency_urls():
    return [
        path("emergency-access/", emergency.accesses, name="emergency_access"),
        path("emergency-access/<int:pk>/<slug:action>/", emergency.act, name="emergency_access_act"),
    ]
