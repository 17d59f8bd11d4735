from django.db.models import ProtectedError
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column

from community.discussions.forum_forms import ForumForm
from community.discussions.models import Forum
from core.audience import Audience
from core.viewsets import ScopedViewSet


class _Delete(ScopedViewSet.delete_view_class):
    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, _("Colleagues have written in this forum, so it stays."))
            return redirect(self.get_success_url())


# The library's own names for these two are written for its tables.
_THREADS = Column("direct_topics_count", label=_("Threads"), sort_key="direct_topics_count")
_LAST_POST = Column("last_post_on", label=_("Last post"), sort_key="last_post_on")


class ForumsViewSet(ScopedViewSet):
    """Forums of the association. A group's own forum is its own affair, and not listed."""

    model = Forum
    name = "forums"
    menu_label = _("Forums")
    icon = "comment"
    menu_order = 260
    add_to_admin_menu = True
    add_to_reference_index = False
    delete_view_class = _Delete
    list_display = ["name", "parent", "audience", _THREADS, _LAST_POST]
    list_filter = ["audience"]
    search_fields = ["name", "description"]

    def get_form_class(self, for_update=False):
        return ForumForm

    def scope(self, user):
        return Forum.objects.places().exclude(audience=Audience.GROUP)


@hooks.register("register_admin_viewset")
def register_forums():
    return ForumsViewSet()
