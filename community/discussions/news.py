"""What notices about discussions say, and what of it may leave the site by mail."""

from collections.abc import Collection, Mapping

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.discussions import following, reading
from community.discussions.models import Forum, Mention, Post, Topic
from community.notices import bell
from community.notices.kinds import Line
from community.notices.models import Notice
from core.audience import Audience

WITH_WORDS = {Audience.WORLD, Audience.MEMBERS}  # mail about all other forums only says that something is there
KINDS = ("mention", "quote", "reply", "watch", "helped")
EXCERPT = 240


def lines(reader, notices: Collection[Notice], *, for_mail: bool = False) -> dict[int, Line]:
    """What these notices say, by their ids; none of what `reader` may not see, or what is not so any more.

    For mail, nothing of what is muted, read or not followed any more either, and each as the kind that they want mail
    of. Six queries at most.
    """
    topics = _topics(reader, {notice.thread_id for notice in notices if notice.thread_id is not None})
    newest = [topic.newest_id for topic in topics.values()]
    posts = _posts(reader, [*(notice.target_id for notice in notices), *newest])
    so: dict[str, set[int]] = {}  # posts of which what a kind says holds, where that can change
    if for_mail:
        concerned = {*topics, *(post.topic_id for post in posts.values())}
        wanted = set(Topic.objects.filter(pk__in=concerned).wanted_by(reader).values_list("pk", flat=True))
        posts = {pk: post for pk, post in posts.items() if post.topic_id in wanted}
        for kind, topic_ids in following.hears_of(reader, wanted).items():
            so[kind] = {pk for pk, post in posts.items() if post.topic_id in topic_ids}
    so["mention"] = set(Mention.objects.filter(post__in=posts, user=reader.pk).values_list("post", flat=True))
    found: dict[int, Line] = {}
    for notice in notices:
        topic, post = topics.get(notice.thread_id or 0), posts.get(notice.target_id)
        kind = notice.mail_kind if for_mail else notice.kind
        if notice.kind == "reply":
            line = _of_thread(topic, notice, posts, for_mail=for_mail) if topic else None
        else:
            line = _of_post(post, kind, reader, for_mail=for_mail) if post and post.pk in so.get(kind, posts) else None
        if line is not None:
            found[notice.pk] = line
    return found


def seen(user, posts: Collection[Post]) -> None:
    """The reader has these posts before them: notices about them are read."""
    bell.mark_seen(user, KINDS, [post.pk for post in posts])


def places(user) -> list[tuple[int, str]]:
    """The forums for which a member may choose how often mail comes, by their names."""
    return list(Forum.objects.shared_with(user).order_by("name", "pk").values_list("pk", "name"))


def _posts(reader, ids: Collection[int]) -> dict[int, Post]:
    rows = Post.objects.shared_with(reader).filter(pk__in=ids).select_related("topic__forum", "topic__poster", "poster")
    return rows.select_related("quoted").defer("content_html", "search", "quoted__content", "quoted__search").in_bulk()


def _topics(reader, ids: Collection[int]) -> dict[int, Topic]:
    """Topics, each with how many replies of others its reader has not read, and the newest of them."""
    if not ids:
        return {}
    rows = Topic.objects.shared_with(reader).filter(pk__in=ids).with_marks_of(reader)
    unread = Post.objects.filter(topic=OuterRef("pk"), approved=True, position__gt=Greatest(OuterRef("read_to"), 1))
    unread = unread.exclude(poster=reader.pk).exclude(poster__in=reader.blocks.values("blocked"))
    nearer = Notice.objects.filter(user=reader.pk, kind__in=("mention", "quote"))  # have a line of their own
    unread = unread.exclude(pk__in=nearer.values("target_id"))
    count = unread.order_by().values("topic").annotate(count=Count("pk")).values("count")
    newest = unread.order_by("-position").values("pk")[:1]
    rows = rows.annotate(new_count=Coalesce(Subquery(count), 0), newest_id=Coalesce(Subquery(newest), 0))
    return rows.select_related("forum").in_bulk()


def _of_thread(topic: Topic, notice: Notice, posts: Mapping[int, Post], *, for_mail: bool) -> Line | None:
    """Replies in one thread: how many are new, or whose is the only one; on the site, also what is read."""
    is_news = topic.new_count > 0 and (topic.following or not for_mail)
    post = posts.get(topic.newest_id if is_news else notice.target_id)
    if post is None or (for_mail and not is_news):
        return None
    if for_mail and topic.forum.audience not in WITH_WORDS:
        return Line(_("A reply in a thread you follow"), post.get_absolute_url())
    if topic.new_count > 1:
        what = ngettext("%(count)d new reply", "%(count)d new replies", topic.new_count) % {"count": topic.new_count}
    else:
        what = _("%(name)s replied") % {"name": _name(post.poster)}
    url = reading.resume_url(topic) if is_news and topic.read_to else post.get_absolute_url()
    return Line(what, url, topic.subject, topic.forum.name, _excerpt(post) if for_mail else "")


def _of_post(post: Post, kind: str, reader, *, for_mail: bool) -> Line | None:
    if kind == "quote" and (post.quoted is None or post.quoted.poster_id != reader.pk):
        return None
    if kind == "helped" and (post.helped_at is None or post.poster_id != reader.pk):
        return None
    if for_mail and post.topic.forum.audience not in WITH_WORDS:
        return Line(str(_without_names(kind)), post.get_absolute_url())
    name = _name(post.topic.poster if kind == "helped" else post.poster)
    what = {
        "mention": _("%(name)s mentioned you"),
        "quote": _("%(name)s answered you"),
        "reply": _("%(name)s replied"),
        "watch": _("%(name)s started a thread"),
        "helped": _("What you wrote helped %(name)s"),
    }[kind] % {"name": name}
    return Line(
        what, post.get_absolute_url(), post.topic.subject, post.topic.forum.name, _excerpt(post) if for_mail else ""
    )


def _without_names(kind: str) -> str:
    return {
        "mention": _("Somebody mentioned you"),
        "quote": _("Somebody answered you"),
        "reply": _("A reply in a thread you follow"),
        "watch": _("A new thread where you follow"),
        "helped": _("Something you wrote helped"),
    }[kind]


def _name(person) -> str:
    return str(person) if person else _("A former member")


def _excerpt(post: Post) -> str:
    return Truncator(" ".join(post.content.split())).chars(EXCERPT)
