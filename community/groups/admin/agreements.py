"""The agreements in the Wagtail admin: drafts, publishing with counsel's eyes on it, and what counted before."""

from datetime import datetime

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from community.groups import agreements
from community.groups.models import Agreement, Group
from community.groups.refusals import GroupRefused
from core import markdown
from core.viewsets import PartialViewSet, Refusable


class AgreementForm(forms.ModelForm):
    """The words of a draft. Before it is published, another page shows what that changes."""

    class Meta:
        model = Agreement
        fields = ("kind", "body")
        widgets = {"kind": forms.HiddenInput, "body": forms.Textarea(attrs={"rows": 30})}


class PublishForm(forms.Form):
    counsel_confirmed = forms.BooleanField(
        label=gettext_lazy("Our counsel has looked at this wording"),
        help_text=gettext_lazy("Your name and the time are kept with the version."),
        error_messages={"required": gettext_lazy("A version is published once counsel has looked at it.")},
    )


class AgreementFilterSet(WagtailFilterSet):
    STATES = [
        ("counts", gettext_lazy("Counts now")),
        ("draft", gettext_lazy("Draft")),
        ("past", gettext_lazy("Counted before")),
    ]
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=STATES, method="by_state")
    counsel = django_filters.BooleanFilter(
        label=gettext_lazy("Seen by counsel"),
        field_name="counsel_confirmed_at",
        lookup_expr="isnull",
        exclude=True,
        widget=BooleanRadioSelect,
    )

    class Meta:
        model = Agreement
        fields = ["kind"]

    def by_state(self, queryset, name, value):
        present = Agreement.objects.current().values("pk")
        return {
            "counts": queryset.filter(pk__in=present),
            "draft": queryset.drafts(),
            "past": queryset.published().exclude(pk__in=present),
        }[value]


class AgreementIndex(generic.IndexView):
    page_title = gettext_lazy("Agreements")

    @cached_property
    def columns(self):
        title = self._get_title_column_class(TitleColumn)
        present = set(Agreement.objects.current().values_list("pk", flat=True))
        return [
            title("title", label=_("Agreement"), accessor=str, get_url=self.get_edit_url),
            Column("state", label=_("State"), accessor=lambda agreement: _state_words(agreement, present)),
            DateColumn("published_at", label=_("Published"), sort_key="published_at"),
            Column("counsel", label=_("Seen by counsel"), accessor=_counsel_words),
        ]

    header_buttons = ()

    @cached_property
    def header_more_buttons(self):
        """One for each kind of group: a new version starts from the words that count for it."""
        if not self.add_url:
            return []
        words = {
            Group.Kind.CONSULTATION: _("New version for consultation groups"),
            Group.Kind.COMMUNITY: _("New version for learning communities"),
            Group.Kind.CHAPTER: _("New version for chapters"),
        }
        return [
            Button(label, url=f"{self.add_url}?kind={kind}", icon_name="plus", priority=10 + number)
            for number, (kind, label) in enumerate(words.items())
        ]


def _state_words(agreement: Agreement, present: set[int]) -> str:
    if agreement.version is None:
        return _("Draft")
    return _("Counts now") if agreement.pk in present else _("Counted before")


def _counsel_words(agreement: Agreement) -> str:
    if agreement.version is None:
        return ""
    return _("yes") if agreement.counsel_confirmed_at else _("not confirmed yet")


class _Drafts(Refusable):
    """A form of a draft. Once it is kept, what publishing it would change stands on the next page."""

    refusals = (GroupRefused,)
    refused_field = "body"

    def write(self) -> Agreement:
        raise NotImplementedError("A form of a draft says how what it holds is written.")

    def save_instance(self):
        written = self.write()
        log(written, self.log_action, user=self.request.user, content_changed=True)
        return written

    def get_success_url(self):
        return reverse("agreements:publish", args=[self.object.pk])

    def get_success_buttons(self):
        return []  # the page that follows leads back to the draft


class AgreementCreate(_Drafts, generic.CreateView):
    page_title = gettext_lazy("A new version")
    success_message = gettext_lazy("The draft is kept. Nothing has changed for anybody yet.")
    log_action = "wagtail.create"

    @cached_property
    def kind(self) -> str:
        asked = self.request.POST.get("kind") or self.request.GET.get("kind")
        return asked if asked in Group.Kind.values else Group.Kind.CONSULTATION

    def get_page_subtitle(self):
        return Group.Kind(self.kind).label

    def get_initial(self):
        """A new version starts from the wording that counts now."""
        return {"kind": self.kind, "body": agreements.current(self.kind).body}

    def write(self) -> Agreement:
        return agreements.draft(self.form.cleaned_data["kind"], self.form.cleaned_data["body"])


