from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from community.groups.models import Group
from core.scoped_viewset import ScopedViewSet


class GroupsViewSet(ScopedViewSet):
    """Chapters, communities and listed consultation groups. A group that is not listed stays out of the admin."""

    model = Group
    name = "circles"
    menu_label = _("Groups")
    icon = "group"
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["name", "kind", "region", "cadence", "archived_at"]
    list_filter = ["kind", "region", "archived_at"]
    search_fields = ["name", "region"]
    panels = [
        MultiFieldPanel([FieldPanel("kind"), FieldPanel("name"), FieldPanel("slug"), FieldPanel("purpose")]),
        MultiFieldPanel(
            [FieldPanel("region"), FieldPanel("time_zone"), FieldPanel("cadence")], heading=_("Where and when")
        ),
        FieldPanel("listed"),
        FieldPanel("archived_at"),
    ]

    def scope(self, user):
        return Group.objects.filter(listed=True)


@hooks.register("register_admin_viewset")
def register_groups():
    return GroupsViewSet()
