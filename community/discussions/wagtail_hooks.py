from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets.button import Button

from community.discussions.forum_forms import ForumForm
from community.discussions.importing import opening
from community.discussions.models import Forum
from community.discussions.permissions import may_open
from community.discussions.refusals import DiscussionRefused
from core.audience import Audience
from core.viewsets import ScopedViewSet


class _Index(ScopedViewSet.index_view_class):
    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if not instance.opened and may_open(self.request.user, instance):
            buttons.append(
                Button(_("Open"), url=reverse("forums:open", args=[instance.pk]), icon_name="view", priority=15)
            )
        return buttons


class _Delete(ScopedViewSet.delete_view_class):
    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, _("Colleagues have written in this forum, so it stays."))
            return redirect(self.get_success_url())


# The library's own names for these two are written for its tables.
_THREADS = Column("direct_topics_count", label=_("Threads"), sort_key="direct_topics_count")
_OPEN = BooleanColumn("opened", label=_("Open"))
_LAST_POST = Column("last_post_on", label=_("Last post"), sort_key="last_post_on")


@require_http_methods(["GET", "HEAD", "POST"])
def open_forum(request: HttpRequest, pk: int) -> HttpResponse:
    """Let people read what was imported, after a look at what it is."""
    forum = get_object_or_404(opening.closed(), pk=pk)
    if not may_open(request.user, forum):
        raise PermissionDenied
    if request.method == "POST":
        try:
            opening.open_forum(forum, by=request.user)
        except DiscussionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(forum)s is open.") % {"forum": forum.name})
        return redirect("forums:index")
    context = {
        "forum": forum,
        "summary": opening.summary(forum),
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("forums:index"), "label": _("Forums")},
            {"url": "", "label": _("Open")},
        ],
        "header_title": _("Before you open it"),
        "header_icon": "comment",
    }
    return render(request, "discussions/admin/open_forum.html", context)


class ForumsViewSet(ScopedViewSet):
    """Forums of the association. A group's own forum is its own affair, and not listed."""

    model = Forum
    name = "forums"
    menu_label = _("Forums")
    icon = "comment"
    menu_order = 260
    add_to_admin_menu = True
    add_to_reference_index = False
    index_view_class = _Index
    delete_view_class = _Delete
    list_display = ["name", "parent", "audience", _OPEN, _THREADS, _LAST_POST]
    list_filter = ["audience"]
    search_fields = ["name", "description"]

    def get_form_class(self, for_update=False):
        return ForumForm

    def scope(self, user):
        return Forum.objects.places().exclude(audience=Audience.GROUP)

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("open/<int:pk>/", open_forum, name="open")]


@hooks.register("register_admin_viewset")
def register_forums():
    return ForumsViewSet()
