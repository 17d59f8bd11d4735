from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.discussions import moderation
from community.discussions.forms import MoveForm
from community.discussions.permissions import may_move
from community.discussions.refusals import DiscussionRefused
from community.discussions.views import visible_topic
from community.discussions.writing_views import NOT_TAKEN, TOO_LATE


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
            try:
                topic = moderation.move(topic, form.cleaned_data["forum"], by=request.user)
            except DiscussionRefused as refusal:
                form.add_error("forum", str(refusal))
                status = TOO_LATE
            else:
                words = {"forum": topic.forum.name, "audience": topic.forum.audience_words}
                messages.success(request, _("Moved to %(forum)s. %(audience)s.") % words)
                return redirect(topic)
    context = {"topic": topic, "forum": topic.forum, "form": form, "places": places}
    return render(request, "discussions/move.html", context, status=status)
