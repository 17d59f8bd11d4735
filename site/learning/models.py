from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index

from community.members.models import User
from core.blocks import TEXT_FEATURES
from core.models import Subject
from core.pages import AudiencePage, AudiencePageQuerySet, FixedPage, SitePageManager
from core.paging import numbered_page

LISTINGS_A_PAGE = 12


class CeIndexPage(FixedPage, Page):
    """All CE listings: what is coming up, what can be done any time, and what has been."""

    intro = models.TextField(_("introduction"), blank=True, max_length=400)

    objects = SitePageManager()

    class Meta:
        verbose_name = _("list of workshops and courses")

    content_panels = [FieldPanel("title"), FieldPanel("intro")]
    parent_page_types = ["articles.HomePage"]
    subpage_types = ["learning.CeListingPage"]

    def get_context(self, request, *args, **kwargs):
        """Adds `listings` (a numbered page of them), the `subjects` that have any, and the `chosen` filters.

        A filter that does not exist is a 404, like any other address that leads nowhere.
        """
        visible = CeListingPage.objects.visible_to(request.user)
        subjects = list(Subject.objects.filter(Exists(visible.filter(subjects=OuterRef("pk")).order_by())))
        chosen = _chosen(request.GET, subjects)
        listings = visible.past() if chosen["past"] else visible.upcoming()
        if chosen["format"]:
            listings = listings.filter(format=chosen["format"])
        if chosen["subject"]:
            listings = listings.about(chosen["subject"])
        if chosen["credit"]:
            listings = listings.with_credit()
        return super().get_context(request, *args, **kwargs) | {
            "listings": numbered_page(listings.for_list(), request, LISTINGS_A_PAGE),
            "subjects": subjects,
            "formats": CeListingPage.Format.choices,
            "chosen": chosen,
            "is_filtered": any(chosen[name] for name in ("format", "subject", "credit")),
        }


def _chosen(query, subjects: list[Subject]) -> dict:
    """What was asked for in the address; Http404 for values that were never offered."""
    chosen = {
        "format": query.get("format", ""),
        "subject": None,
        "credit": query.get("credit", "") == "yes",
        "past": query.get("when", "") == "past",
    }
    if chosen["format"] and chosen["format"] not in CeListingPage.Format.values:
        raise Http404
    if slug := query.get("topic", ""):
        chosen["subject"] = next((subject for subject in subjects if subject.slug == slug), None)
        if chosen["subject"] is None:
            raise Http404
    return chosen


class CeListingQuerySet(AudiencePageQuerySet):
    def past(self):
        """Over: the last day was before today. The newest first."""
        return self.dated().filter(last_day__lt=timezone.localdate()).order_by("-last_day", "-pk")

    def upcoming(self):
        """Not over yet, the soonest first; at the end what has no date, such as a recording."""
        today = timezone.localdate()
        open_ended = Q(last_day=None) | Q(last_day__gte=today)
        return self.dated().filter(open_ended).order_by(F("starts_on").asc(nulls_last=True), "title", "pk")

    def dated(self):
        """With `last_day`: the end where there is one, else the start."""
        return self.annotate(last_day=models.functions.Coalesce("ends_on", "starts_on"))

    def about(self, subject: Subject):
        return self.filter(subjects=subject)

    def with_credit(self):
        """Those whose approval is filled in, all three parts of it; the same as `is_ce_credit`."""
        return self.filter(approving_body__regex=r"\S", provider_number__regex=r"\S", approval_statement__regex=r"\S")

    def for_list(self):
        """With what a row of a list shows, and without the long texts."""
        return self.select_related("presenter").defer("description", "objectives").prefetch_related("subjects")

    def for_reading(self, user):
        """With what the listing's own page shows to `user`."""
        people = User.objects.visible_to(user).filter(pk=OuterRef("presenter"))
        return (
            self.select_related("presenter").annotate(presenter_is_visible=Exists(people)).prefetch_related("subjects")
        )


