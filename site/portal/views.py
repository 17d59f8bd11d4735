from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.models import ArticlePage
from community.discussions import suggestions
from community.groups import steps
from community.safety import queue
from core.prepared import Prepared
from events import agenda
from portal import search as searching
from portal import welcome
from portal.forms import InterestsForm, ZoneForm

THREADS = 3
ARTICLES = 2
LONGEST_QUERY = 200


@require_safe
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """A member's home: what is worth five minutes, and nothing else."""
    return _today(request)


@require_POST
@login_required
def choose_zone(request: HttpRequest) -> HttpResponse:
    form = ZoneForm(request.POST)
    if not form.is_valid():
        return _today(request, zone_form=form, status=422)
    welcome.choose_zone(form.cleaned_data["time_zone"], by=request.user)
    messages.success(request, _("Times are now shown in your zone."))
    return redirect("portal:today")


@require_POST
@login_required
def choose_interests(request: HttpRequest) -> HttpResponse:
    form = InterestsForm(request.POST)
    if not form.is_valid():
        return _today(request, interests_form=form, status=422)
    welcome.choose_interests(form.cleaned_data["interests"], by=request.user)
    messages.success(request, _("Noted. Threads and articles about these come first for you."))
    return redirect("portal:today")


@require_POST
@login_required
def skip_step(request: HttpRequest, step: str) -> HttpResponse:
    if step not in welcome.Step.values:
        raise Http404
    welcome.skip(step, by=request.user)
    return redirect("portal:today")


def _today(request: HttpRequest, *, zone_form=None, interests_form=None, status: int = 200) -> HttpResponse:
    user = request.user
    step, step_number = welcome.next_step(user)
    context = {
        "step": step,
        "step_number": step_number,
        "meetings": agenda.upcoming_for(user, 1),
        "reports_waiting": queue.count(user),
        "groups_waiting": steps.waiting_for(user),
        "followed": suggestions.followed_with_news(user, THREADS),
        "threads": suggestions.threads_for(user, THREADS),
        "articles": _articles(user),
    }
    if step:
        context |= {
            "zone_form": zone_form or ZoneForm(initial={"time_zone": user.time_zone}),
            "interests_form": interests_form or InterestsForm(),
            "chapters": welcome.chapters_for(user) if step == welcome.Step.CHAPTER else [],
        }
    return render(request, "portal/today.html", context, status=status)


_articles = Prepared(
    lambda user: ArticlePage.objects.visible_to(user).newest().only("title", "intro", "url_path")[:ARTICLES]
)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """One page across everything that the reader may see, with counts by kind."""
    query = " ".join(request.GET.get("q", "").split())
    if "\x00" in query:
        raise BadRequest
    query = query[:LONGEST_QUERY]
    kind = request.GET.get("kind", "")
    try:
        result = searching.search(request.user, query, kind=kind, page=request.GET.get("page", 1)) if query else None
    except InvalidPage as error:
        raise Http404 from error
    return render(request, "portal/search.html", {"query": query, "kind": kind, "result": result})
