"""What search engines may know: pages whose audience is the world, and nothing else."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import ArticlePage
from community.discussions.models import Topic
from community.groups.models import Group
from events.models import Event
from learning.models import CeListingPage

NEWEST = 2000


class _Visible(Sitemap):
    """Rows of one model as a visitor sees them."""

    limit = NEWEST

    def __init__(self, rows, changed: str = ""):
        self.rows, self.changed = rows, changed

    def items(self):
        return self.rows.visible_to(AnonymousUser()).order_by("-pk")[:NEWEST]

    def lastmod(self, item):
        return getattr(item, self.changed) if self.changed else None


SITEMAPS = {
    "articles": _Visible(ArticlePage.objects.all(), "last_published_at"),
    "learning": _Visible(CeListingPage.objects.all(), "last_published_at"),
    "topics": _Visible(Topic.objects.select_related("forum"), "last_post_on"),
    "events": _Visible(Event.objects.all()),
    "groups": _Visible(Group.objects.all()),
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    return sitemap_view(request, SITEMAPS)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    private = ["/admin/", "/accounts/", "/today/", "/search/", "/people/", "/media/", "/discussions/search/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('portal:sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
