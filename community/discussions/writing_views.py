"""The pages on which people write. Each takes what was sent to be posted, shown first, kept as a draft or thrown away:
the button that was pressed says which, so that all of it works without JavaScript."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.discussions import composing, drafts, mentions, places, posting
from community.discussions.attachment_views import Received, receive
from community.discussions.composing import Composer
from community.discussions.models import Post, Topic
from community.discussions.permissions import may_edit, may_post
from community.discussions.places import Place
from community.discussions.refusals import DiscussionRefused
from community.discussions.second_look import second_look
from community.discussions.views import visible_forum, visible_topic
from core.statuses import NOT_TAKEN, TOO_LATE


@require_http_methods(["GET", "HEAD", "POST"])
def new_topic(request: HttpRequest, forum_slug: str) -> HttpResponse:
    """Start a topic."""
    forum = visible_forum(request, forum_slug)
    if not may_post(request.user, forum):
        return _turned_away(request)

    def start(form):
        return posting.start_topic(forum, by=request.user, **form.words)

    return _compose(request, places.in_forum(forum), "discussions/new_topic.html", start)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    """Answer in a topic, perhaps to one post of it, whose words then stand in the box."""
    topic = visible_topic(request, forum_slug, topic_id)
    if not may_post(request.user, topic.forum):
        return _turned_away(request)

    def answer(form):
        quoted = Post.objects.filter(topic=topic, approved=True, pk=form.cleaned_data["quoting"]).first()
        return posting.reply(topic, by=request.user, body=form.cleaned_data["body"], quoting=quoted)

    quoted = _quoted(request, topic)
    return _compose(request, places.in_topic(topic), "discussions/reply.html", answer, quoted=quoted)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, post_id: int) -> HttpResponse:
    """Change one's own post."""
    posts = Post.objects.visible_to(request.user).select_related("topic__forum__group")
    post = get_object_or_404(posts, pk=post_id)
    if not request.user.is_authenticated:
        return _turned_away(request)
    if post.poster_id != request.user.pk:
        raise Http404
    if request.method != "POST" and not may_edit(request.user, post):
        raise PermissionDenied

    def change(form):
        return posting.edit_post(post, by=request.user, **form.words)

    return _compose(request, places.in_post(post), "discussions/edit.html", change)


def _compose(
    request: HttpRequest, place: Place, template: str, post: Callable, *, quoted: Post | None = None
) -> HttpResponse:
    """One visit of a composer: it opens, or does what the button that was pressed says."""
    if "discard" in request.POST:
        drafts.posted(by=request.user, **place.named)
        messages.success(request, _("Your draft is discarded."))
        return redirect(place.composer_url)
    if request.method != "POST":
        return _shown(request, composing.opened(place, request.user, quoted, request.GET.get("kind", "")), template)
    came = receive(request, place)
    if "preview" in request.POST:
        return _shown(request, _with_preview(request, place, came), template, came=came)
    if "save_draft" in request.POST:
        return _keep(request, place, template, came)
    if came.is_step or came.refused:
        composer = composing.typed(place, request.POST, came.attached)
        return _shown(request, composer, template, status=NOT_TAKEN if came.refused else 200, came=came)
    return _post(request, place, template, post, came)


def _post(request: HttpRequest, place: Place, template: str, post: Callable, came: Received) -> HttpResponse:
    form = composing.form_for(place, request.POST, came.attached)
    status, theirs, look = NOT_TAKEN, None, None
    if form.is_valid():
        try:
            look = second_look(form, came.attached, request.POST, by=request.user)
            if look is None:
                return redirect(post(form))
        except DiscussionRefused as refusal:
            form.add_error(None, str(refusal))
            theirs, status = _as_it_is_now(place, form), TOO_LATE
    composer = Composer(place, form, version=request.POST.get("draft_version", ""), look=look)
    return _shown(request, composer, template, status=status, theirs=theirs)


def _keep(request: HttpRequest, place: Place, template: str, came: Received) -> HttpResponse:
    """Keep what was sent as a draft, and go on with it."""
    composer = composing.typed(place, request.POST, came.attached)
    try:
        composing.keep(place, request.POST, by=request.user)
    except drafts.DraftElsewhere as refusal:
        composer.elsewhere, composer.version = refusal.draft, drafts.version(refusal.draft)
        messages.warning(request, _("%(words)s Save it again to keep this one.") % {"words": refusal})
        return _shown(request, composer, template, status=TOO_LATE, came=came)
    except DiscussionRefused as refusal:
        messages.error(request, str(refusal))
        return _shown(request, composer, template, status=NOT_TAKEN, came=came)
    for sentence in came.refused:
        messages.error(request, sentence)
    messages.success(request, _("Your draft is saved. It is here when you come back, on any device."))
    return redirect(place.composer_url)


def _with_preview(request: HttpRequest, place: Place, came: Received) -> Composer:
    composer = composing.typed(place, request.POST, came.attached)
    text = composing.text_of(place, request.POST)
    composer.preview = mentions.preview(text, forum=place.forum, by=request.user)
    return composer


def _as_it_is_now(place: Place, form) -> str | None:
    """Have a form that was refused go on from what stands there now; of a post, its text as HTML."""
    if place.post:
        place.post.refresh_from_db(fields=["content_html", "updates_count"])
        _show_anew(form, "based_on", place.post.updates_count)
        return place.post.content_html
    if not place.topic:
        _show_anew(form, "written_for", place.forum.audience)
    return None


def _shown(
    request: HttpRequest,
    composer: Composer,
    template: str,
    *,
    status: int = 200,
    theirs: str | None = None,
    came: Received | None = None,
) -> HttpResponse:
    place = composer.place
    composer.refused = came.refused if came else []
    context = {"composer": composer, "form": composer.form, "topic": place.thread, "forum": place.forum}
    return render(request, template, context | {"post": place.post, "theirs": theirs}, status=status)


def _quoted(request: HttpRequest, topic: Topic) -> Post | None:
    """The post that the address names: one of this topic, else 404."""
    if "quote" not in request.GET or request.method == "POST":
        return None
    try:
        post_id = int(request.GET["quote"])
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(Post.objects.select_related("poster"), topic=topic, approved=True, pk=post_id)


def _show_anew(form, name: str, value) -> None:
    """Have a bound form say this in a hidden field, with all that was typed beside it."""
    form.data = form.data.copy()
    form.data[name] = value


def _turned_away(request: HttpRequest) -> HttpResponse:
    """Somebody who may read here and not write: a visitor is asked to log in. What was sent meanwhile is given back
    by the 403 page, since a login would lose it."""
    if request.user.is_authenticated or request.method == "POST":
        raise PermissionDenied
    return redirect_to_login(request.get_full_path())
