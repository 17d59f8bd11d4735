"""What becomes of one post: its author removes it, whoever looks after the place hides, edits, approves or splits it
off, and both see its history and remove client details. A page asks, and a plain form does it."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from community.discussions import history, merging, moderation, permissions, purging
from community.discussions.models import Attachment, Forum, Post, Topic
from community.discussions.moderation_forms import AmendForm, HideForm, PurgeForm, ReasonForm, SplitForm
from community.discussions.refusals import DiscussionRefused
from community.discussions.second_look import second_look
from core.paging import numbered_page
from core.statuses import NOT_TAKEN, TOO_LATE

SPLIT_SHOWN = 40
REMOVED_A_PAGE = 20
asks_and_does = require_http_methods(["GET", "HEAD", "POST"])


@asks_and_does
@login_required
def remove(request: HttpRequest, post_id: int) -> HttpResponse:
    """Remove one's own post."""
    post = _post(request, post_id, permissions.may_remove)
    if request.method == "POST":
        try:
            moderation.remove(post, by=request.user)
        except DiscussionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your post is removed. You can put it back from “Removed posts”."))
        return _back(request, post)
    answered = moderation.is_answered(post)
    lead = (
        _("Its place says that it was removed by its author. Answers to it stay.")
        if answered
        else _("Nobody has answered yet, so the conversation goes with it.")
    )
    return _confirm(request, post, title=_("Remove your post?"), lead=lead, button=_("Remove it"), is_danger=True)


@asks_and_does
@login_required
def hide(request: HttpRequest, post_id: int) -> HttpResponse:
    """Hide somebody else's post, or turn one down that waits."""
    post = _post(request, post_id, permissions.may_hide)
    starts = post.position == 1 and moderation.is_answered(post)
    form = HideForm(_sent(request), is_answered=starts)
    title = _("Turn this post down?") if post.held_at else _("Hide this post?")
    lead = _("Nobody reads it any more. Whoever wrote it is told, with your reason, and keeps their words.")
    page = {"title": title, "lead": lead, "button": _("Hide it"), "is_danger": True}
    return _asked(request, post, form, page, moderation.hide, done=_("It is hidden, and its author is told."))


@asks_and_does
@login_required
def restore(request: HttpRequest, post_id: int) -> HttpResponse:
    """Put back what was hidden, or what one removed oneself."""
    post = _post(request, post_id, permissions.may_restore)
    is_own = post.removed == Post.Removed.AUTHOR
    form = None if is_own else ReasonForm(_sent(request))
    waits = is_own and post.position is None
    lead = _("It waits for a moderator again.") if waits else _("It stands where it stood.")
    page = {"title": _("Put this post back?"), "lead": lead, "button": _("Put it back")}
    return _asked(request, post, form, page, moderation.restore, done=lead if waits else _("It can be read again."))


@asks_and_does
@login_required
def approve(request: HttpRequest, post_id: int) -> HttpResponse:
    """Let a post through that waits."""
    post = _post(request, post_id, permissions.may_approve)
    page = {
        "title": _("Let this post through?"),
        "lead": _("It stands at the end of its conversation then, and whoever follows is told."),
        "button": _("Let it through"),
        "ways": [("discussions:hide", _("Turn it down"))],
    }
    return _asked(request, post, None, page, moderation.approve, done=_("Everybody there can read it now."))


@asks_and_does
@login_required
def amend(request: HttpRequest, post_id: int) -> HttpResponse:
    """Edit somebody else's post."""
    post = _post(request, post_id, permissions.may_amend)
    form = AmendForm(_sent(request), post=post)
    page = {
        "title": _("Edit this post"),
        "lead": _("Whoever wrote it is told why, and both of you see in its history what was changed."),
        "button": _("Save"),
        "is_long": True,
    }
    look = second_look(form, (), request.POST, by=request.user) if form.is_valid() else None
    if look is not None:
        return _confirm(request, post, form=form, status=NOT_TAKEN, look=look, **page)
    return _asked(request, post, form, page, moderation.amend, done=_("Saved, and its author is told."))


@asks_and_does
@login_required
def split(request: HttpRequest, post_id: int) -> HttpResponse:
    """Start a new conversation with this answer and others after it."""
    post = _post(request, post_id, permissions.may_split)
    after = Post.objects.filter(topic=post.topic_id, position__gte=post.position).order_by("position")
    shown = list(after.select_related("poster").defer("search", "content")[: SPLIT_SHOWN + 1])
    has_more, shown = len(shown) > SPLIT_SHOWN, shown[:SPLIT_SHOWN]
    choices = [(each.pk, _first_words(each)) for each in shown]
    form = SplitForm(_sent(request), choices=choices, has_more=has_more, initial={"posts": [post.pk]})

    def do(found: Post, *, by, subject: str, posts: list[int], reason: str, rest: bool = False) -> Topic:
        more = after.filter(position__gt=shown[-1].position).values_list("pk", flat=True) if rest else []
        return merging.split(found.topic, [*posts, *more], by=by, subject=subject, reason=reason)

    page = {
        "title": _("Start a new conversation from here"),
        "lead": _("What you choose stands in a conversation of its own, in the same forum. Links to each post stay."),
        "button": _("Split it off"),
    }
    done = _("The new conversation stands here, and those whose posts went are told.")
    return _asked(request, post, form, page, do, done=done)


