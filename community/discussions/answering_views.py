"""Reactions, what helped, and what is saved for later. Each is a button that posts, on a post's own address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from community.discussions import answering, pacing, presentation, saved
from community.discussions.models import Post, Reaction
from community.discussions.permissions import may_mark_helpful, may_post
from community.discussions.refusals import DiscussionRefused


@require_POST
@login_required
def react(request: HttpRequest, post_id: int) -> HttpResponse:
    """Add one's reaction, or take it back: `with=yes` or `no`, and the same for `helpful`."""
    post = _shared_post(request, post_id)
    kind = next((kind for kind in Reaction.Kind.values if kind in request.POST), None)
    if kind is None:
        raise BadRequest
    change = answering.react if _is_yes(request, kind) else answering.take_back
    try:
        _try(change, post, kind, by=request.user)
    except pacing.TooOften as refusal:
        messages.error(request, str(refusal))
        return HttpResponseClientRefresh() if request.htmx else redirect(post)
    if not request.htmx:
        return redirect(post)
    post = _shared_post(request, post_id)
    post.url = post.get_absolute_url()
    presentation.dress_reactions([post], request.user, may_answer=may_post(request.user, post.topic.forum))
    return render(request, "discussions/_one_answer.html", {"post": post})


@require_POST
@login_required
def helped(request: HttpRequest, post_id: int) -> HttpResponse:
    """Say as the asker that a reply helped, or take that back."""
    post = _shared_post(request, post_id)
    if not may_mark_helpful(request.user, post):
        raise Http404
    if _is_yes(request, "helped"):
        _try(answering.mark_helpful, post, by=request.user)
        messages.success(request, _("Marked as what helped. Whoever wrote it is told."))
    else:
        _try(answering.unmark_helpful, post, by=request.user)
        messages.success(request, _("It is not marked as what helped any more."))
    return redirect(post)


@require_POST
@login_required
def save(request: HttpRequest, post_id: int) -> HttpResponse:
    """Keep a post for later, or let go of it."""
    post = _shared_post(request, post_id)
    if _is_yes(request, "saved"):
        saved.save(post, by=request.user)
        messages.success(request, _("Saved for later. Only you know."))
    else:
        saved.let_go(post, by=request.user)
        messages.success(request, _("It is not among your saved posts any more."))
    return redirect("discussions:saved" if request.POST.get("back") == "list" else post)


@require_safe
@login_required
def saved_list(request: HttpRequest) -> HttpResponse:
    """What the reader saved and may still see."""
    try:
        page = saved.page(request.user, before=request.GET.get("before", ""))
    except ValueError as error:
        raise Http404 from error
    return render(request, "discussions/saved.html", {"page": page})


def _shared_post(request: HttpRequest, post_id: int) -> Post:
    posts = Post.objects.shared_with(request.user).with_answers_of(request.user).for_reading()
    return get_object_or_404(posts.select_related("topic__forum__group"), pk=post_id)


def _is_yes(request: HttpRequest, name: str) -> bool:
    return request.POST.get(name) == "yes"


def _try(change, *args, by) -> None:
    try:
        change(*args, by=by)
    except pacing.TooOften:
        raise
    except DiscussionRefused as refusal:
        raise PermissionDenied from refusal
