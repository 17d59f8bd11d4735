"""A few threads for a member's home: what waits for them, and where their voice is missing."""

from datetime import datetime, timedelta

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from community.discussions.models import Topic, TopicMark
from community.members.models import User
from core.prepared import Prepared

LATELY = timedelta(days=30)
SHOWN = ("subject", "slug", "posts_count", "last_post_on", "forum__name", "forum__slug")


def followed_with_news(user, limit: int = 4) -> list[Topic]:
    """Topics that `user` follows and in which somebody has written since they were there, newest first."""
    return _followed(user, limit)


def threads_for(user, limit: int = 4) -> list[Topic]:
    """Lately active topics that `user` has not read: those without an answer first, then those about their interests.

    What they follow or started is left out: it is in `followed_with_news`. Two queries.
    """
    interests = tuple(sorted(name for (name,) in _interests(user.pk)))
    return _threads(user, timezone.now() - LATELY, interests, limit)


@Prepared
def _followed(user, limit: int) -> QuerySet[Topic]:
    followed = TopicMark.objects.filter(
        topic=OuterRef("pk"), user=user.pk, following=True, read_to__lt=OuterRef("posts_count")
    )
    topics = Topic.objects.shared_with(user).filter(Exists(followed))
    return topics.select_related("forum").only(*SHOWN).order_by("-last_post_on")[:limit]


_interests: Prepared[tuple[str]] = Prepared(
    lambda user_id: User.interests.through.objects.filter(user=user_id).values_list("subject__name")
)


@Prepared
def _threads(user, earliest: datetime, interests: tuple[str, ...], limit: int) -> QuerySet[Topic]:
    own = TopicMark.objects.filter(topic=OuterRef("pk"), user=user.pk, following=True)
    topics = (
        Topic.objects.shared_with(user)
        .with_marks_of(user)
        .filter(last_post_on__gt=earliest, posts_count__gt=F("read_to"), status=Topic.TOPIC_UNLOCKED)
        .exclude(poster=user.pk)
        .exclude(Exists(own))
    )
    about = Q(first_post__search=_any_of(interests)) if interests else Q(pk__in=[])
    order = Case(
        When(posts_count=1, then=Value(0)), When(about, then=Value(1)), default=Value(2), output_field=IntegerField()
    )
    return topics.select_related("forum").only(*SHOWN).order_by(order, "-last_post_on")[:limit]


def _any_of(words: tuple[str, ...]) -> SearchQuery:
    query = SearchQuery(words[0], search_type="phrase", config="english")
    for word in words[1:]:
        query |= SearchQuery(word, search_type="phrase", config="english")
    return query
