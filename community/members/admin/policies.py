"""The privacy notice and the community rules in the Wagtail admin."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from community.members import policies
from community.members.admin.forms import PolicyForm
from community.members.models import Policy
from core import markdown


class PolicyIndex(generic.IndexView):
    page_title = gettext_lazy("Policies")
    add_item_label = gettext_lazy("Write a new version")

    @property
    def columns(self):
        title = self._get_title_column_class(TitleColumn)
        return [
            title("title", label=gettext_lazy("Text"), accessor=str, get_url=self.get_edit_url),
            DateColumn("published_at", label=gettext_lazy("Published")),
            Column("acceptances", label=gettext_lazy("Accepted by"), accessor=lambda policy: policy.accepted_count),
        ]

    def get_base_queryset(self):
        return Policy.objects.with_accepted_count()


class PublishesWhenAsked:
    """A form of a draft whose checkbox publishes it."""

    def save_instance(self):
        policy = super().save_instance()
        if self.form.cleaned_data["publish_now"]:
            policies.publish(policy)
        return policy


class PolicyCreate(PublishesWhenAsked, generic.CreateView):
    page_title = gettext_lazy("A new version")

    def get_initial(self):
        """A new version starts from the wording that counts now."""
        kind = self.request.GET.get("kind", Policy.Kind.COMMUNITY_RULES)
        present = policies.current(kind) if kind in Policy.Kind.values else None
        return {"kind": present.kind, "body": present.body} if present else {}


class PolicyEdit(PublishesWhenAsked, generic.EditView):
    def dispatch(self, request, *args, **kwargs):
        policy = self.get_object()
        if policy.version is not None:  # published: to be read, not changed
            return redirect("policy:inspect", policy.pk)
        return super().dispatch(request, *args, **kwargs)


class PolicyDelete(generic.DeleteView):
    def dispatch(self, request, *args, **kwargs):
        if self.get_object().version is not None:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class PolicyInspect(generic.InspectView):
    """The text as members read it; a published version has nothing to edit or delete."""

    def get_body_display_value(self):
        return markdown.render_page(self.object.body)

    def get_edit_url(self):
        return None if self.object.version else super().get_edit_url()

    def get_delete_url(self):
        return None if self.object.version else super().get_delete_url()


class PolicyViewSet(ModelViewSet):
    model = Policy
    icon = "doc-full"
    menu_label = gettext_lazy("Policies")
    menu_order = 700
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["kind", "version", "published_at", "body"]
    index_view_class = PolicyIndex
    add_view_class = PolicyCreate
    edit_view_class = PolicyEdit
    delete_view_class = PolicyDelete
    inspect_view_class = PolicyInspect

    def get_form_class(self, for_update=False):
        return PolicyForm