class _DraftOnly:
    """A published version is there to be read."""

    def dispatch(self, request, *args, **kwargs):
        if get_object_or_404(Agreement, pk=kwargs["pk"]).version is not None:
            return redirect("agreements:inspect", kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)


class AgreementEdit(_DraftOnly, _Drafts, generic.EditView):
    success_message = gettext_lazy("The draft is kept. Nothing has changed for anybody yet.")
    log_action = "wagtail.edit"

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["kind"].disabled = True  # a draft was begun from the words of its kind
        return form

    def write(self) -> Agreement:
        return agreements.revise(self.object, body=self.form.cleaned_data["body"])


class AgreementDelete(_DraftOnly, generic.DeleteView):
    page_title = gettext_lazy("Throw away")

    def delete_action(self):
        log(self.object, "wagtail.delete", user=self.request.user, deleted=True)
        agreements.discard(self.object)

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except GroupRefused as refusal:
            messages.error(self.request, str(refusal))
            return redirect("agreements:index")


class AgreementInspect(generic.InspectView):
    """The text as members read it. What is published has nothing to edit; counsel's look at it is confirmed here."""

    template_name = "groups/admin/agreement.html"
    page_title = gettext_lazy("Agreement")

    def get_body_display_value(self):
        return markdown.render_page(self.object.body)

    def get_published_at_display_value(self):
        return _moment(self.object.published_at) or _("Not yet")

    def get_counsel_confirmed_at_display_value(self):
        return _moment(self.object.counsel_confirmed_at) or _("Not yet")

    def get_edit_url(self):
        return None if self.object.version else super().get_edit_url()

    def get_delete_url(self):
        return None if self.object.version else super().get_delete_url()

    def get_context_data(self, **kwargs):
        can_confirm = self.object.version and not self.object.counsel_confirmed_at
        return super().get_context_data(**kwargs) | {
            "can_confirm": can_confirm and self.user_has_permission("change"),
            "can_publish": not self.object.version and self.user_has_permission("change"),
            "can_write": self.object.version and self.user_has_permission("add"),
        }


def _moment(moment: datetime | None) -> str:
    """The moment in the reader's zone, as the audit trail has it."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a draft, after a look at what changes and for whom."""
    if not policy_registry.get_by_type(Agreement).user_has_permission(request.user, "change"):
        raise PermissionDenied
    draft = get_object_or_404(Agreement, pk=pk)
    if draft.version is not None:
        return redirect("agreements:inspect", pk)
    reach = agreements.reach(draft.kind)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            published = agreements.publish(draft, by=request.user, counsel_confirmed=True)
        except GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            log(published, "agreements.publish", user=request.user)
            messages.success(request, _("%(version)s is published.") % {"version": published} + f" {reach}")
            return redirect("agreements:inspect", pk)
    present = agreements.current(draft.kind)
    context = {
        "draft": draft,
        "present": present,
        "changes": agreements.changes(agreements.Text(0, present, None), agreements.Text(0, draft, None)),
        "body": markdown.render_page(draft.body),
        "reach": reach,
        "form": form,
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("agreements:index"), "label": _("Agreements")},
            {"url": "", "label": _("Publish")},
        ],
        "header_title": _("Before you publish"),
        "header_icon": "doc-full",
    }
    return render(request, "groups/admin/publish.html", context, status=422 if form.errors else 200)


@require_POST
def confirm_counsel(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the association's counsel has looked at a published version; a second time changes nothing."""
    if not policy_registry.get_by_type(Agreement).user_has_permission(request.user, "change"):
        raise PermissionDenied
    agreement = get_object_or_404(Agreement.objects.published(), pk=pk)
    if agreement.counsel_confirmed_at is None:
        agreements.confirm_counsel(agreement, by=request.user)
        log(agreement, "agreements.seen_by_counsel", user=request.user)
    messages.success(request, _("It is noted that counsel has looked at this wording."))
    return redirect("agreements:inspect", pk)


class AgreementsViewSet(PartialViewSet):
    model = Agreement
    name = "agreements"
    icon = "doc-full"
    menu_label = gettext_lazy("Agreements")
    menu_order = 260
    add_to_admin_menu = True
    add_to_reference_index = False
    left_out = ("usage",)
    inspect_view_enabled = True
    inspect_view_fields = ["kind", "version", "published_at", "counsel_confirmed_at", "body"]
    list_per_page = 50
    filterset_class = AgreementFilterSet
    index_view_class = AgreementIndex
    add_view_class = AgreementCreate
    edit_view_class = AgreementEdit
    delete_view_class = AgreementDelete
    inspect_view_class = AgreementInspect
    inspect_template_name = "groups/admin/agreement.html"

    def get_form_class(self, for_update=False):
        return AgreementForm

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("publish/<int:pk>/", publish, name="publish"),
            path("inspect/<int:pk>/counsel/", confirm_counsel, name="confirm_counsel"),
        ]
