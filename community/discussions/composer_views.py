"""What the composer asks for while somebody writes, and the list of what they have not posted.

Each names the place it is for. A place that is not there, is not for the reader, or takes no words of theirs is a 404
like any other; what was sent stays in the box.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.discussions import composing, drafts, mentions, pacing, places
from community.discussions.models import Post
from community.discussions.permissions import may_reply
from community.discussions.places import Place
from community.discussions.refusals import DiscussionRefused
from core.paging import numbered_page
from core.statuses import NOT_TAKEN, TOO_OFTEN

ELSEWHERE = 409


@require_POST
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """The text as it would look, with whom it would call."""
    place = _place(request, request.POST)
    text = mentions.preview(composing.text_of(place, request.POST), forum=place.forum, by=request.user)
    return render(request, "discussions/_preview.html", {"text": text})


@require_POST
@login_required
def save_draft(request: HttpRequest) -> JsonResponse:
    """Keep what is in the composer, as it is typed."""
    place = _place(request, request.POST)
    try:
        draft = composing.keep(place, request.POST, by=request.user)
    except drafts.DraftElsewhere as refusal:
        other = refusal.draft
        theirs = {"version": drafts.version(other), "fields": dict(composing.saved(other).lists()) if other else None}
        return JsonResponse({"words": str(refusal), **theirs}, status=ELSEWHERE)
    except pacing.TooOften as refusal:
        return JsonResponse({"words": str(refusal)}, status=TOO_OFTEN)
    except DiscussionRefused as refusal:
        return JsonResponse({"words": str(refusal)}, status=NOT_TAKEN)
    words = _("Draft saved at %(time)s") % {"time": formats.time_format(timezone.localtime())} if draft else ""
    return JsonResponse({"words": words, "version": drafts.version(draft)})


@require_safe
@login_required
def draft_list(request: HttpRequest) -> HttpResponse:
    """What the reader began and has not posted, in places that they still read."""
    page = numbered_page(drafts.of(request.user), request, drafts.A_PAGE)
    found = [(draft, places.of(draft)) for draft in page]
    rows = [(draft, place, composing.words_of(draft), drafts.may_go_on(place, request.user)) for draft, place in found]
    return render(request, "discussions/drafts.html", {"rows": rows, "page": page, "days": drafts.KEPT_FOR.days})


@require_POST
@login_required
def discard_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Throw one draft away, from the list. A second time changes nothing."""
    draft = get_object_or_404(drafts.of(request.user), pk=draft_id)
    draft.delete()
    messages.success(request, _("Your draft is discarded."))
    return redirect("discussions:drafts")


@require_safe
@login_required
def mention(request: HttpRequest) -> JsonResponse:
    """The few people whose name begins as typed, among those who can be called in this place."""
    place = _place(request, request.GET)
    try:
        found = mentions.suggest(request.GET.get("q", ""), forum=place.forum, topic=place.thread, by=request.user)
    except pacing.TooOften as refusal:
        return JsonResponse({"people": [], "words": str(refusal)}, status=TOO_OFTEN)
    people = [{"name": person.display_name, "byline": person.byline, "writes": name} for person, name in found]
    return JsonResponse({"people": people})


@require_safe
@login_required
def quote(request: HttpRequest, post_id: int) -> HttpResponse:
    """A post's words as they stand in an answer to it."""
    posts = Post.objects.shared_with(request.user).select_related("topic__forum__group", "poster").defer("search")
    post = get_object_or_404(posts, pk=post_id)
    if not may_reply(request.user, post.topic):
        raise Http404
    return HttpResponse(composing.as_quote(post), content_type="text/plain; charset=utf-8")


def _place(request: HttpRequest, sent) -> Place:
    place = places.find(sent.get("place", ""), request.user)
    if place is None:
        raise Http404
    return place
