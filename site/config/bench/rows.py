"""What is measured. A new page is one more `Row`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from articles.models import ArticlePage
from community.groups.models import Group
from community.members.models import User
from core.audience import Audience
from events.models import Occurrence

READER = "member@collegial.test"  # of the demo community

# As good as the quickest forum that we measured, NodeBB on Node.js and Redis: 0.043 and 0.033 of a bare view.
SHARE_ANONYMOUS = 0.04
SHARE_SIGNED_IN = 0.03
# What members open most often, and what visitors find.
SHARE_OFTEN = 0.08
SHARE_TOPIC_ANONYMOUS = 0.12
QUERIES = 12
QUERIES_OFTEN = 10
GROWTH = 1.2  # the CPU of a page among 2,000 groups, as a multiple of among 5; and the same for posts
REPLY_MS = 25  # of CPU
SEARCH_MS = 150
IDENTIFIERS_MS = 20
HOSTILE_MS = 50
MEMORY_MB = 250


@dataclass(frozen=True)
class Row:
    """A page: its name, how to find its address in the data (None where there is none), who asks for it, whether it is
    among those that are opened most often, and whether it must not grow with the number of groups; and what share of
    the bare view visitors are to get, where that differs."""

    name: str
    path: Callable[[], str | None]
    anonymous: bool = True
    signed_in: bool = True
    often: bool = False
    with_many_groups: bool = False
    share_anonymous: float | None = None


def home() -> str:
    return "/"


def an_article() -> str | None:
    page = ArticlePage.objects.live().public().filter(audience=Audience.WORLD).order_by("pk").first()
    return page.url if page else None


def an_event() -> str | None:
    """The next date that everybody may see, of those the one where most people go."""
    coming = Occurrence.objects.filter(
        event__audience=Audience.WORLD, starts_at__gt=timezone.now(), cancelled_at=None
    ).select_related("event")
    occurrence = coming.order_by("-going_count", "starts_at").first()
    return occurrence.get_absolute_url() if occurrence else None


def today() -> str:
    return reverse("portal:today")


def group_list() -> str:
    return reverse("groups:list")


def a_chapter() -> str | None:
    chapter = Group.objects.visible_to(AnonymousUser()).order_by("-members_count", "pk").first()
    return chapter.get_absolute_url() if chapter else None


def an_own_group() -> str | None:
    """A group that the reader is inside of, a consultation group before others."""
    reader = User.objects.get(email=READER)
    group = Group.objects.entered_by(reader).filter(archived_at=None).order_by("-kind", "pk").first()
    return group.get_absolute_url() if group else None


ROWS = [
    Row("home", home),
    Row("article", an_article),
    Row("event", an_event),
    Row("today", today, anonymous=False),
    Row("groups", group_list, often=True, with_many_groups=True),
    Row("chapter", a_chapter, often=True),
    Row("own group", an_own_group, anonymous=False, often=True, with_many_groups=True),
]
