"""Following and muting topics, forums and tags."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.discussions import following
from community.discussions.models import Forum, ForumWatch, TagWatch, Topic, Watch
from core.models import Subject

MUTED_SHOWN = 100


@dataclass(frozen=True)
class Choice:
    """What `_follow.html` shows of a topic, a forum or a tag: what was chosen, what that means, where a choice goes.

    `label` names the buttons, for lists of several.
    """

    url: str
    chosen: str
    of: str
    label: str = ""

    @property
    def meaning(self) -> str:
        if self.chosen == Watch.MUTE:
            return _("Nothing of it is told or mailed, unless somebody writes to you; that stands among your notices.")
        if self.chosen != Watch.FOLLOW:
            return _("You hear of it only when somebody writes to you.")
        return _("You hear of each reply.") if self.of == "topic" else _("You hear of each new thread.")


def of_topic(topic: Topic) -> Choice:
    """Asks for `with_marks_of`."""
    return Choice(f"{topic.get_absolute_url()}follow/", following.choice_for(topic), "topic")


def of_forum(forum: Forum, chosen: str, label: str = "") -> Choice:
    return Choice(reverse("discussions:watch-forum", args=[forum.slug]), chosen, "forum", label)


def of_tag(tag: Subject, chosen: str, label: str = "") -> Choice:
    return Choice(reverse("discussions:watch-tag", args=[tag.slug]), chosen, "tag", label)


@require_POST
@login_required
def follow(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    """Choose for one topic: `watch` is follow, mute, or empty."""
    topics = Topic.objects.shared_with(request.user).at_address_of(forum_slug).select_related("forum__group")
    topic = get_object_or_404(topics, pk=topic_id)
    watch = _watch(request)
    change = {Watch.FOLLOW: following.follow, Watch.MUTE: following.mute, "": following.unfollow}[watch]
    change(topic, by=request.user)
    topic.following, topic.muted = watch == Watch.FOLLOW, watch == Watch.MUTE
    return _answer(request, of_topic(topic), topic.get_absolute_url())


@require_POST
@login_required
def watch_forum(request: HttpRequest, forum_slug: str) -> HttpResponse:
    """The same for a forum."""
    forum = get_object_or_404(Forum.objects.shared_with(request.user), slug=forum_slug)
    watch = _watch(request)
    following.watch_forum(forum, watch, by=request.user)
    return _answer(request, of_forum(forum, watch), forum.get_absolute_url())


@require_POST
@login_required
def watch_tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for a word of the vocabulary."""
    tag = get_object_or_404(Subject, slug=slug)
    watch = _watch(request)
    following.watch_tag(tag, watch, by=request.user)
    return _answer(request, of_tag(tag, watch), _list_of(tag.slug))


@require_safe
@login_required
def watched(request: HttpRequest) -> HttpResponse:
    """What the reader chose to follow and to mute, each with the way to choose anew."""
    user = request.user
    forums = ForumWatch.objects.filter(user=user, forum__in=Forum.objects.shared_with(user)).select_related("forum")
    chosen = [
        (row.forum.name, row.forum.get_absolute_url(), of_forum(row.forum, row.watch, row.forum.name)) for row in forums
    ]
    for row in TagWatch.objects.filter(user=user).select_related("tag"):
        chosen.append((row.tag.name, _list_of(row.tag.slug), of_tag(row.tag, row.watch, row.tag.name)))
    muted = Topic.objects.shared_with(user).with_marks_of(user).filter(marks__user=user, marks__muted=True)
    muted = muted.select_related("forum").order_by("-last_post_on")[:MUTED_SHOWN]
    context = {
        "chosen": sorted(chosen, key=lambda each: each[0].lower()),
        "muted": [(topic, Choice(of_topic(topic).url, Watch.MUTE, "topic", topic.subject)) for topic in muted],
    }
    return render(request, "discussions/watched.html", context)


def _list_of(slug: str) -> str:
    """Where the threads with a tag are listed."""
    return f"{reverse('discussions:all')}?tag={slug}"


def _watch(request: HttpRequest) -> str:
    watch = request.POST.get("watch", "")
    if watch not in ("", *Watch.values):
        raise BadRequest
    return watch


def _answer(request: HttpRequest, choice: Choice, url: str) -> HttpResponse:
    if request.htmx:
        return render(request, "discussions/_follow.html", {"choice": choice})
    return redirect("discussions:watched" if request.POST.get("back") == "list" else url)
