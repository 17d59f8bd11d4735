from django import forms
from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index

from articles import lines
from articles.reading import minutes_to_read
from community.members.models import User
from core import pictures
from core.blocks import BodyBlock
from core.models import SiteImage, Subject
from core.pages import (
    AudiencePage,
    AudiencePageManager,
    AudiencePageQuerySet,
    FixedPage,
    SitePageManager,
)
from core.paging import numbered_page
from core.prepared import Prepared

ARTICLES_A_PAGE = 12
ARTICLES_AT_HOME = 6


class HomePage(FixedPage, Page):
    """The first page: what the association is, and what is new."""

    intro = models.TextField(
        _("introduction"), blank=True, max_length=400, help_text=_("One or two sentences under the headline.")
    )
    featured = models.ForeignKey(
        "articles.ArticlePage",
        verbose_name=_("featured article"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Stands first, for those who may read it. Leave empty for the newest."),
    )

    objects = SitePageManager()

    class Meta:
        verbose_name = _("home page")

    content_panels = [
        FieldPanel("title", heading=_("Headline"), help_text=_("The first words that a visitor reads.")),
        FieldPanel("intro"),
        PageChooserPanel("featured", "articles.ArticlePage"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["articles.ArticleIndexPage", "articles.StandardPage", "learning.CeIndexPage"]

    def get_context(self, request, *args, **kwargs):
        """Adds `lead`, the featured or else newest article, and `articles`, the newest others."""
        newest = lines.lines(_at_home(request.user, self.featured_id), "card", "wide")
        return super().get_context(request, *args, **kwargs) | {"lead": newest[:1], "articles": newest[1:]}


class ArticleIndexPage(FixedPage, Page):
    """All articles, newest first, whole or by topic."""

    intro = models.TextField(_("introduction"), blank=True, max_length=400)

    objects = SitePageManager()

    class Meta:
        verbose_name = _("list of articles")

    content_panels = [FieldPanel("title"), FieldPanel("intro")]
    parent_page_types = ["articles.HomePage"]
    subpage_types = ["articles.ArticlePage"]

    def get_context(self, request, *args, subject: Subject | None = None, **kwargs):
        """Adds `articles` (a numbered page of them), the `subjects` that have any, and the chosen `subject`."""
        visible = ArticlePage.objects.visible_to(request.user)
        articles = visible.about(subject) if subject else visible
        page = numbered_page(articles.newest().for_list(), request, ARTICLES_A_PAGE)
        page.object_list = lines.lines(page.object_list)
        return super().get_context(request, *args, **kwargs) | {
            "articles": page,
            "subjects": Subject.objects.filter(Exists(visible.filter(subjects=OuterRef("pk")).order_by())),
            "subject": subject,
        }


class ArticleQuerySet(AudiencePageQuerySet):
    def newest(self):
        return self.order_by("-published_on", "-pk")

    def about(self, subject: Subject):
        return self.filter(subjects=subject)

    def with_subjects(self):
        """Adds `listed_subjects`: one topic a line, its slug before its name."""
        through = self.model._meta.get_field("subjects").remote_field.through
        line = Concat("subject__slug", Value(" "), "subject__name", output_field=models.TextField())
        of_article = through.objects.filter(articlepage=OuterRef("pk")).order_by().values("articlepage")
        text = of_article.annotate(text=StringAgg(line, "\n", order_by="subject__name")).values("text")
        return self.annotate(listed_subjects=Coalesce(Subquery(text), Value(""), output_field=models.TextField()))

    def for_list(self):
        """What `articles.lines` makes the rows of a list of."""
        return self.with_subjects().values_list(*lines.COLUMNS)

    def for_reading(self, user):
        """With what the article's own page shows to `user`."""
        people = User.objects.visible_to(user).filter(pk=OuterRef("author"))
        rows = self.with_subjects().select_related("author", "lead_image")
        return rows.annotate(author_is_visible=Exists(people))


class BodyPage(AudiencePage):
    """Mixin for a page that is read: a body of blocks, whose pictures are loaded in one query."""

    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        images = [block.value["image"] for block in self.body if block.block_type == "image"]
        images += filter(None, [self.leading_image])
        at_hand = pictures.sizes_of([image.pk for image in images], "wide")
        for image in images:
            image.sizes_at_hand = at_hand
        return super().get_context(request, *args, **kwargs)

    @property
    def leading_image(self) -> SiteImage | None:
        """The picture above the text."""
        return None


class ArticlePage(BodyPage, Page):
    """One article."""

    intro = models.TextField(
        _("introduction"), blank=True, max_length=300, help_text=_("Up to 300 characters, shown in lists and on top.")
    )
    lead_image = models.ForeignKey(
        SiteImage, verbose_name=_("picture"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lead_image_alt = models.CharField(
        _("what the picture shows"),
        max_length=200,
        blank=True,
        help_text=_("Read aloud to people who don't see it. Say what matters about it, in a few words."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="articles",
        help_text=_("A member. Their name is shown to everybody who reads this, their profile to members only."),
    )
    author_text = models.CharField(
        _("written by somebody else"), max_length=120, blank=True, help_text=_("A name, where it is not a member.")
    )
    published_on = models.DateField(_("date"), default=timezone.localdate, db_index=True)
    subjects = ParentalManyToManyField(Subject, verbose_name=_("topics"), blank=True, related_name="articles")

    objects = PageManager.from_queryset(ArticleQuerySet)()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel([FieldPanel("lead_image"), FieldPanel("lead_image_alt")], heading=_("Picture")),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("author"), FieldPanel("author_text"), FieldPanel("published_on")], heading=_("Byline")
        ),
        FieldPanel("subjects", widget=forms.CheckboxSelectMultiple),
        FieldPanel("audience"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
        index.SearchField("author_text"),
        index.RelatedFields("author", [index.SearchField("display_name")]),
        index.RelatedFields("subjects", [index.SearchField("name"), index.FilterField("id")]),
        index.FilterField("audience"),
        index.FilterField("published_on"),
    ]
    parent_page_types = ["articles.ArticleIndexPage"]
    subpage_types: list[str] = []
    address_below = "/articles/"
    own_routes = ("article", "wagtail_serve")

    def get_context(self, request, *args, **kwargs):
        # What is being written, or was found on Wagtail's own way, comes without the list.
        listed = getattr(self, "listed_subjects", None)
        subjects = self.subjects.all() if listed is None else lines.subjects_in(listed)
        return super().get_context(request, *args, **kwargs) | {"subjects": subjects}

    def clean(self):
        super().clean()
        if self.lead_image_id and not self.lead_image_alt.strip():
            raise ValidationError(
                {"lead_image_alt": gettext("Say what the picture shows, for people who don't see it.")}
            )

    @property
    def leading_image(self) -> SiteImage | None:
        return self.lead_image

    @property
    def byline(self) -> str:
        return self.author.display_name if self.author else self.author_text

    @property
    def minutes(self) -> int:
        """Minutes to read it."""
        return minutes_to_read(list(self.body.raw_data))


class StandardPage(BodyPage, Page):
    """A standing page of the association: who we are, how to reach us, the accessibility statement."""

    intro = models.TextField(_("introduction"), blank=True, max_length=400)

    objects = AudiencePageManager()

    class Meta:
        verbose_name = _("standing page")
        verbose_name_plural = _("standing pages")

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body"), FieldPanel("audience")]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
        index.FilterField("audience"),
    ]
    parent_page_types = ["articles.HomePage"]
    subpage_types: list[str] = []
    address_below = "/"


@Prepared
def _at_home(user, featured_id: int | None) -> AudiencePageQuerySet:
    """What `user` may read, the featured article first and then the newest."""
    first = Case(When(pk=featured_id, then=Value(0)), default=Value(1)) if featured_id else Value(1)
    articles = ArticlePage.objects.visible_to(user).for_list().alias(place=first)
    return articles.order_by("place", "-published_on", "-pk")[: ARTICLES_AT_HOME + 1]
