from django import forms
from django.db.models import ProtectedError
from django.shortcuts import redirect
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from community.groups.models import Group
from core.scoped_viewset import ScopedViewSet
from core.zones import zone_choices


class _Delete(ScopedViewSet.delete_view_class):
    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, _("This group has discussions or events, so it stays. You can archive it."))
            return redirect(self.get_success_url())


_WEB_ADDRESS = FieldPanel(
    "slug",
    heading=_("Web address"),
    help_text=_("The last word of its page's address, small letters and hyphens."),
)


_TIME_ZONE = FieldPanel("time_zone", widget=forms.Select(choices=CallableChoiceIterator(zone_choices)))


class GroupsViewSet(ScopedViewSet):
    """Chapters, communities and listed consultation groups. A group that is not listed stays out of the admin."""

    model = Group
    name = "circles"
    menu_label = _("Groups")
    icon = "group"
    menu_order = 250
    add_to_admin_menu = True
    delete_view_class = _Delete
    list_display = ["name", "kind", "region", "cadence", "archived_at"]
    list_filter = ["kind", "region", "archived_at"]
    search_fields = ["name", "region"]
    panels = [
        MultiFieldPanel([FieldPanel("kind"), FieldPanel("name"), _WEB_ADDRESS, FieldPanel("purpose")]),
        MultiFieldPanel([FieldPanel("region"), _TIME_ZONE, FieldPanel("cadence")], heading=_("Where and when")),
        FieldPanel("listed"),
        FieldPanel("archived_at"),
    ]

    def scope(self, user):
        return Group.objects.filter(listed=True)


@hooks.register("register_admin_viewset")
def register_groups():
    return GroupsViewSet()
