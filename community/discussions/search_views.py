from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from community.discussions import search
from community.discussions.moments import ago, exactly
from community.discussions.search_forms import RELEVANCE, SearchForm
from core.addresses import address
from core.paging import turned_to

BAD = 400  # what was asked can't be looked for; the form says why


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Posts that the reader may see, by words, author, forum, kind, tag and days. A plain form that is got."""
    form = SearchForm(request.GET or None, reader=request.user)
    if not form.is_bound:
        return render(request, "discussions/search.html", {"form": form})
    if not form.is_valid():
        return render(request, "discussions/search.html", {"form": form}, status=BAD)
    wanted, page = form.wanted, None
    if form.cleaned_data["order"] == RELEVANCE and wanted.words.strip():
        hits, page = _ranked(request, wanted)
    else:
        try:
            hits = search.newest(request.user, wanted, before=request.GET.get("before", ""))
        except ValueError as error:
            raise Http404 from error
    if hits.problem:
        form.add_error("q", hits.problem)
    _dress(hits)
    context = {"form": form, "hits": hits, "page": page, "is_asked": wanted.is_anything}
    older = f"?{urlencode({**_asked(request), 'before': hits.older})}" if hits.older else ""
    context |= {"older_url": older, "first_url": f"?{urlencode(_asked(request))}" if request.GET.get("before") else ""}
    return render(request, "discussions/search.html", context, status=BAD if hits.problem else 200)


def _ranked(request: HttpRequest, wanted: search.Wanted) -> tuple[search.Hits, Page]:
    try:
        number = int(request.GET.get("page", "1"))
    except ValueError as error:
        raise Http404 from error
    if not 1 <= number <= search.RANKED // search.HITS_A_PAGE:
        raise Http404
    hits = search.most_relevant(request.user, wanted, page=number)
    ranked = min(hits.count or 0, search.RANKED)
    return hits, turned_to(Paginator(range(ranked), search.HITS_A_PAGE), request)


def _dress(hits: search.Hits) -> None:
    """What a row shows, worked out in one go."""
    for post in hits.posts:
        post.url = address("discussions:post", post.pk)
        post.ago, post.exactly = ago(post.created), exactly(post.created)
        post.author = post.poster.display_name if post.poster else ""
        post.kind_words = "" if post.topic.kind == "discussion" else post.topic.get_kind_display()


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the address says but for the place in the list, and without what is empty."""
    return {name: value for name, value in request.GET.items() if value and name not in ("before", "page")}
