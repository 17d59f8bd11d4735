from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from community.discussions import posting
from community.discussions.forms import EditForm, ReplyForm, TopicForm
from community.discussions.models import Post, Topic
from community.discussions.permissions import may_edit, may_post
from community.discussions.refusals import DiscussionRefused
from community.discussions.views import visible_forum, visible_topic

NOT_TAKEN = 422  # what was typed can't be posted as it is
TOO_LATE = 409  # something changed while it was typed


@require_http_methods(["GET", "HEAD", "POST"])
def new_topic(request: HttpRequest, forum_slug: str) -> HttpResponse:
    """Start a topic."""
    forum = visible_forum(request, forum_slug)
    if not may_post(request.user, forum):
        return _turned_away(request)
    form = TopicForm(_sent(request), initial={"written_for": forum.audience})
    status = 200
    if request.method == "POST":
        status = NOT_TAKEN
        if form.is_valid():
            data = form.cleaned_data | {"written_for": form.cleaned_data["written_for"] or None}
            try:
                return redirect(posting.start_topic(forum, by=request.user, **data))
            except DiscussionRefused as refusal:
                form.add_error(None, str(refusal))
                _show_anew(form, "written_for", forum.audience)
                status = TOO_LATE
    return render(request, "discussions/new_topic.html", {"forum": forum, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, forum_slug: str, topic_id: int, slug: str) -> HttpResponse:
    """Answer in a topic, perhaps to one post of it, whose words then stand in the box."""
    topic = visible_topic(request, forum_slug, topic_id)
    if not may_post(request.user, topic.forum):
        return _turned_away(request)
    if request.method == "POST":
        return _post_reply(request, topic)
    quoted = _quoted(request, topic)
    initial = {"quoting": quoted.pk, "body": as_quote(quoted.content)} if quoted else {}
    return _reply_page(request, topic, ReplyForm(initial=initial))


def _post_reply(request: HttpRequest, topic: Topic) -> HttpResponse:
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _reply_page(request, topic, form, status=NOT_TAKEN)
    quoted = Post.objects.filter(topic=topic, approved=True, pk=form.cleaned_data["quoting"]).first()
    try:
        post = posting.reply(topic, by=request.user, body=form.cleaned_data["body"], quoting=quoted)
    except DiscussionRefused as refusal:
        form.add_error(None, str(refusal))
        return _reply_page(request, topic, form, status=TOO_LATE)
    return redirect(post)


def _reply_page(request: HttpRequest, topic: Topic, form: ReplyForm, status: int = 200) -> HttpResponse:
    context = {"topic": topic, "forum": topic.forum, "form": form, "may_reply": True}
    return render(request, "discussions/reply.html", context, status=status)


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
    form = EditForm(
        _sent(request),
        with_subject=post.position == 1,
        initial={"subject": post.topic.subject, "body": post.content, "based_on": post.updates_count},
    )
    status, theirs = 200, None
    if request.method == "POST":
        status = NOT_TAKEN
        if form.is_valid():
            try:
                return redirect(posting.edit_post(post, by=request.user, **form.cleaned_data))
            except DiscussionRefused as refusal:
                form.add_error(None, str(refusal))
                post.refresh_from_db(fields=["content_html", "updates_count"])
                _show_anew(form, "based_on", post.updates_count)
                theirs, status = post.content_html, TOO_LATE
    context = {"post": post, "topic": post.topic, "forum": post.topic.forum, "form": form, "theirs": theirs}
    return render(request, "discussions/edit.html", context, status=status)


def as_quote(words: str) -> str:
    """Each line with a `>` before it, and room below."""
    return "".join(f"> {line}".rstrip() + "\n" for line in words.splitlines()) + "\n"


def _sent(request: HttpRequest):
    """What was sent: an empty form is one too."""
    return request.POST if request.method == "POST" else None


def _quoted(request: HttpRequest, topic: Topic) -> Post | None:
    """The post that the address names: one of this topic, else 404."""
    if "quote" not in request.GET:
        return None
    try:
        post_id = int(request.GET["quote"])
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(Post, topic=topic, approved=True, pk=post_id)


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
