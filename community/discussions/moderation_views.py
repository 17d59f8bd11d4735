"""What becomes of a conversation: whoever looks after the place closes, pins, moves or merges it. And how long the
forum of a group keeps its conversations."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.discussions import forums, merging, moderation, retention
from community.discussions.forum_forms import MoveForm, RetentionForm
from community.discussions.models import Topic
from community.discussions.moderation_forms import MergeForm, PlaceForm, ReasonForm
from community.discussions.permissions import may_move, may_shape
from community.discussions.refusals import DiscussionRefused
from community.discussions.views import visible_topic
from community.groups.models import Group
from core.statuses import NOT_TAKEN, TOO_LATE


@require_safe
@login_required
def look_after(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    """All that can be done with a conversation by those who look after its place."""
    return _page(request, _shaped(request, forum_slug, topic_id))


@require_POST
@login_required
def close(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    topic = _shaped(request, forum_slug, topic_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, topic, reason=form, status=NOT_TAKEN)
    return _done(request, topic, moderation.close, _("It is closed. Everybody can still read it."), **form.cleaned_data)


@require_POST
@login_required
def reopen(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    topic = _shaped(request, forum_slug, topic_id)
    return _done(request, topic, moderation.reopen, _("It is open again."))


@require_POST
@login_required
def place(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    topic = _shaped(request, forum_slug, topic_id)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, topic, place=form, status=NOT_TAKEN)
    return _done(request, topic, moderation.place, _("It has its new place."), where=form.cleaned_data["place"])


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def merge(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    """Have a conversation become part of another one."""
    topic = _shaped(request, forum_slug, topic_id)
    sent = request.POST if request.method == "POST" else None
    form = MergeForm(sent, partners=merging.partners(topic, by=request.user))
    status = 200
    if request.method == "POST":
        status = NOT_TAKEN
        if form.is_valid():
            into = Topic.objects.visible_to(request.user).filter(pk=form.cleaned_data["number"]).first()
            try:
                if into is None:
                    raise DiscussionRefused(_("There is no such conversation. Please look again."))
                merged = merging.merge(topic, into, by=request.user, reason=form.cleaned_data["reason"])
            except DiscussionRefused as refusal:
                form.add_error(None, str(refusal))
                status = TOO_LATE
            else:
                messages.success(request, _("They are one conversation now. Old links lead here."))
                return redirect(merged)
    context = {"topic": topic, "forum": topic.forum, "form": form}
    return render(request, "discussions/merge.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def move(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    """Move a conversation to another forum."""
    topic = visible_topic(request, forum_slug, topic_id)
    if not may_move(request.user, topic):
        raise Http404
    places = moderation.destinations(topic, by=request.user)
    form = MoveForm(request.POST if request.method == "POST" else None, places=places)
    status = 200
    if request.method == "POST":
        status = NOT_TAKEN
        if form.is_valid():
            data = form.cleaned_data
            try:
                topic = moderation.move(topic, data["forum"], by=request.user, reason=data["reason"])
            except DiscussionRefused as refusal:
                form.add_error("forum", str(refusal))
                status = TOO_LATE
            else:
                words = {"forum": topic.forum.name, "audience": topic.forum.audience_words}
                messages.success(request, _("Moved to %(forum)s. %(audience)s.") % words)
                return redirect(topic)
    context = {"topic": topic, "forum": topic.forum, "form": form, "places": places}
    return render(request, "discussions/move.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def keeping(request: HttpRequest, slug: str) -> HttpResponse:
    """How long the forum of a group keeps conversations, as a form for those who lead it."""
    group = get_object_or_404(Group.objects.facilitated_by(request.user), slug=slug, archived_at=None)
    forum = forums.forum_for_group(group)
    form = RetentionForm(request.POST if request.method == "POST" else None, initial={"days": forum.retention_days})
    if request.method == "POST" and form.is_valid():
        try:
            gone = retention.state(forum, form.cleaned_data["days"], by=request.user)
        except DiscussionRefused as refusal:
            form.add_error("days", str(refusal))
        else:
            words = ngettext(
                "Saved. %(count)s conversation is older. It goes this night, or once nothing in it waits for anybody.",
                "Saved. %(count)s conversations are older. They go this night, or once nothing in them waits for "
                "anybody.",
                gone,
            )
            messages.success(request, words % {"count": gone} if gone else _("Saved."))
            return redirect(forum)
    context = {"group": group, "forum": forum, "form": form}
    return render(request, "discussions/keeping.html", context, status=NOT_TAKEN if form.errors else 200)


def _shaped(request: HttpRequest, forum_slug: str, topic_id: int) -> Topic:
    topic = visible_topic(request, forum_slug, topic_id)
    if not may_shape(request.user, topic):
        raise Http404
    return topic


def _page(request: HttpRequest, topic: Topic, *, reason=None, place=None, status: int = 200) -> HttpResponse:
    context = {
        "topic": topic,
        "forum": topic.forum,
        "reason": reason or ReasonForm(),
        "place": place or PlaceForm(initial={"place": topic.type}),
        "is_closed": topic.status == Topic.TOPIC_LOCKED,
        "may_move": may_move(request.user, topic),
    }
    return render(request, "discussions/look_after.html", context, status=status)


def _done(request: HttpRequest, topic: Topic, do, words: str, **given) -> HttpResponse:
    try:
        do(topic, by=request.user, **given)
    except DiscussionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect(topic)
