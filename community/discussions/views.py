from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.discussions import following, forums, pages, presentation, reading
from community.discussions.forms import ReplyForm
from community.discussions.models import Forum, Post, Topic
from community.discussions.permissions import may_post, may_reply
from community.groups import emergency
from community.groups.models import Group
from core.audience import Audience
from core.paging import turned_to

WAITING = 3


@require_safe
def forum_list(request: HttpRequest) -> HttpResponse:
    """Every forum that the reader may enter: their groups' first, then the others by category."""
    rows = (
        Forum.objects.shared_with(request.user)
        .with_news_for(request.user)
        .select_related("parent", "group", "last_post__topic", "last_post__poster")
        .defer("last_post__content", "last_post__content_html", "last_post__search")
    )
    own: list[Forum] = []
    by_category: dict[Forum | None, list[Forum]] = {}
    for row in rows:
        if row.last_post:
            row.last_post.topic.forum = row
        if row.audience == "group":
            own.append(row)
        else:
            by_category.setdefault(row.parent, []).append(row)
    context = {"own": own, "categories": by_category.items(), "waiting": _waiting(request)}
    return render(request, "discussions/forum_list.html", context)


@require_safe
def forum(request: HttpRequest, forum_slug: str) -> HttpResponse:
    """The topics of one forum, newest activity first."""
    forum = visible_forum(request, forum_slug)
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    try:
        page = pages.topics_of(forum, request.user, before=before, after=after)
    except ValueError as error:
        raise Http404 from error
    pinned = [] if before or after else pages.pinned(forum, request.user)
    for topic in [*pinned, *page.topics]:
        topic.forum = forum
        topic.resume_url = reading.resume_url(topic)
    context = {
        "forum": forum,
        "pinned": pinned,
        "page": page,
        "may_post": may_post(request.user, forum),
        "glass": emergency.reading(_private_to(forum), request.user),
        "waiting": _waiting(request),
    }
    return render(request, "discussions/forum.html", context)


@require_POST
@login_required
def mark_read(request: HttpRequest, forum_slug: str) -> HttpResponse:
    forum = get_object_or_404(Forum.objects.shared_with(request.user), slug=forum_slug)
    reading.mark_forum_read(forum, by=request.user)
    messages.success(request, _("Everything in %(forum)s counts as read.") % {"forum": forum.name})
    return redirect(forum)


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
    topic = visible_topic(request, forum_slug, topic_id)
    if slug != topic.slug or forum_slug != topic.forum.slug:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(f"{topic.get_absolute_url()}{query}")  # not for good: both may change back
    posts = topic.posts.filter(approved=True).for_reading().select_related("poster")
    page = turned_to(reading.PostPaginator(topic, posts), request)
    presentation.dress(list(page), topic, request.user)
    people, people_count = reading.colleagues_in(topic)
    glass = emergency.reading(_private_to(topic.forum), request.user)
    context = {
        "topic": topic,
        "forum": topic.forum,
        "page": page,
        "posts": page.object_list,
        "form": ReplyForm(),
        "may_reply": may_reply(request.user, topic),
        "may_report": glass is None and getattr(request.user, "is_member", False),
        "glass": glass,
        "people": people,
        "people_count": people_count,
        "waiting": _waiting(request, besides=topic),
    }
    response = render(request, "discussions/topic.html", context)
    if glass is None:  # who reads by an emergency access leaves no marks
        reading.mark_read(topic, by=request.user, upto=min(page.number * reading.POSTS_A_PAGE, topic.posts_count))
    return response


@require_POST
@login_required
def follow(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    topic = _topic(request, Topic.objects.shared_with(request.user), forum_slug, topic_id)
    topic.following = request.POST.get("following") == "yes"
    change = following.follow if topic.following else following.unfollow
    change(topic, by=request.user)
    if request.htmx:
        return render(request, "discussions/_follow.html", {"topic": topic})
    return redirect(topic)


@require_http_methods(["GET", "HEAD", "POST"])
def unfollow(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of a letter leads: it works without login, and only changes something once confirmed."""
    is_confirmed = request.method == "POST"
    if not following.unfollow_by_token(token, confirmed=is_confirmed):
        raise Http404
    return render(request, "discussions/unfollow.html", {"is_confirmed": is_confirmed})


@require_safe
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """The permanent address of a post leads to the page that it stands on."""
    posts = Post.objects.visible_to(request.user).for_reading().select_related("topic__forum__group")
    post = get_object_or_404(posts, pk=post_id)
    emergency.reading(_private_to(post.topic.forum), request.user)  # noted: the address holds words of the subject
    return redirect(reading.place_of(post.topic, post.position, f"post-{post.pk}"))


def visible_forum(request: HttpRequest, slug: str) -> Forum:
    return get_object_or_404(Forum.objects.visible_to(request.user).select_related("group", "parent"), slug=slug)


def visible_topic(request: HttpRequest, forum_slug: str, topic_id: int) -> Topic:
    """A topic at its address, or at one that it had before it was moved: a form that was open then loses no words."""
    return _topic(request, Topic.objects.visible_to(request.user), forum_slug, topic_id)


def _topic(request: HttpRequest, topics, forum_slug: str, topic_id: int) -> Topic:
    topics = topics.at_address_of(forum_slug).with_marks_of(request.user).with_moves_by(request.user)
    return get_object_or_404(topics.select_related("forum__group"), pk=topic_id)


def _private_to(forum: Forum) -> Group | None:
    """The group that alone reads this forum, if any."""
    return forum.group if forum.audience == Audience.GROUP else None


def _waiting(request: HttpRequest, besides: Topic | None = None) -> list[Topic]:
    """For the side column: members are asked to answer, others can't."""
    if not getattr(request.user, "is_member", False):
        return []
    return reading.waiting_for_reply(request.user, limit=WAITING, besides=besides)
