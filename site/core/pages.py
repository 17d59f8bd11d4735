"""What all pages of the Wagtail tree have in common: their address, their audience, and that they only answer reading.

The tree is fixed: home, with the articles, the learning index and standing pages under it. So an address follows from
the tree alone, without the look-ups that Wagtail makes for many sites. Wagtail's own private pages are switched off: a
page has an audience, and that is the one rule.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageManager, PagePermissionTester, PageViewRestriction
from wagtail.query import PageQuerySet

from core.audience import NOT_A_GROUP, Audience, audience_words, audiences_of


class SitePageQuerySet(PageQuerySet):
    def visible_to(self, user):
        """Published pages; one without an audience is for everybody."""
        return self.live()


class AudiencePageQuerySet(SitePageQuerySet):
    def visible_to(self, user):
        """Published pages whose audience includes `user`. May be followed by `search`."""
        return self.live().filter(audience__in=audiences_of(user))


SitePageManager = PageManager.from_queryset(SitePageQuerySet)
AudiencePageManager = PageManager.from_queryset(AudiencePageQuerySet)


def address_in_tree(url_path: str) -> str | None:
    """The address of the page that has this path in the tree."""
    parts = url_path.split("/", 2)
    return f"/{parts[2]}" if len(parts) == 3 else None


class SitePage(models.Model):
    """Mixin for every page.

    `address_below` is the start of its address, and `own_routes` are the names under which it may be found there: any
    other name means that the address belongs to a room, and the slug is refused.
    """

    allowed_http_methods = ["GET", "HEAD", "OPTIONS"]
    private_page_options: list[str] = []
    address_below = ""
    own_routes: tuple[str, ...] = ("wagtail_serve",)

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str | None:
        """The address below the host: the path in the tree without the home page's part."""
        return address_in_tree(self.url_path)

    def get_url(self, request=None, current_site=None):
        return self.get_absolute_url()

    url = property(get_url)

    def get_full_url(self, request=None):
        """The address with the host, for feeds and mail."""
        path = self.get_absolute_url()
        return path and settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path

    full_url = property(get_full_url)

    def clean(self):
        super().clean()
        if not self.address_below or not self.slug:
            return
        try:
            taken = resolve(f"{self.address_below}{self.slug}/").url_name not in self.own_routes
        except Resolver404:
            taken = False
        if taken:
            raise ValidationError(
                {"slug": gettext("This address belongs to another part of the site. Choose another word.")}
            )

    def get_view_restrictions(self):
        return PageViewRestriction.objects.none()

    def serve_preview(self, request: HttpRequest, mode_name: str):
        """The editor shows a preview in a frame of its own: allowed for this response alone."""
        request.is_preview = True
        response = super().serve_preview(request, mode_name)
        response._csp_replace = {"frame-ancestors": ["'self'"]}  # what django-csp's decorator sets
        return response


class AudiencePage(SitePage):
    """Mixin for a page that says for whom it is. Whoever may not read it gets the 404 of a page that isn't there."""

    audience = models.CharField(
        _("who can read it"),
        max_length=13,
        choices=NOT_A_GROUP,
        default=Audience.MEMBERS,
        help_text=_("Lists, feeds and search keep to it too."),
    )

    class Meta:
        abstract = True

    @property
    def audience_words(self) -> str:
        return audience_words(self.audience)

    def serve(self, request: HttpRequest, *args, **kwargs):
        if self.audience not in audiences_of(request.user):
            raise Http404
        return super().serve(request, *args, **kwargs)


class FixedPageTester(PagePermissionTester):
    """Permissions on a page that the site can't do without: it is edited, and stays where it is."""

    def can_delete(self, ignore_bulk=False):
        return False

    def can_unpublish(self):
        return False

    def can_move(self):
        return False

    def can_copy(self):
        return False


class FixedPage(SitePage):
    """Mixin for the home page and the indexes: one of each, made by a migration, there for good."""

    max_count = 1
    promote_panels: list = []

    class Meta:
        abstract = True

    def permissions_for_user(self, user):
        return FixedPageTester(user, self)
