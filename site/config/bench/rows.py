"""What is measured. A new page is one more `Row`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from articles.models import ArticlePage
from community.discussions.forum_conversation.models import Topic
from core.audience import Audience
from events.models import Occurrence

# As good as the quickest forum that we measured, NodeBB on Node.js and Redis: 0.043 and 0.033 of a bare view.
SHARE_ANONYMOUS = 0.04
SHARE_SIGNED_IN = 0.03
QUERIES = 12
MEMORY_MB = 400


@dataclass(frozen=True)
class Row:
    """A page: its name, how to find its address in the data (None where there is none), and who asks for it."""

    name: str
    path: Callable[[], str | None]
    anonymous: bool = True
    signed_in: bool = True


def home() -> str:
    return "/"


def an_article() -> str | None:
    page = ArticlePage.objects.live().public().filter(audience=Audience.WORLD).order_by("pk").first()
    return page.url if page else None


def a_topic() -> str | None:
    """The longest one that everybody may read."""
    topic = Topic.objects.visible_to(AnonymousUser()).order_by("-posts_count", "pk").first()
    return topic.get_absolute_url() if topic else None


def an_event() -> str | None:
    """The next date that everybody may see, of those the one where most people go."""
    coming = Occurrence.objects.filter(
        event__audience=Audience.WORLD, starts_at__gt=timezone.now(), cancelled_at=None
    ).select_related("event")
    occurrence = coming.order_by("-going_count", "starts_at").first()
    return occurrence.get_absolute_url() if occurrence else None


def today() -> str:
    return reverse("portal:today")


ROWS = [
    Row("home", home),
    Row("article", an_article),
    Row("topic", a_topic),
    Row("event", an_event),
    Row("today", today, anonymous=False),
]
