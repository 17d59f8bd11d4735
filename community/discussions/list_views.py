from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.discussions import presentation, reading, topic_pages
from community.discussions.models import Forum
from community.discussions.overview import overview
from community.discussions.permissions import may_post
from community.discussions.selection import Bar, Selection, shows
from community.discussions.topic_kinds import kinds_in
from community.discussions.views import private_to, visible_forum, waiting
from community.groups import emergency


@require_safe
def forum_list(request: HttpRequest) -> HttpResponse:
    """Every forum in which the reader is at home."""
    shown = overview(request.user, all_of_own=request.GET.get("groups") == "all")
    context = {
        "own": shown.own,
        "more_of_own": shown.more_of_own,
        "categories": shown.categories,
        "shows": shows(for_member=request.user.is_authenticated),
        "waiting": waiting(request),
    }
    return render(request, "discussions/forum_list.html", context)


@require_safe
def forum(request: HttpRequest, forum_slug: str) -> HttpResponse:
    """The topics of one forum."""
    forum = visible_forum(request, forum_slug)
    selection = _selection(request)
    if selection.is_personal and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    try:
        page = topic_pages.topics_of(forum, request.user, selection, before=before, after=after)
    except ValueError as error:
        raise Http404 from error
    has_pinned = selection.is_everything and forum.has_pinned and not (before or after)
    pinned = topic_pages.pinned(forum, request.user) if has_pinned else []
    topics = [*pinned, *page.topics]
    presentation.dress_rows(topics)
    context = {
        "forum": forum,
        "pinned": pinned,
        "page": page,
        "topics": topics,
        "selection": selection,
        "bar": _bar(request, selection, kinds=kinds_in(forum)),
        "is_turned": bool(before or after),
        "may_post": may_post(request.user, forum),
        "glass": emergency.reading(private_to(forum), request.user),
        "waiting": waiting(request),
    }
    return render(request, "discussions/forum.html", context)


@require_safe
def all_topics(request: HttpRequest) -> HttpResponse:
    """The topics of all forums in which the reader is at home."""
    selection = _selection(request)
    if selection.is_personal and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    try:
        page = topic_pages.topics_for(request.user, selection, before=before, after=after)
    except ValueError as error:
        raise Http404 from error
    presentation.dress_rows(page.topics)
    context = {
        "page": page,
        "selection": selection,
        "bar": _bar(request, selection),
        "is_turned": bool(before or after),
        "waiting": waiting(request),
    }
    return render(request, "discussions/all.html", context)


@require_POST
@login_required
def mark_read(request: HttpRequest, forum_slug: str) -> HttpResponse:
    forum = get_object_or_404(Forum.objects.shared_with(request.user), slug=forum_slug)
    reading.mark_forum_read(forum, by=request.user)
    messages.success(request, _("Everything in %(forum)s counts as read.") % {"forum": forum.name})
    return redirect(forum)


@require_POST
@login_required
def mark_all_read(request: HttpRequest) -> HttpResponse:
    reading.mark_all_read(by=request.user)
    messages.success(request, _("Everything counts as read."))
    return redirect("discussions:list")


def _selection(request: HttpRequest) -> Selection:
    try:
        return Selection.read(request.GET)
    except ValueError as error:
        raise Http404 from error


def _bar(request: HttpRequest, selection: Selection, **options) -> Bar:
    """404 for a tag that the vocabulary does not know."""
    bar = Bar(selection, for_member=request.user.is_authenticated, **options)
    if not bar.is_of_vocabulary:
        raise Http404
    return bar