class CeListingPage(AudiencePage, Page):
    """One workshop or course. It says "CE credit" only where its approval is filled in, else "learning hours"."""

    class Format(models.TextChoices):
        LIVE_ONLINE = "live_online", _("Live online")
        IN_PERSON = "in_person", _("In person")
        HYBRID = "hybrid", _("In person or online")
        SELF_PACED = "self_paced", _("At your own pace")

    intro = models.TextField(
        _("introduction"), blank=True, max_length=300, help_text=_("Up to 300 characters, shown in lists and on top.")
    )
    format = models.CharField(_("format"), max_length=12, choices=Format, default=Format.LIVE_ONLINE)
    hours = models.DecimalField(
        _("hours"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal("200"))],
        help_text=_("Hours of learning, without breaks, for example 1.5."),
    )
    starts_on = models.DateField(
        _("first day"), null=True, blank=True, db_index=True, help_text=_("Leave empty for what can be done any time.")
    )
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Only where it is another than the first.")
    )
    times = models.CharField(
        _("time of day"),
        max_length=120,
        blank=True,
        help_text=_("In words and with the time zone, for example: 10 am to 1 pm, Eastern time."),
    )
    place = models.CharField(_("place"), max_length=160, blank=True, help_text=_("Town and venue, where people meet."))
    presenter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("presented by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="ce_listings",
        help_text=_("A member. Their name is shown to everybody who reads this, their profile to members only."),
    )
    presenter_text = models.CharField(
        _("presented by somebody else"),
        max_length=200,
        blank=True,
        help_text=_("Name and credentials, where it is not a member."),
    )
    objectives = StreamField(
        [("objective", blocks.CharBlock(max_length=300, label=_("Objective"), icon="check"))],
        verbose_name=_("learning objectives"),
        blank=True,
        help_text=_("What participants will be able to do, one by one. Begin each with a verb."),
    )
    description = RichTextField(_("description"), blank=True, features=TEXT_FEATURES)
    price = models.DecimalField(
        _("price"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0"))],
        help_text=_("0 is shown as free. Leave empty to say nothing."),
    )
    registration_link = models.URLField(_("registration"), blank=True, help_text=_("Where people sign up."))
    approving_body = models.CharField(_("approving body"), max_length=160, blank=True)
    provider_number = models.CharField(_("provider number"), max_length=60, blank=True)
    approval_statement = models.TextField(
        _("approval statement"), blank=True, help_text=_("Word for word as the approving body asks for it.")
    )
    subjects = ParentalManyToManyField(Subject, verbose_name=_("topics"), blank=True, related_name="ce_listings")

    objects = PageManager.from_queryset(CeListingQuerySet)()

    class Meta:
        verbose_name = _("workshop or course")
        verbose_name_plural = _("workshops and courses")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="listing_ends_after_it_starts",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.CheckConstraint(condition=Q(hours__gt=0), name="listing_has_hours"),
        ]

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldRowPanel([FieldPanel("format"), FieldPanel("hours")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                FieldPanel("times"),
                FieldPanel("place"),
            ],
            heading=_("When and where"),
        ),
        MultiFieldPanel([FieldPanel("presenter"), FieldPanel("presenter_text")], heading=_("Who presents")),
        FieldPanel("description"),
        FieldPanel("objectives"),
        FieldRowPanel([FieldPanel("price"), FieldPanel("registration_link")]),
        MultiFieldPanel(
            [FieldPanel("approving_body"), FieldPanel("provider_number"), FieldPanel("approval_statement")],
            heading=_("Approval for CE credit"),
            help_text=_(
                "The page says “CE credit” only when all three are filled in. Until then it says “learning hours”."
            ),
        ),
        FieldPanel("subjects", widget=forms.CheckboxSelectMultiple),
        FieldPanel("audience"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("description"),
        index.SearchField("objectives"),
        index.SearchField("presenter_text"),
        index.SearchField("place"),
        index.RelatedFields("presenter", [index.SearchField("display_name")]),
        index.RelatedFields("subjects", [index.SearchField("name"), index.FilterField("id")]),
        index.FilterField("audience"),
        index.FilterField("format"),
        index.FilterField("starts_on"),
    ]
    parent_page_types = ["learning.CeIndexPage"]
    subpage_types: list[str] = []
    address_below = "/learning/"
    own_routes = ("listing", "wagtail_serve")

    def clean(self):
        super().clean()
        if self.ends_on and not self.starts_on:
            raise ValidationError({"starts_on": gettext("Say on which day it starts.")})
        if self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": gettext("The last day comes before the first.")})

    @property
    def is_ce_credit(self) -> bool:
        return all(part.strip() for part in (self.approving_body, self.provider_number, self.approval_statement))

    @property
    def hours_words(self) -> str:
        """ "3 hours of CE credit", or "1.5 learning hours" where no approval is filled in."""
        hours = Decimal(self.hours).normalize()
        words = {"hours": f"{hours:f}"}
        if self.is_ce_credit:
            return (
                ngettext("%(hours)s hour of CE credit", "%(hours)s hours of CE credit", 1 if hours == 1 else 2) % words
            )
        return ngettext("%(hours)s learning hour", "%(hours)s learning hours", 1 if hours == 1 else 2) % words

    @property
    def is_over(self) -> bool:
        last_day = self.ends_on or self.starts_on
        return last_day is not None and last_day < timezone.localdate()

    @property
    def presented_by(self) -> str:
        return self.presenter.display_name if self.presenter else self.presenter_text
