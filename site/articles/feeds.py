from datetime import UTC, datetime, time

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.models import ArticlePage
from core.models import Association

NEWEST = 20


class ArticleFeed(Feed):
    """The newest articles that are for everybody: a feed reader has no account, whoever started it."""

    def get_object(self, request):
        return Association.for_request(request)

    def title(self, association):
        return _("%(association)s: articles") % {"association": association.title}

    def description(self, association):
        return _("New articles of %(association)s") % {"association": association.full_name}

    def link(self, association):
        return settings.WAGTAILADMIN_BASE_URL + reverse("articles:index")

    def feed_url(self, association):
        return settings.WAGTAILADMIN_BASE_URL + reverse("articles:feed")

    def items(self, association):
        visible = ArticlePage.objects.visible_to(AnonymousUser()).newest()
        return visible.select_related("author").defer("body").prefetch_related("subjects")[:NEWEST]

    def item_title(self, article):
        return article.title

    def item_description(self, article):
        return article.intro

    def item_link(self, article):
        return article.full_url

    def item_author_name(self, article):
        return article.byline

    def item_pubdate(self, article):
        """Noon of its date: readers ask for a moment, and noon is the same day in most of the world."""
        return datetime.combine(article.published_on, time(12), tzinfo=UTC)

    def item_categories(self, article):
        return [subject.name for subject in article.subjects.all()]


feed = require_safe(ArticleFeed())
