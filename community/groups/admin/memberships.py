"""Who is in chapters and learning communities, in the Wagtail admin. Of a consultation group nobody is listed."""

import django_filters
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect
from wagtail.permission_policies.base import BasePermissionPolicy

from community.groups import membership
from community.groups.admin.forms import AddForm, EndForm
from community.groups.admin.history import MembershipTrail
from community.groups.models import Group, Membership
from community.groups.permissions import acts_for_association
from community.groups.refusals import GroupRefused
from community.members.models import User
from core.viewsets import Refusable, ScopedViewSet


class MembershipsPolicy(BasePermissionPolicy):
    """Whoever looks after a group in the admin looks after who is in it. Nobody deletes: a membership is ended."""

    actions = frozenset({"add", "change", "view"})

    def user_has_permission(self, user, action):
        if action not in self.actions or not user.is_authenticated:
            return False
        return user.has_perm("groups.change_group") or Group.objects.administered_by(user).exists()

    def user_has_permission_for_instance(self, user, action, instance):
        return action in self.actions and Membership.objects.administered_by(user).filter(pk=instance.pk).exists()

    def users_with_any_permission(self, actions):
        if not self.actions.intersection(actions):
            return User.objects.none()
        return User.objects.filter(is_active=True, is_staff=True)


def _groups_of(request: HttpRequest):
    return Group.objects.administered_by(request.user).exclude(kind=Group.Kind.CONSULTATION).order_by("name")


class MembershipFilterSet(WagtailFilterSet):
    group = django_filters.ModelChoiceFilter(label=gettext_lazy("Group"), queryset=_groups_of)
    signed = django_filters.BooleanFilter(
        label=gettext_lazy("Has signed the agreement as it stands"), method="by_signature", widget=BooleanRadioSelect
    )
    left = django_filters.BooleanFilter(
        label=gettext_lazy("Has left"),
        field_name="left_at",
        lookup_expr="isnull",
        exclude=True,
        widget=BooleanRadioSelect,
    )

    class Meta:
        model = Membership
        fields = ["group", "role"]

    def by_signature(self, queryset, name, value):
        signed = queryset.filter(left_at=None)
        return signed.signed() if value else signed.exclude(pk__in=Membership.objects.signed().values("pk"))


class MembershipIndex(ScopedViewSet.index_view_class):
    page_title = gettext_lazy("Who is in a group")
    add_item_label = gettext_lazy("Add somebody")

    @property
    def columns(self):
        title = self._get_title_column_class(TitleColumn)
        return [
            title(
                "person", label=_("Person"), accessor="user", sort_key="user__display_name", get_url=self.get_edit_url
            ),
            Column("group", label=_("Group"), sort_key="group__name"),
            Column("role", label=_("Role"), accessor="get_role_display", sort_key="role"),
            Column("signed", label=_("Signed"), accessor=_signed_words),
            DateColumn("joined_at", label=_("Since"), sort_key="joined_at"),
            DateColumn("left_at", label=_("Until"), sort_key="left_at"),
        ]

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("group", "user")

    def order_queryset(self, queryset):
        if self.ordering:
            return super().order_queryset(queryset)
        return queryset.order_by(F("left_at").asc(nulls_first=True), "group__name", "role", "user__display_name", "pk")


def _signed_words(member: Membership) -> str:
    if member.left_at:
        return ""
    return _("yes") if member.has_signed else _("not yet")


class _Named:
    """A membership is called by its person and its group, for those who may read both."""

    def get_page_subtitle(self):
        return _("%(person)s in %(group)s") % {"person": self.object.user, "group": self.object.group}


class MembershipCreate(Refusable, ScopedViewSet.add_view_class):
    page_title = gettext_lazy("Add somebody")
    submit_button_label = gettext_lazy("Add them")
    refusals = (GroupRefused,)
    refused_field = "user"

    def get_initial(self):
        group = self.request.GET.get("group", "")
        return {"group": group} if group.isascii() and group.isdigit() and len(group) < 19 else {}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user}

    def save_instance(self):
        typed = self.form.cleaned_data
        return membership.add(typed["group"], typed["user"], by=self.request.user, role=typed["role"])

    def get_success_message(self, instance):
        return _("%(person)s is in %(group)s now, and gets a letter.") % {
            "person": instance.user,
            "group": instance.group,
        }


class MembershipEdit(_Named, Refusable, ScopedViewSet.edit_view_class):
    """One membership: what holds of it, and the ways to change it."""

    submit_button_label = gettext_lazy("End this membership")
    refusals = (GroupRefused,)
    refused_field = "reason_given"

    def save_instance(self):
        membership.remove(self.object, by=self.request.user, reason=self.form.cleaned_data["reason_given"])
        return self.object

    def get_success_message(self):
        return _("This membership has ended. They get a letter with the reason.")

    def get_success_buttons(self):
        return []

    def get_last_updated_info(self):
        return None  # memberships write no rows of Wagtail's log

    def get_context_data(self, **kwargs):
        own = Membership.objects.select_related("group", "user").get(pk=self.object.pk)
        is_led_here = own.role == Membership.Role.FACILITATOR
        acts = acts_for_association(self.request.user, own.group)
        return super().get_context_data(**kwargs) | {
            "own": own,
            "can_appoint": own.left_at is None and not is_led_here and own.user_id != self.request.user.pk,
            "can_end": own.left_at is None and (acts or not is_led_here),
        }


class NamedTrail(_Named, MembershipTrail):
    pass


@require_POST
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Make somebody a facilitator."""
    own = Membership.objects.administered_by(request.user).select_related("group", "user").filter(pk=pk).first()
    if own is None:
        raise Http404
    try:
        membership.appoint(own, by=request.user)
    except GroupRefused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("%(person)s leads %(group)s now.")
        messages.success(request, said % {"person": own.user, "group": own.group})
    return redirect("memberships:edit", pk)


class MembershipsViewSet(ScopedViewSet):
    model = Membership
    name = "memberships"
    menu_label = gettext_lazy("Who is in a group")
    icon = "user"
    menu_order = 255
    add_to_admin_menu = True
    add_to_reference_index = False
    left_out = ("delete", "usage")
    list_per_page = 50
    search_fields = ["user__display_name", "group__name"]
    search_backend_name = None
    filterset_class = MembershipFilterSet
    index_view_class = MembershipIndex
    add_view_class = MembershipCreate
    edit_view_class = MembershipEdit
    history_view_class = NamedTrail
    edit_template_name = "groups/admin/membership.html"

    def get_form_class(self, for_update=False):
        return EndForm if for_update else AddForm

    def scope(self, user):
        return Membership.objects.administered_by(user)

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("edit/<int:pk>/appoint/", appoint, name="appoint")]

    def get_permissions_to_register(self):
        """None: who looks after a group looks after who is in it."""
        return super().get_permissions_to_register().none()
