"""Which forums, topics and posts: the words that queries about them are made of.

`visible_to` is asked by the pages of a forum, a topic and a post. `shared_with` leaves out what is read by an emergency
access, and is asked by all that comes to a reader or stands in a list: search, mail, Today, suggestions.
"""

from django.db import models
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from community.groups.audience import AudienceQuerySet, readable_by, shared_by
from core.audience import Audience


class ForumQuerySet(AudienceQuerySet):
    def places(self):
        """Forums that hold topics, as opposed to categories."""
        return self.filter(type=self.model.FORUM_POST)

    def categories(self):
        return self.filter(type=self.model.FORUM_CAT)

    def visible_to(self, user):
        """Forums whose audience includes `user`; one that is not opened yet is read by nobody."""
        return self.places().filter(readable_by(user), opened=True)

    def shared_with(self, user):
        """Those in which `user` is at home."""
        return self.places().filter(shared_by(user), opened=True)

    def with_news_for(self, user):
        """Adds `has_news`: whether a topic has posts that `user` has not read."""
        if not user.is_authenticated:
            return self.annotate(has_news=Value(False, output_field=BooleanField()))
        topics = self.model._meta.get_field("topics").related_model.objects
        fresh = topics.filter(forum=OuterRef("pk"), approved=True, last_post_on__gt=OuterRef("read_until"))
        return self.annotate(read_until=_read_until(user, "pk")).annotate(has_news=Exists(fresh.unread_by(user)))


class TopicQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Approved topics of forums whose audience includes `user`."""
        return self.filter(readable_by(user, "forum__"), forum__opened=True, approved=True)

    def shared_with(self, user):
        """The same of forums in which `user` is at home."""
        return self.filter(shared_by(user, "forum__"), forum__opened=True, approved=True)

    def at_address_of(self, forum_slug):
        """Topics that stand in the forum of this address, or stood there until they were moved."""
        former = self.model._meta.get_field("former_places").related_model.objects
        moved_away = former.filter(topic=OuterRef("pk"), forum__slug=forum_slug)
        return self.filter(Q(forum__slug=forum_slug) | Exists(moved_away))

    def with_moves_by(self, user):
        """Adds `is_movable`: whether `user` may move the topic. What `may_move` says, without a query of its own."""
        if not getattr(user, "is_member", False):
            return self.annotate(is_movable=Value(False, output_field=BooleanField()))
        from community.safety.permissions import moderators  # this module is imported by models

        moves = ~Q(forum__audience=Audience.GROUP) & Q(Exists(moderators().filter(pk=user.pk)))
        return self.annotate(is_movable=Case(When(moves, then=True), default=False))

    def unanswered(self):
        """Open topics in which nobody has answered yet."""
        model = self.model
        return self.filter(posts_count=1, approved=True, status=model.TOPIC_UNLOCKED).exclude(type=model.TOPIC_ANNOUNCE)

    def unread_by(self, user):
        """Topics that `user` has not read to the end, whatever their forum's mark says."""
        marks = self.model._meta.get_field("marks").related_model.objects
        return self.exclude(Exists(marks.filter(topic=OuterRef("pk"), user=user, read_to__gte=OuterRef("posts_count"))))

    def with_marks_of(self, user):
        """Adds `read_to`, the position up to which `user` has read, and `following`."""
        if not user.is_authenticated:
            return self.annotate(read_to=Value(0), following=Value(False))
        own = self.model._meta.get_field("marks").related_model.objects.filter(topic=OuterRef("pk"), user=user)
        return self.annotate(
            read_to=Coalesce(Subquery(own.values("read_to")), 0),
            following=Coalesce(Subquery(own.values("following")), False),
        )

    def with_news_for(self, user):
        """Adds the same and `is_new`: whether there are posts that `user` has not read."""
        rows = self.with_marks_of(user)
        if not user.is_authenticated:
            return rows.annotate(is_new=Value(False, output_field=BooleanField()))
        fresh = When(last_post_on__gt=_read_until(user, "forum"), posts_count__gt=F("read_to"), then=True)
        return rows.annotate(is_new=Case(fresh, default=False))


class PostQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Approved posts in topics that `user` may see."""
        return self._there().filter(readable_by(user, "topic__forum__"))

    def shared_with(self, user):
        """The same of forums in which `user` is at home."""
        return self._there().filter(shared_by(user, "topic__forum__"))

    def _there(self):
        return self.filter(approved=True, topic__approved=True, topic__forum__opened=True)

    def for_reading(self):
        """Without the columns that only writing and searching need."""
        return self.defer("content", "search")


def _read_until(user, forum: str):
    """Up to when `user` has read all of the forum that the column `forum` of the outer row names."""
    from community.discussions.models import ForumMark  # this module is imported by models

    mark = ForumMark.objects.filter(forum=OuterRef(forum), user=user)
    return Coalesce(Subquery(mark.values("read_until")), Value(user.date_joined))
