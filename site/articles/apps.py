from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import first_steps


class ArticlesConfig(AppConfig):
    """The home page and the articles."""

    name = "articles"
    label = "articles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from articles.models import ArticleIndexPage, ArticlePage, HomePage

        first_steps.register(
            _("Write the headline of the home page"),
            lambda: reverse("wagtailadmin_pages:edit", args=[HomePage.objects.values_list("pk", flat=True).first()]),
            first_steps.has_rows(HomePage.objects.filter(latest_revision__isnull=False)),
            order=20,
        )
        first_steps.register(
            _("Publish a first article"),
            lambda: reverse(
                "wagtailadmin_explore", args=[ArticleIndexPage.objects.values_list("pk", flat=True).first()]
            ),
            first_steps.has_rows(ArticlePage.objects.live()),
            order=50,
        )
