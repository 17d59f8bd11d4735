"""Voting in a poll, and ending it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.discussions import polls
from community.discussions.models import Topic, TopicPoll
from community.discussions.refusals import DiscussionRefused


@require_POST
@login_required
def vote(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    """Choose an answer, or another one than before."""
    poll = _poll(request, forum_slug, topic_id)
    chosen = request.POST.get("answer", "")
    option_id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else 0
    try:
        polls.vote(poll, option_id, by=request.user)
    except DiscussionRefused as refusal:
        return _answer(request, poll, refused=str(refusal))
    return _answer(request, poll)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def close(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    """End a poll, once somebody said on a page of its own that they mean it."""
    poll = _poll(request, forum_slug, topic_id)
    if request.method != "POST":
        if not polls.shown(poll, request.user).may_close:
            return redirect(f"{poll.topic.get_absolute_url()}#poll")
        return render(request, "discussions/close_poll.html", {"poll": poll, "topic": poll.topic})
    try:
        polls.close(poll, by=request.user)
    except DiscussionRefused as refusal:
        return _answer(request, poll, refused=str(refusal))
    return _answer(request, poll)


def _poll(request: HttpRequest, forum_slug: str, topic_id: int) -> TopicPoll:
    """The poll of the topic at this address, for those who take part there."""
    topics = Topic.objects.shared_with(request.user).at_address_of(forum_slug).select_related("forum__group", "poll")
    topic = get_object_or_404(topics, pk=topic_id)
    poll = getattr(topic, "poll", None)
    if poll is None:
        raise Http404
    return poll


def _answer(request: HttpRequest, poll: TopicPoll, refused: str = "") -> HttpResponse:
    """The poll as it is now, or back to its topic."""
    topic = poll.topic
    if request.htmx:
        fresh = TopicPoll.objects.select_related("topic__forum__group").get(pk=poll.pk)
        shown = polls.shown(fresh, request.user)
        context = {"poll": shown, "topic": topic, "refused": refused, "is_answer": True}
        return render(request, "discussions/_poll.html", context)
    if refused:
        messages.error(request, refused)
    else:
        messages.success(request, _("Noted."))
    return redirect(f"{topic.get_absolute_url()}#poll")
