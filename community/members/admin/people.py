"""People in the Wagtail admin: who applies, who is a member, whose licence was checked."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect

from community.members import permissions, roles, standing
from community.members.admin.forms import InviteForm, LicenceForm, PersonForm
from community.members.models import User
from core.viewsets import PartialViewSet, Refusable

# What can be done to somebody, with what is said once it is done.
ACTIONS = {
    "admit": (standing.admit, gettext_lazy("%(name)s is a member now, and hears of it by mail.")),
    "lapse": (standing.lapse, gettext_lazy("The membership of %(name)s has lapsed.")),
    "reinstate": (standing.reinstate, gettext_lazy("%(name)s is a member again.")),
    "withdraw": (standing.withdraw_check, gettext_lazy("The license check of %(name)s is withdrawn.")),
    "close": (standing.close, gettext_lazy("The account of %(name)s is closed.")),
    "reopen": (standing.reopen, gettext_lazy("The account of %(name)s is open again.")),
}


class PeopleFilterSet(WagtailFilterSet):
    practitioner = django_filters.BooleanFilter(
        label=gettext_lazy("Practitioner"), method="by_licence", widget=BooleanRadioSelect
    )
    is_active = django_filters.BooleanFilter(label=gettext_lazy("Account is open"), widget=BooleanRadioSelect)

    class Meta:
        model = User
        fields = ["standing", "discipline"]

    def by_licence(self, queryset, name, value):
        practitioners = User.objects.practitioners().values("pk")
        return queryset.filter(pk__in=practitioners) if value else queryset.exclude(pk__in=practitioners)


class PeopleIndex(generic.IndexView):
    page_title = gettext_lazy("People")
    add_item_label = gettext_lazy("Invite somebody")
    default_ordering = ["display_name", "pk"]

    @property
    def columns(self):
        title = self._get_title_column_class(TitleColumn)
        return [
            title("display_name", label=_("Name"), sort_key="display_name", get_url=self.get_edit_url),
            Column("email", label=_("E-mail"), sort_key="email"),
            Column("standing", label=_("Standing"), accessor=_standing_words, sort_key="standing"),
            Column("discipline", label=_("Discipline"), accessor="get_discipline_display", sort_key="discipline"),
            DateColumn("licence_checked_on", label=_("License checked"), sort_key="licence_checked_on"),
            DateColumn("date_joined", label=_("Since"), sort_key="date_joined"),
        ]


def _standing_words(person: User) -> str:
    return person.get_standing_display() if person.is_active else _("Closed")


class InviteView(Refusable, generic.CreateView):
    page_title = gettext_lazy("Invite somebody")
    submit_button_label = gettext_lazy("Send the invitation")
    success_message = gettext_lazy("%(object)s is invited, and gets a letter.")
    refusals = (standing.StandingRefused,)
    refused_field = "email"

    def save_instance(self):
        typed = self.form.cleaned_data
        return standing.invite(typed["email"], typed["display_name"], by=self.request.user)


class PersonView(Refusable, generic.EditView):
    """One person: what holds for them, what can be done, and their name and roles as a form."""

    template_name = "members/admin/person.html"
    refusals = (roles.RoleRefused,)
    refused_field = "is_superuser"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.object = self.get_object()

    def dispatch(self, request, *args, **kwargs):
        if not permissions.may_manage(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_context_data(self, **kwargs):
        person = User.objects.select_related("licence_checked_by").get(pk=self.object.pk)
        context = super().get_context_data(**kwargs)
        return context | {"person": person, "has_confirmed": standing.has_confirmed_address(person)}

    def save_instance(self):
        typed = self.form.cleaned_data
        with transaction.atomic():
            person = self.form.save()
            if "groups" in typed:
                chosen = {"groups": typed["groups"], "administrator": typed["is_superuser"]}
                roles.set_roles(person, by=self.request.user, **chosen)
        return person


@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do one of the ACTIONS to a person."""
    person = _managed(request, pk)
    function, words = ACTIONS[action]
    try:
        function(person, by=request.user)
    except standing.StandingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words % {"name": person})
    return redirect("wagtailusers_users:edit", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def check_licence(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a licence check."""
    person = _managed(request, pk)
    known = {"jurisdiction": person.licence_jurisdiction, "number": person.licence_number}
    form = LicenceForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            standing.check_licence(person, by=request.user, **form.cleaned_data)
        except standing.StandingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The license of %(name)s is checked.") % {"name": person})
            return redirect("wagtailusers_users:edit", pk)
    title = _("Check a license")
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("wagtailusers_users:index"), "label": _("People")},
        {"url": reverse("wagtailusers_users:edit", args=[pk]), "label": str(person)},
        {"url": "", "label": title},
    ]
    context = {"form": form, "media": form.media, "person": person, "breadcrumbs_items": crumbs, "header_title": title}
    return render(request, "members/admin/licence.html", context)


def _managed(request: HttpRequest, pk: int) -> User:
    person = get_object_or_404(User, pk=pk)
    if not permissions.may_manage(request.user, person):
        raise PermissionDenied
    return person


class PeopleViewSet(PartialViewSet):
    """Wagtail's user administration, replaced: nobody is deleted here, and nobody gets a password from staff."""

    model = User
    icon = "group"
    menu_label = gettext_lazy("People")
    menu_name = "people"
    menu_order = 250
    add_to_admin_menu = True
    add_to_reference_index = False
    left_out = ("delete", "usage")
    filterset_class = PeopleFilterSet
    search_fields = ["display_name", "email"]
    search_backend_name = None
    list_per_page = 50
    ordering = "display_name"
    index_view_class = PeopleIndex
    add_view_class = InviteView
    edit_view_class = PersonView
    edit_template_name = "members/admin/person.html"

    def get_form_class(self, for_update=False):
        return PersonForm if for_update else InviteForm

    def get_urlpatterns(self):
        actions = [path(f"edit/<int:pk>/{action}/", act, {"action": action}, name=action) for action in ACTIONS]
        return [*super().get_urlpatterns(), *actions, path("edit/<int:pk>/licence/", check_licence, name="licence")]
