"""What this room adds to the Wagtail admin, and what it takes away."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.site_summary import SummaryItem

from community.members import permissions
from community.members.admin.policies import PolicyViewSet
from community.members.models import User


@hooks.register("register_log_actions")
def log_actions(actions):
    for action, label, message in [
        ("members.admit", _("Admit"), _("Admitted as a member")),
        ("members.lapse", _("Lapse"), _("Membership lapsed")),
        ("members.reinstate", _("Reinstate"), _("Membership reinstated")),
        ("members.remove", _("Remove"), _("Removed by moderators")),
        ("members.readmit", _("Readmit"), _("Readmitted")),
        ("members.check_licence", _("Check a license"), _("License checked")),
        ("members.withdraw_check", _("Withdraw a license check"), _("License check withdrawn")),
        ("members.invite", _("Invite"), _("Invited")),
        ("members.close", _("Close an account"), _("Account closed")),
        ("members.reopen", _("Open an account again"), _("Account opened again")),
        ("members.roles", _("Roles"), _("Roles set")),
    ]:
        actions.register_action(action, label, message)


@hooks.register("register_admin_viewset")
def policies_viewset():
    return PolicyViewSet("policy")


class ApplicationsItem(SummaryItem):
    """How many people wait to be admitted, on the admin's first page."""

    order = 50
    template_name = "members/admin/applications_summary.html"

    def get_context_data(self, parent_context):
        return {"count": User.objects.applicants().count()}

    def is_shown(self):
        return permissions.may_decide_standing(self.request.user)


@hooks.register("construct_homepage_summary_items")
def applications_summary(request, items):
    items.append(ApplicationsItem(request))
