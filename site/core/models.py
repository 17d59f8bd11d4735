from functools import cached_property

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as StockDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as StockImage

from core import branding, documents, metadata
from core.prepared import Prepared

LOGO = "max-480x96|format-webp-lossless"


class Subject(models.Model):
    """One word of the kept vocabulary ("Trauma", "Telehealth"), used for articles, listings and interests.

    Shown to people as a "topic"; the name is taken by the topics of a forum.
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SiteImage(AbstractImage):
    """Wagtail's image as a model of ours, so that fields can be added while rows exist."""

    admin_form_fields = StockImage.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_siteimage", "Can choose image")]

    def generate_rendition_file(self, filter, *, source=None):  # the name is Wagtail's
        """As Wagtail does, without what the camera wrote into it, and with the temporary file closed."""
        with super().generate_rendition_file(filter, source=source) as made:
            made.seek(0)
            return ContentFile(metadata.without_metadata(made.read()), name=made.name)


class SiteRendition(AbstractRendition):
    """An image in one size."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition")
        ]
        indexes = [models.Index(fields=["file"], name="rendition_by_file")]


class SiteDocument(AbstractDocument):
    """Wagtail's document as a model of ours, so that fields can be added while rows exist."""

    admin_form_fields = StockDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_sitedocument", "Can choose document")]

    def clean(self):
        """Refuse a file whose content is not what its name says."""
        super().clean()
        if self.file and not self.file._committed:
            documents.validate_document(self.file.file, self.file.name)


@register_setting(icon="home", order=10)
class Association(BaseSiteSetting):
    """The association that runs this site: its name, looks and words."""

    name = models.CharField(_("name"), max_length=120, blank=True, help_text=_("The association's full name."))
    short_name = models.CharField(
        _("short name"),
        max_length=30,
        blank=True,
        help_text=_("What members call it. It stands at the top of each page."),
    )
    logo = models.ForeignKey(
        SiteImage,
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown beside the name. A square or wide drawing works best; it is shrunk to fit."),
    )
    accent = models.CharField(
        _("color"),
        max_length=7,
        blank=True,
        validators=[branding.validate_accent],
        help_text=_(
            "The color of buttons and links, as # and six digits, for example #1c5b52. It must be dark enough to read. "
            "Leave empty for the green of the house."
        ),
    )
    contact_email = models.EmailField(
        _("contact address"), blank=True, help_text=_("Where people write to. Shown at the foot of each page.")
    )
    welcome = models.TextField(
        _("welcome"),
        blank=True,
        max_length=600,
        help_text=_("Two or three sentences for visitors, on the home page. Members don't see them."),
    )
    footer = models.CharField(
        _("line at the foot"), max_length=300, blank=True, help_text=_("One sentence at the foot of each page.")
    )
    case_notice = models.TextField(
        _("about crises and duties to report"),
        blank=True,
        max_length=1500,
        help_text=_(
            "Stands beside the box in which a case is written: whom to call when somebody is in danger, and what the "
            "law where you are asks to be reported. Markdown. Leave empty for a sentence of ours that names no law. "
            "That nobody is on watch round the clock is always said."
        ),
    )
    currency_sign = models.CharField(
        _("currency sign"), max_length=4, default="$", help_text=_("Stands before the price of a workshop.")
    )

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("short_name")], heading=_("Name")),
        MultiFieldPanel([FieldPanel("logo"), FieldPanel("accent")], heading=_("Looks")),
        MultiFieldPanel(
            [FieldPanel("welcome"), FieldPanel("footer"), FieldPanel("contact_email"), FieldPanel("case_notice")],
            heading=_("Words"),
        ),
        FieldPanel("currency_sign"),
    ]

    class Meta:
        verbose_name = _("association")

    def __str__(self) -> str:
        return self.full_name

    @classmethod
    def current(cls) -> "Association":
        """The association of this site, with its logo, in one query; an empty one where no row is left."""
        return _current.first() or cls()

    @classmethod
    def for_request(cls, request) -> "Association":
        """The same, once a request. One site serves one association, whichever host name was asked for."""
        if not hasattr(request, "_association"):
            request._association = cls.current()
        return request._association

    @property
    def full_name(self) -> str:
        return self.name or settings.WAGTAIL_SITE_NAME

    @property
    def title(self) -> str:
        """What stands at the top of each page."""
        return self.short_name or self.full_name

    @cached_property
    def logo_url(self) -> str:
        if not self.logo_id:
            return ""
        if name := getattr(self, "logo_file", None):
            return default_storage.url(name)
        return self.logo.get_rendition(LOGO).url

    @property
    def brand_version(self) -> str:
        """For the address of `/brand.css`; empty where the colours of the house stand."""
        return branding.version(self.accent) if self.accent else ""


@Prepared
def _current():
    logo = SiteRendition.objects.filter(image=OuterRef("logo"), filter_spec=LOGO).values("file")[:1]
    rows = Association.objects.filter(site__is_default_site=True).order_by("pk")
    return rows.annotate(logo_file=Subquery(logo))[:1]


class AuditEntry(models.Model):
    """That somebody did something, in ids. Written by `core.audit.write` only; triggers refuse every change of it."""

    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)
    actor_id = models.BigIntegerField(_("by"), null=True, editable=False)
    action = models.CharField(_("action"), max_length=60, editable=False)
    target_kind = models.CharField(max_length=60, null=True, editable=False)  # noqa: DJ001 - empty is no kind at all
    target_id = models.BigIntegerField(null=True, editable=False)
    person_id = models.BigIntegerField(_("person"), null=True, editable=False)

    class Meta:
        verbose_name = _("entry of the audit trail")
        verbose_name_plural = _("entries of the audit trail")
        default_permissions = ("view",)
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(action__regex=r"^[a-z_]+([.][a-z_]+)+$"), name="audit_action_is_a_word"),
            models.CheckConstraint(
                condition=Q(target_kind=None, target_id=None)
                | Q(target_kind__isnull=False, target_kind__regex=r"^[a-z_]+[.][a-z_]+$", target_id__isnull=False),
                name="audit_target_has_kind_and_id",
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["target_kind", "target_id"], name="audit_of_a_target"),
            models.Index(fields=["actor_id"], condition=Q(actor_id__isnull=False), name="audit_by_an_actor"),
            models.Index(fields=["person_id"], condition=Q(person_id__isnull=False), name="audit_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"
