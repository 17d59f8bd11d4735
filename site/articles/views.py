"""The short way to pages whose place in the tree is known: one query instead of a walk from the root."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from articles.models import ArticleIndexPage, ArticlePage, HomePage
from core.models import Subject


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return get_object_or_404(HomePage.objects.visible_to(request.user)).serve(request)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return get_object_or_404(ArticleIndexPage.objects.visible_to(request.user)).serve(request)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    subject = get_object_or_404(Subject, slug=slug)
    return get_object_or_404(ArticleIndexPage.objects.visible_to(request.user)).serve(request, subject=subject)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    articles = ArticlePage.objects.visible_to(request.user).for_reading(request.user)
    return get_object_or_404(articles, slug=slug).serve(request)
