from django.contrib.auth.decorators import login_required
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from community.discussions import following_views, forums, news, polls, presentation, reading
from community.discussions.models import Forum, Post, Topic
from community.discussions.permissions import may_post
from community.groups import emergency
from community.groups.models import Group
from core.addresses import address
from core.audience import Audience
from core.paging import turned_to
from core.prepared import Prepared

WAITING = 3


@require_safe
@login_required
def group_forum(request: HttpRequest, slug: str) -> HttpResponse:
    """The way from a group to its forum, which is made when somebody first goes there."""
    group = get_object_or_404(Group.objects.read_by(request.user), slug=slug)
    return redirect(forums.forum_for_group(group))


@require_safe
@login_required
def group_new_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The way from a group to a new thread of its forum, for those who take part."""
    group = get_object_or_404(Group.objects.entered_by(request.user), slug=slug)
    return redirect("discussions:new", forums.forum_for_group(group).slug)


@require_safe
def topic(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    """One page of a topic, and the box to answer in on the last one."""
    topic = _shown.first(request.user, forum_slug, topic_id) if topic_id <= BigIntegerField.MAX_BIGINT else None
    if topic is None:
        return redirect(_heir(request, forum_slug, topic_id))
    if slug != topic.slug or forum_slug != topic.forum.slug:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(f"{topic.get_absolute_url()}{query}")  # not for good: both may change back
    page = turned_to(reading.PostPaginator(topic, request.user), request)
    glass = emergency.reading(private_to(topic.forum), request.user)
    takes_part = glass is None and getattr(request.user, "is_member", False)
    writes_here = topic.approved and may_post(request.user, topic.forum)
    may = presentation.Allowed(
        act=takes_part,
        reply=writes_here and not topic.is_locked,
        answer=takes_part and writes_here,
        mark_helpful=writes_here and topic.poster_id == request.user.pk,
        report=takes_part,
    )
    presentation.dress(page.object_list, topic, request.user, may)
    presentation.dress_topics([topic])
    people, people_count = reading.colleagues_in(topic)
    context = {
        "topic": topic,
        "forum": topic.forum,
        "topic_url": reading.topic_url(topic.forum.slug, topic.pk, topic.slug),
        "forum_url": address("discussions:forum", topic.forum.slug),
        "page": page,
        "posts": page.object_list,
        "helped": reading.what_helped(topic),
        "new_count": topic.posts_count - topic.read_to if topic.read_to else 0,
        "may": may,
        "glass": glass,
        "people": people,
        "people_count": people_count,
        "is_crowded": people_count == reading.COUNTED,
        "waiting": waiting(request, besides=topic),
        "choice": following_views.of_topic(topic),
    }
    response = render(request, "discussions/topic.html", context)
    if glass is None:  # who reads by an emergency access leaves no marks
        news.seen(request.user, page.object_list)
        reading.mark_read(topic, by=request.user, upto=min(page.number * reading.POSTS_A_PAGE, topic.posts_count))
    return response


@require_safe
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """The permanent address of a post leads to the page that it stands on."""
    posts = Post.objects.shown_to(request.user).for_reading().select_related("topic__forum__group")
    post = get_object_or_404(posts, pk=post_id)
    emergency.reading(private_to(post.topic.forum), request.user)  # noted: the address holds words of the subject
    position = post.topic.posts_count if post.position is None else post.position
    return redirect(reading.place_of(post.topic, position, f"post-{post.pk}"))


def visible_forum(request: HttpRequest, slug: str) -> Forum:
    forum = _forum.first(request.user, slug)
    if forum is None:
        raise Http404
    return forum


def visible_topic(request: HttpRequest, forum_slug: str, topic_id: int) -> Topic:
    """A topic at its address, or at one that it had before it was moved: a form that was open then loses no words."""
    is_id = topic_id <= BigIntegerField.MAX_BIGINT
    found = _visible.first(request.user, forum_slug, topic_id) if is_id else None
    if found is None:
        topics = _for_page(Topic.objects.visible_to(request.user), request.user, forum_slug)
        return get_object_or_404(topics, former_topics=topic_id)
    return found


_forum: Prepared[Forum] = Prepared(
    lambda user, slug: (
        Forum.objects.visible_to(user).for_page_of(user).select_related("group", "parent").filter(slug=slug)
    )
)
_visible: Prepared[Topic] = Prepared(
    lambda user, forum_slug, topic_id: _for_page(Topic.objects.visible_to(user), user, forum_slug).filter(pk=topic_id)
)
_shown: Prepared[Topic] = Prepared(
    lambda user, forum_slug, topic_id: (
        _for_page(Topic.objects.shown_to(user), user, forum_slug)
        .with_tags()
        .with_own_of(user)
        .annotate(has_poll=polls.HAS_POLL)
        .filter(pk=topic_id)
    )
)


def _for_page(topics, user, forum_slug: str):
    return topics.at_address_of(forum_slug).with_marks_of(user).with_moves_by(user).select_related("forum__group")


def _heir(request: HttpRequest, forum_slug: str, topic_id: int) -> Topic:
    """The topic that a merged one became part of."""
    topics = Topic.objects.visible_to(request.user).at_address_of(forum_slug).select_related("forum")
    return get_object_or_404(topics, former_topics=topic_id)


def private_to(forum: Forum) -> Group | None:
    """The group that alone reads this forum, if any."""
    return forum.group if forum.audience == Audience.GROUP else None


def waiting(request: HttpRequest, besides: Topic | None = None) -> list[Topic]:
    """For the side column: members are asked to answer, others can't."""
    if not getattr(request.user, "is_member", False):
        return []
    return reading.waiting_for_reply(request.user, limit=WAITING, besides=besides)
