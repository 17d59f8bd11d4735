from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.groups.models.group import Group
from core.markdown import MAX_LENGTH


class AgreementQuerySet(models.QuerySet):
    def published(self):
        return self.filter(version__isnull=False)

    def drafts(self):
        return self.filter(version__isnull=True)

    def current(self):
        """The newest published version for each kind of group."""
        newest = self.model.objects.published().order_by("kind", "-version").distinct("kind")
        return self.filter(pk__in=newest.values("pk"))


class Agreement(models.Model):
    """One version of the text that everybody in a kind of group signs. Staff write it.

    A draft has no version yet. From its publication on it is never changed: a new wording is a new version. Changed by
    the functions in `community.groups.agreements` only.
    """

    kind = models.CharField(_("for"), max_length=12, choices=Group.Kind, default=Group.Kind.CONSULTATION)
    version = models.PositiveIntegerField(_("version"), null=True, blank=True, editable=False)
    body = models.TextField(
        _("wording"),
        max_length=MAX_LENGTH,
        help_text=_("Markdown: ## for a heading, - for a list, [words](address) for a link."),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    counsel_confirmed_at = models.DateTimeField(_("seen by counsel"), null=True, blank=True, editable=False)
    counsel_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["kind", models.F("version").desc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_agreement_a_version"),
            models.CheckConstraint(
                condition=Q(version__isnull=True, published_at__isnull=True)
                | Q(version__isnull=False, published_at__isnull=False),
                name="published_agreement_has_a_version",
            ),
        ]

    def __str__(self) -> str:
        if self.version is None:
            return gettext("%(kind)s, draft") % {"kind": self.get_kind_display()}
        return gettext("%(kind)s, version %(version)s") % {"kind": self.get_kind_display(), "version": self.version}


class AdditionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What a group added is read by those who may sign it, and those inside."""
        return self.filter(group__in=Group.objects.agreement_shown_to(user).values("pk"))


class Addition(models.Model):
    """One version of what a group adds to the agreement of its kind; an empty one takes the last one back."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="additions")
    version = models.PositiveIntegerField(_("version"))
    body = models.TextField(_("what we add"), max_length=4000, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(_("published"), default=timezone.now)

    objects = AdditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("addition to the agreement")
        verbose_name_plural = _("additions to agreements")
        ordering = ["group", "-version"]
        constraints = [models.UniqueConstraint(fields=["group", "version"], name="one_addition_a_version")]

    def __str__(self) -> str:
        return f"{self.group_id}, {self.version}"


class Signature(models.Model):
    """That somebody signed: which version, when, and the hash of the words that they read. Never changed."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="signatures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    addition = models.ForeignKey(Addition, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    edition = models.PositiveIntegerField()
    text_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["-signed_at"]
        indexes = [models.Index(fields=["group", "user", "-edition"], name="who_signed_what")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.group_id}, {self.edition}"
