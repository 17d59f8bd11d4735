"""The end of a search for a colleague: before its time, or later than it would be."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.discussions import topic_kinds
from community.discussions.models import Topic
from community.discussions.refusals import DiscussionRefused


@require_POST
@login_required
def end_search(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    """Found, or not looking any more."""
    return _change(request, forum_slug, topic_id, topic_kinds.close, _("It is closed. It can still be read."))


@require_POST
@login_required
def extend_search(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    """Look for two more weeks."""
    return _change(request, forum_slug, topic_id, topic_kinds.extend, _("It stays open for two more weeks."))


def _change(request: HttpRequest, forum_slug: str, topic_id: int, change, done: str) -> HttpResponse:
    topics = Topic.objects.shared_with(request.user).at_address_of(forum_slug).select_related("forum__group")
    topic = get_object_or_404(topics, pk=topic_id, kind=Topic.Kind.LOOKING, poster=request.user)
    try:
        change(topic, by=request.user)
    except DiscussionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(topic)