@asks_and_does
@login_required
def purge(request: HttpRequest, post_id: int) -> HttpResponse:
    """Remove client details for good."""
    post = _post(request, post_id, permissions.may_purge)
    has_files = Attachment.objects.filter(post=post).exists()
    form = PurgeForm(_sent(request), is_own=post.poster_id == request.user.pk, has_files=has_files)
    status = 200
    if request.method == "POST":
        status = NOT_TAKEN
        if form.is_valid():
            data = dict(form.cleaned_data)
            phrases = data["phrases"] if data.pop("extent") == "some" else ()
            try:
                purged = purging.purge(post, by=request.user, **data | {"phrases": phrases})
            except DiscussionRefused as refusal:
                form.add_error(None, str(refusal))
                status = TOO_LATE
            else:
                return _purged(request, post, purged, phrases)
    context = _context(post) | {"form": form, "out_of_reach": purging.cannot_reach(), "shows_words": True}
    return render(request, "discussions/purge.html", context, status=status)


@require_safe
@login_required
def versions(request: HttpRequest, post_id: int) -> HttpResponse:
    """What a post said before, and what was changed: one change at a time."""
    post = history.find(post_id, request.user) if post_id <= BigIntegerField.MAX_BIGINT else None
    if post is None:
        raise Http404
    all_of_them = history.versions(post)
    try:
        number = int(request.GET.get("to", all_of_them[-1].number))
    except ValueError as error:
        raise Http404 from error
    shown = next((index for index, version in enumerate(all_of_them) if version.number == number), None)
    if shown is None:
        raise Http404
    now, before = all_of_them[shown], all_of_them[shown - 1] if shown else None
    context = _context(post) | {
        "versions": all_of_them[::-1],
        "shown": now,
        "before": before,
        "subject": history.changes(before.subject, now.subject) if before else [history.Piece("", now.subject)],
        "pieces": history.changes(before.content, now.content) if before else [history.Piece("", now.content)],
    }
    return render(request, "discussions/history.html", context)


@require_safe
@login_required
def removed(request: HttpRequest) -> HttpResponse:
    """What the reader can put back: what was hidden where they look after the place, and what they removed."""
    page = numbered_page(moderation.restorable(request.user), request, REMOVED_A_PAGE)
    return render(request, "discussions/removed.html", {"page": page, "posts": page.object_list})


def _post(request: HttpRequest, post_id: int, may: Callable[..., bool]) -> Post:
    """A post of a forum that the reader reads, with which they may do this; else it is not there."""
    readable = Forum.objects.visible_to(request.user).values("pk")
    posts = Post.objects.filter(topic__forum__in=readable).select_related("topic__forum__group", "poster")
    post = get_object_or_404(posts.defer("search"), pk=post_id)
    if not may(request.user, post):
        raise Http404
    return post


def _asked(request: HttpRequest, post: Post, form, page: dict, do: Callable, *, done: str) -> HttpResponse:
    """The page that asks, or what comes of its form."""
    if request.method != "POST" or (form is not None and not form.is_valid()):
        return _confirm(request, post, form=form, status=NOT_TAKEN if request.method == "POST" else 200, **page)
    try:
        result = do(post, by=request.user, **(form.cleaned_data if form is not None else {}))
    except DiscussionRefused as refusal:
        if form is None:
            messages.error(request, str(refusal))
            return _back(request, post)
        form.add_error(None, str(refusal))
        post.refresh_from_db(fields=["updates_count"])
        if "based_on" in form.fields:
            form.data = form.data.copy()
            form.data["based_on"] = post.updates_count
        return _confirm(request, post, form=form, status=TOO_LATE, **page)
    messages.success(request, done)
    return redirect(result) if isinstance(result, Topic) else _back(request, post)


def _confirm(request: HttpRequest, post: Post, *, form=None, status: int = 200, **page) -> HttpResponse:
    context = _context(post) | {"form": form, **page}
    return render(request, "discussions/confirm.html", context, status=status)


def _context(post: Post) -> dict:
    return {"post": post, "topic": post.topic, "forum": post.topic.forum}


def _back(request: HttpRequest, post: Post) -> HttpResponse:
    """To the post's place, or to its forum where the whole conversation is gone."""
    topic = Topic.objects.visible_to(request.user).filter(posts=post.pk).select_related("forum").first()
    if topic is None:
        return redirect(post.topic.forum)
    is_in_place = Post.objects.shown_to(request.user).filter(pk=post.pk).exists()
    return redirect("discussions:post", post.pk) if is_in_place else redirect(topic)


def _purged(request: HttpRequest, post: Post, purged: purging.Purged, phrases) -> HttpResponse:
    """What is done, what others still say, and what nobody can reach."""
    quotes = ngettext(
        "The quote in %(count)s other post went too.", "The quotes in %(count)s other posts went too.", purged.quotes
    ) % {"count": purged.quotes}
    context = {
        "forum": post.topic.forum,
        "quotes": quotes if purged.quotes else "",
        "still_said": purging.still_said(post, phrases, to=request.user) if phrases else [],
        "out_of_reach": purging.cannot_reach(),
        "post": post,
        "is_there": Topic.objects.visible_to(request.user).filter(posts=post.pk).exists(),
    }
    return render(request, "discussions/purged.html", context)


def _first_words(post: Post) -> str:
    name = post.poster.display_name if post.poster else _("A former member")
    return f"{name}: {Truncator(post.plain_words[:200]).words(14)}"


def _sent(request: HttpRequest):
    return request.POST if request.method == "POST" else None
