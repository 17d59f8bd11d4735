"""Which forums, topics and posts: the words that queries about them are made of.

`visible_to` is asked by the pages of a forum, a topic and a post. `shared_with` leaves out what is read by an emergency
access, and is asked by all that comes to a reader or stands in a list: search, mail, Today, suggestions.
"""

from datetime import timedelta

from django.contrib.postgres.aggregates import StringAgg
from django.db import models
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, Greatest, Now

from community.groups.audience import AudienceQuerySet, readable_by, shared_by
from core.audience import Audience

# A thread in which nobody has written for so long is news to nobody, so that what is unread stays a list to finish.
STAYS_NEWS = timedelta(days=90)


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

    def for_page_of(self, user):
        """Adds `has_pinned`, whether topics stand above the list of all others, and `watch`, what `user` chose."""
        topics = self.model._meta.get_field("topics").related_model
        above = topics.objects.filter(forum=OuterRef("pk"), type__gt=topics.TOPIC_POST, approved=True)
        chosen = self.model._meta.get_field("watches").related_model.objects.filter(forum=OuterRef("pk"), user=user.pk)
        watch = Coalesce(Subquery(chosen.values("watch")), Value("")) if user.is_authenticated else Value("")
        return self.annotate(has_pinned=Exists(above), watch=watch)

    def with_news_for(self, user):
        """Adds `is_muted`, and `has_news`: whether a topic has posts that `user` has not read and wants to hear of."""
        if not user.is_authenticated:
            nothing = Value(False, output_field=BooleanField())
            return self.annotate(is_muted=nothing, has_news=nothing)
        topics = self.model._meta.get_field("topics").related_model.objects
        fresh = topics.filter(forum=OuterRef("pk"), approved=True, last_post_on__gt=OuterRef("read_until"))
        rows = self.annotate(read_until=_read_until(user, "pk"), is_muted=Exists(_muted_forums(user, OuterRef("pk"))))
        return rows.annotate(has_news=Exists(fresh.unread_by(user).wanted_by(user)))


class TopicQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Approved topics of forums whose audience includes `user`."""
        return self.filter(readable_by(user, "forum__"), forum__opened=True, approved=True)

    def shared_with(self, user):
        """The same of forums in which `user` is at home."""
        return self.filter(shared_by(user, "forum__"), forum__opened=True, approved=True)

    def shown_to(self, user):
        """The pages of topics that `user` may open: also that of one's own that waits for a moderator."""
        if not user.is_authenticated:
            return self.visible_to(user)
        own = Q(poster=user.pk, first_post__held_at__isnull=False)
        return self.filter(readable_by(user, "forum__"), Q(approved=True) | own, forum__opened=True)

    def started_by(self, user):
        """Those that `user` started where they are at home, also what waits for a moderator."""
        there = Q(approved=True) | Q(first_post__held_at__isnull=False)
        return self.filter(shared_by(user, "forum__"), there, forum__opened=True, poster=user.pk)

    def at_address_of(self, forum_slug):
        """Topics that stand in the forum of this address, or stood there until they were moved."""
        former = self.model._meta.get_field("former_places").related_model.objects
        moved_away = former.filter(topic=OuterRef("pk"), forum__slug=forum_slug)
        return self.filter(Q(forum__slug=forum_slug) | Exists(moved_away))

    def with_moves_by(self, user):
        """Adds `is_movable` and `is_looked_after`: whether `user` may move the topic, and whether they look after its
        place. What `may_move` and `looks_after` say, without a query of their own."""
        if not getattr(user, "is_member", False):
            nothing = Value(False, output_field=BooleanField())
            return self.annotate(is_movable=nothing, is_looked_after=nothing)
        from community.groups.models import Group  # this module is imported by models
        from community.safety.permissions import moderators

        moves = ~Q(forum__audience=Audience.GROUP) & Q(Exists(moderators().filter(pk=user.pk)))
        own_groups = Group.objects.facilitated_by(user).values("pk")
        leads = When(forum__audience=Audience.GROUP, forum__group__in=own_groups, then=True)
        rows = self.annotate(is_movable=Case(When(moves, then=True), default=False))
        return rows.annotate(is_looked_after=Case(leads, default=F("is_movable")))

    def unanswered(self):
        """Open topics in which nobody has answered yet."""
        model = self.model
        return self.filter(posts_count=1, approved=True, status=model.TOPIC_UNLOCKED).exclude(type=model.TOPIC_ANNOUNCE)

    def unread_by(self, user):
        """Topics that `user` has not read to the end, whatever their forum's mark says."""
        marks = self.model._meta.get_field("marks").related_model.objects
        return self.exclude(Exists(marks.filter(topic=OuterRef("pk"), user=user, read_to__gte=OuterRef("posts_count"))))

    def wanted_by(self, user):
        """Without the topics that `user` muted, and without those of a forum or a tag that they muted, unless they
        follow the topic itself."""
        marks = self.model._meta.get_field("marks").related_model.objects.filter(topic=OuterRef("pk"), user=user)
        quiet = Exists(_muted_forums(user, OuterRef("forum"))) | Exists(_muted_tags(user, OuterRef("pk")))
        return self.exclude(Exists(marks.filter(muted=True))).exclude(~Exists(marks.filter(following=True)), quiet)

    def news_for(self, user):
        """Topics with posts that `user` has not read and wants to hear of."""
        return self.filter(last_post_on__gt=_read_until(user, "forum")).unread_by(user).wanted_by(user)

    def with_marks_of(self, user):
        """Adds `read_to`, the position up to which `user` has read, `following` and `muted`."""
        if not user.is_authenticated:
            return self.annotate(read_to=Value(0), following=Value(False), muted=Value(False))
        own = self.model._meta.get_field("marks").related_model.objects.filter(topic=OuterRef("pk"), user=user)
        return self.annotate(
            read_to=Coalesce(Subquery(own.values("read_to")), 0),
            following=Coalesce(Subquery(own.values("following")), False),
            muted=Coalesce(Subquery(own.values("muted")), False),
        )

    def with_news_for(self, user):
        """Adds the same and `is_new`: whether there are posts that `user` has not read, in a topic not muted."""
        rows = self.with_marks_of(user)
        if not user.is_authenticated:
            return rows.annotate(is_new=Value(False, output_field=BooleanField()))
        fresh = When(last_post_on__gt=_read_until(user, "forum"), posts_count__gt=F("read_to"), muted=False, then=True)
        return rows.annotate(is_new=Case(fresh, default=False))

    def with_own_of(self, user):
        """Adds `has_waiting`, whether something that `user` wrote in the topic waits for a moderator, and `has_draft`,
        whether they began a reply."""
        if not user.is_authenticated:
            nothing = Value(False, output_field=BooleanField())
            return self.annotate(has_waiting=nothing, has_draft=nothing)
        from community.discussions.models import Draft  # this module is imported by models

        posts = self.model._meta.get_field("posts").related_model.objects
        held = posts.waiting_of(user).filter(topic=OuterRef("pk"))
        begun = Draft.objects.filter(topic=OuterRef("pk"), user=user.pk)
        return self.annotate(has_waiting=Exists(held), has_draft=Exists(begun))

    def with_tags(self):
        """Adds `listed_tags`: one tag a line, its slug before its name."""
        through = self.model._meta.get_field("tags").remote_field.through
        line = Concat("tag__slug", Value(" "), "tag__name", output_field=TextField())
        of_topic = through.objects.filter(topic=OuterRef("pk")).order_by().values("topic")
        lines = of_topic.annotate(lines=StringAgg(line, "\n", order_by="tag__name")).values("lines")
        return self.annotate(listed_tags=Coalesce(Subquery(lines), Value(""), output_field=TextField()))


class PostQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Approved posts in topics that `user` may see."""
        return self._there().filter(readable_by(user, "topic__forum__"))

    def shared_with(self, user):
        """The same of forums in which `user` is at home."""
        return self._there().filter(shared_by(user, "topic__forum__"))

    def shown_to(self, user):
        """What has a place on the topic pages that `user` may open, and what they wrote that waits."""
        own = Q(held_at__isnull=False, poster=user.pk) if user.is_authenticated else Q(pk__in=[])
        there = Q(approved=True) | ~Q(removed="")
        readable = readable_by(user, "topic__forum__")
        return self.filter(readable, there & Q(topic__approved=True) | own, topic__forum__opened=True)

    def in_place(self):
        """What a topic shows at its places: what is read, and where something was removed."""
        return self.filter(Q(approved=True) | ~Q(removed=""), position__isnull=False)

    def with_answers_of(self, user):
        """Adds `my_with` and `my_helpful`, whether `user` reacted so, and `is_saved`."""
        if not user.is_authenticated:
            nothing = Value(False, output_field=BooleanField())
            return self.annotate(my_with=nothing, my_helpful=nothing, is_saved=nothing)
        from community.discussions.models import Reaction, SavedPost  # this module is imported by models

        own = Reaction.objects.filter(post=OuterRef("pk"), user=user)
        return self.annotate(
            my_with=Exists(own.filter(kind=Reaction.Kind.WITH)),
            my_helpful=Exists(own.filter(kind=Reaction.Kind.HELPFUL)),
            is_saved=Exists(SavedPost.objects.filter(post=OuterRef("pk"), user=user)),
        )

    def waiting_of(self, user):
        """What `user` wrote that waits for a moderator."""
        return self.filter(held_at__isnull=False, poster=user.pk)

    def _there(self):
        return self.filter(approved=True, topic__approved=True, topic__forum__opened=True)

    def for_reading(self):
        """Without the columns that only writing and searching need."""
        return self.defer("content", "search")


def _read_until(user, forum: str):
    """Up to when `user` has read all of the forum that the column `forum` of the outer row names."""
    from community.discussions.models import ForumMark  # this module is imported by models

    mark = ForumMark.objects.filter(forum=OuterRef(forum), user=user)
    said = Coalesce(Subquery(mark.values("read_until")), Value(user.date_joined))
    return Greatest(said, Now() - Value(STAYS_NEWS))


def _muted_forums(user, forum: OuterRef):
    from community.discussions.models import ForumWatch, Watch  # this module is imported by models

    return ForumWatch.objects.filter(forum=forum, user=user, watch=Watch.MUTE)


def _muted_tags(user, topic: OuterRef):
    from community.discussions.models import TagWatch, TopicTag, Watch  # this module is imported by models

    muted = TagWatch.objects.filter(user=user, watch=Watch.MUTE)
    return TopicTag.objects.filter(topic=topic, tag__in=muted.values("tag"))
