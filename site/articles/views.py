"""The short way to pages whose place in the tree is known: one query instead of a walk from the root."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from articles.models import ArticleIndexPage, ArticlePage, HomePage
from core.models import Subject
from core.prepared import Prepared


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    page = _home.first(request.user)
    if page is None:
        raise Http404
    return page.serve(request)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return get_object_or_404(ArticleIndexPage.objects.visible_to(request.user)).serve(request)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    subject = get_object_or_404(Subject, slug=slug)
    return get_object_or_404(ArticleIndexPage.objects.visible_to(request.user)).serve(request, subject=subject)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    page = _article.first(request.user, slug)
    if page is None:
        raise Http404
    return page.serve(request)


_home = Prepared(lambda user: HomePage.objects.visible_to(user)[:1])
_article = Prepared(lambda user, slug: ArticlePage.objects.visible_to(user).for_reading(user).filter(slug=slug)[:1])
