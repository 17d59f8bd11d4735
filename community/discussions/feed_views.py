"""Atom feeds. Each is judged anew at each request, and costs little where nothing in it has changed."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from community.discussions import feeds
from community.discussions.models import Forum, Topic
from community.members import secret_addresses
from community.members.models import User

ATOM = "application/atom+xml; charset=utf-8"
VISITOR = AnonymousUser()


@require_safe
def forum_feed(request: HttpRequest, forum_slug: str) -> HttpResponse:
    """Of a forum that everybody reads: a feed reader has no account, whoever started it."""
    forum = get_object_or_404(Forum.objects.visible_to(VISITOR), slug=forum_slug)
    return _answer(request, feeds.of_forum(forum, VISITOR))


@require_safe
def topic_feed(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    """Of a topic that everybody reads."""
    topics = Topic.objects.visible_to(VISITOR).at_address_of(forum_slug).select_related("forum")
    return _answer(request, feeds.of_topic(get_object_or_404(topics, pk=topic_id), VISITOR))


@require_safe
def my_feed(request: HttpRequest, key: str) -> HttpResponse:
    """All that the holder of the key reads at this moment."""
    return _privately(_answer(request, feeds.of_reader(_holder(key)), is_public=False))


@require_safe
def my_feed_of_forum(request: HttpRequest, key: str, forum_id: int) -> HttpResponse:
    """One forum of it."""
    holder = _holder(key)
    forum = get_object_or_404(Forum.objects.shared_with(holder), pk=forum_id)
    return _privately(_answer(request, feeds.of_forum(forum, holder), is_public=False))


def _holder(key: str) -> User:
    holder = secret_addresses.holder(feeds.PURPOSE, key)
    if holder is None:
        raise Http404
    return holder


def _answer(request: HttpRequest, feed: feeds.Feed, *, is_public: bool = True) -> HttpResponse:
    changed_at = int(feed.changed_at.timestamp()) if feed.changed_at else None
    response = get_conditional_response(request, etag=feed.etag, last_modified=changed_at)
    if response is None:
        response = HttpResponse(feed.as_atom(), content_type=ATOM)
        response["ETag"] = feed.etag
        if changed_at is not None:
            response["Last-Modified"] = http_date(changed_at)
    response["Cache-Control"] = "public, no-cache" if is_public else "private, no-store"
    return response


def _privately(response: HttpResponse) -> HttpResponse:
    """The address is a secret: no search engine lists it, and no link from it tells where it was followed."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
