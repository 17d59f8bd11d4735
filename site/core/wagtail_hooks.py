"""What we add to the Wagtail admin for all rooms: topics, choosing a member, the audit trail, the first steps of a new
site."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.template.loader import render_to_string
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.choosers import BaseFilterForm, SearchFilterMixin
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from core import first_steps
from core.audit_report import AuditReport
from core.models import Subject


class SubjectViewSet(SnippetViewSet):
    """The kept vocabulary of topics."""

    model = Subject
    icon = "tag"
    menu_label = _("Topics")
    menu_name = "topics"
    menu_order = 300
    add_to_admin_menu = True
    list_display = ["name", "slug"]
    search_fields = ["name"]
    ordering = ["name"]
    panels = [
        FieldPanel("name", help_text=_("One or two words. Articles, listings and members' interests share this list.")),
        FieldPanel("slug", help_text=_("The word in the address of its page, small letters and hyphens.")),
    ]


register_snippet(SubjectViewSet)


class PersonFilterForm(SearchFilterMixin, BaseFilterForm):
    """A box for part of a name. Nothing else about a person is searched or shown."""

    def filter(self, objects):
        words = self.cleaned_data.get("q", "").strip()
        if not words:
            return objects
        self.is_searching, self.search_query = True, words
        return objects.filter(display_name__icontains=words)


class ChoosePerson(ChooseView):
    filter_form_class = PersonFilterForm


class ChoosePersonResults(ChooseResultsView):
    filter_form_class = PersonFilterForm


class PersonChosen(ChosenView):
    """Says the name that belongs to a number: of those whom one can choose, or everybody's could be asked for."""

    def get_object(self, pk):
        return _choosable().get(pk=pk)


class PeopleChosen(ChosenMultipleView):
    def get_objects(self, pks):
        return _choosable().filter(pk__in=pks)


def _choosable():
    return get_user_model().objects.listed()


class PersonChooserViewSet(ChooserViewSet):
    """For bylines and presenters: members in good standing, by name. Who hides is not offered."""

    model = settings.AUTH_USER_MODEL
    icon = "user"
    choose_one_text = _("Choose a member")
    choose_another_text = _("Choose another member")
    choose_view_class = ChoosePerson
    choose_results_view_class = ChoosePersonResults
    chosen_view_class = PersonChosen
    chosen_multiple_view_class = PeopleChosen

    def get_object_list(self):
        return _choosable()


@hooks.register("register_admin_viewset")
def register_person_chooser():
    return PersonChooserViewSet("person_chooser")


class AuditMenuItem(MenuItem):
    def is_shown(self, request):
        return AuditReport.permission_policy.user_has_permission(request.user, AuditReport.permission_required)


@hooks.register("register_reports_menu_item")
def audit_menu_item():
    return AuditMenuItem(_("Audit trail"), reverse_lazy("audit_trail"), icon_name="clipboard-list", order=1050)


@hooks.register("register_admin_urls")
def audit_urls():
    return [
        path("reports/audit-trail/", AuditReport.as_view(), name="audit_trail"),
        path("reports/audit-trail/results/", AuditReport.as_view(results_only=True), name="audit_trail_results"),
    ]


@hooks.register("register_permissions")
def audit_permission():
    return Permission.objects.filter(content_type__app_label="core", codename="view_auditentry")


class FirstStepsPanel(Component):
    """A new site's checklist, above everything else, until all of it is done."""

    template_name = "core/admin/first_steps.html"
    order = 50

    def get_context_data(self, parent_context):
        return {"steps": first_steps.checklist()}

    def render_html(self, parent_context=None):
        context = self.get_context_data(parent_context)
        if all(done for _step, done in context["steps"]):
            return ""
        return render_to_string(self.template_name, context)


@hooks.register("construct_homepage_panels")
def show_first_steps(request, panels):
    panels.append(FirstStepsPanel())
