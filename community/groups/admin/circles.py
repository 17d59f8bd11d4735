"""Groups in the Wagtail admin: for staff who look after them, and each chapter for those who lead it."""

import django_filters
from django.core.exceptions import ValidationError
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

from community.groups import archiving, chapters, editing
from community.groups.admin.forms import GroupForm, SetUpForm
from community.groups.admin.history import GroupTrail
from community.groups.models import Group
from community.groups.refusals import GroupRefused
from community.members.models import User
from core.viewsets import Refusable, ScopedViewSet

CONSULTATION = Group.Kind.CONSULTATION


class CirclesPolicy(BasePermissionPolicy):
    """Staff with the permission look after listed groups, organisers after the chapters they lead. Nobody deletes:
    what people signed stays, and a group is archived."""

    def user_has_permission(self, user, action):
        if not user.is_authenticated:
            return False
        if action == "add":
            return user.has_perm("groups.add_group")
        if action not in ("change", "view"):
            return False
        return user.has_perm("groups.change_group") or Group.objects.administered_by(user).exists()

    def user_has_permission_for_instance(self, user, action, instance):
        if not self.user_has_permission(user, action):
            return False
        return Group.objects.administered_by(user).filter(pk=instance.pk).exists()

    def users_with_any_permission(self, actions):
        if not {"add", "change", "view"}.intersection(actions):
            return User.objects.none()
        return User.objects.filter(is_active=True, is_staff=True)


class CircleFilterSet(WagtailFilterSet):
    region = django_filters.ChoiceFilter(label=gettext_lazy("Region"), method="by_region")
    archived = django_filters.BooleanFilter(
        label=gettext_lazy("Archived"),
        field_name="archived_at",
        lookup_expr="isnull",
        exclude=True,
        widget=BooleanRadioSelect,
    )

    class Meta:
        model = Group
        fields = ["kind"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = Group.objects.administered_by(self.request.user).exclude(region="").exclude(kind=CONSULTATION)
        regions = own.order_by("region").values_list("region", flat=True).distinct()
        self.filters["region"].extra["choices"] = [(region, region) for region in regions]

    def by_region(self, queryset, name, value):
        """Where a consultation group is at home is told to its members alone."""
        return queryset.exclude(kind=CONSULTATION).filter(region=value)


class CircleIndex(ScopedViewSet.index_view_class):
    page_title = gettext_lazy("Groups")
    add_item_label = gettext_lazy("Set up a group")
    default_ordering = ["name", "pk"]

    @property
    def columns(self):
        title = self._get_title_column_class(TitleColumn)
        return [
            title("name", label=_("Name"), sort_key="name", get_url=self.get_edit_url),
            Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
            Column("region", label=_("Region"), accessor=_region_words),
            Column("people", label=_("People"), accessor=_people_words),
            DateColumn("archived_at", label=_("Archived"), sort_key="archived_at"),
        ]


def _region_words(group: Group) -> str:
    return "" if group.kind == CONSULTATION else group.region


def _people_words(group: Group) -> str:
    if group.size_limit is None:
        return str(group.members_count)
    return _("%(count)s of %(places)s") % {"count": group.members_count, "places": group.size_limit}


class _Refusable(Refusable):
    """Saves through a function that may refuse the whole, or a field."""

    refusals = (GroupRefused, ValidationError)

    def tell(self, form, refusal):
        if not isinstance(refusal, ValidationError):
            return super().tell(form, refusal)
        return form.add_error(None, refusal if _has_fields(refusal, form) else refusal.messages)


def _has_fields(error: ValidationError, form) -> bool:
    return hasattr(error, "error_dict") and set(error.error_dict) <= {*form.fields, "__all__"}


class CircleCreate(_Refusable, ScopedViewSet.add_view_class):
    page_title = gettext_lazy("Set up a group")
    submit_button_label = gettext_lazy("Set it up")
    success_message = gettext_lazy("%(object)s is set up.")
    refused_field = "leader"

    def save_instance(self):
        typed = dict(self.form.cleaned_data)
        kind, leader = typed.pop("kind"), typed.pop("leader")
        return chapters.set_up(by=self.request.user, kind=kind, leaders=[leader], given=typed)


class CircleEdit(_Refusable, ScopedViewSet.edit_view_class):
    def save_instance(self):
        return editing.edit(self.object, by=self.request.user, changes=self.form.cleaned_data)

    def get_last_updated_info(self):
        return None  # groups write no rows of Wagtail's log

    def get_context_data(self, **kwargs):
        group = Group.objects.get(pk=self.object.pk)  # as it is, whatever was typed into the form
        has_members_page = group.kind != Group.Kind.CONSULTATION
        return super().get_context_data(**kwargs) | {"group": group, "has_members_page": has_members_page}


ACTIONS = {
    "archive": (archiving.archive, gettext_lazy("%(name)s is archived. Those in it go on reading.")),
    "reopen": (archiving.reopen, gettext_lazy("%(name)s is open again.")),
}


@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One of the buttons on a group's page."""
    group = Group.objects.administered_by(request.user).filter(pk=pk).first()
    if group is None:
        raise Http404
    do, words = ACTIONS[action]
    try:
        do(group, by=request.user)
    except GroupRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words % {"name": group})
    return redirect("circles:edit", pk)


class CirclesViewSet(ScopedViewSet):
    """A group that is not listed stays out of the admin, and so does who is in a consultation group."""

    model = Group
    name = "circles"  # also the first word of addresses, and "groups" are Wagtail's own, of permissions
    menu_label = gettext_lazy("Groups")
    icon = "group"
    menu_order = 250
    add_to_admin_menu = True
    add_to_reference_index = False
    left_out = ("delete", "usage")
    list_per_page = 50
    search_fields = ["name"]
    search_backend_name = None
    filterset_class = CircleFilterSet
    index_view_class = CircleIndex
    add_view_class = CircleCreate
    edit_view_class = CircleEdit
    history_view_class = GroupTrail
    edit_template_name = "groups/admin/group.html"

    def get_form_class(self, for_update=False):
        return GroupForm if for_update else SetUpForm

    def scope(self, user):
        return Group.objects.administered_by(user)

    def get_urlpatterns(self):
        actions = [path(f"edit/<int:pk>/{action}/", act, {"action": action}, name=action) for action in ACTIONS]
        return [*super().get_urlpatterns(), *actions]

    def get_permissions_to_register(self):
        """Those that mean something here; groups are not deleted."""
        return super().get_permissions_to_register().filter(codename__in=["add_group", "change_group"])
