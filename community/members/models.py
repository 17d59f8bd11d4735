from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.members.people import NAME, WORDS_OF_NAME, UserManager
from core.addresses import address
from core.markdown import MAX_LENGTH
from core.zones import validate_zone, zone_words


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: applicant, member or staff, and their profile.

    The e-mail address is the login, unique whatever its case. `standing` and the licence fields are changed by
    the functions in `community.members.standing` only.
    """

    class Standing(models.TextChoices):
        APPLICANT = "applicant", _("Applicant")
        ACTIVE = "active", _("Active member")
        LAPSED = "lapsed", _("Lapsed")
        REMOVED = "removed", _("Removed by moderators")

    class Discipline(models.TextChoices):
        PSYCHOLOGIST = "psychologist", _("Psychologist")
        SOCIAL_WORKER = "social_worker", _("Social worker")
        COUNSELOR = "counselor", _("Counselor")
        FAMILY_THERAPIST = "family_therapist", _("Marriage and family therapist")
        PSYCHIATRIST = "psychiatrist", _("Psychiatrist")
        PSYCHIATRIC_NURSE = "psychiatric_nurse", _("Psychiatric nurse")
        CREATIVE_ARTS_THERAPIST = "creative_arts_therapist", _("Creative arts therapist")
        STUDENT = "student", _("Student or trainee")
        OTHER = "other", _("Another discipline")

    email = models.EmailField(_("e-mail"), max_length=254)
    display_name = models.CharField(_("name"), max_length=80)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    discipline = models.CharField(_("discipline"), max_length=30, choices=Discipline, blank=True)
    credentials = models.CharField(_("credentials"), max_length=80, blank=True, help_text=_("For example LICSW, PhD"))
    licence_jurisdiction = models.CharField(_("licensed in"), max_length=80, blank=True)
    licence_number = models.CharField(_("license number"), max_length=60, blank=True)
    licence_expires_on = models.DateField(_("license expires on"), null=True, blank=True)
    licence_checked_on = models.DateField(_("license checked on"), null=True, blank=True)
    licence_checked_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("checked by")
    )
    city = models.CharField(_("city"), max_length=80, blank=True)
    region = models.CharField(_("state, province or region"), max_length=80, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_zone])
    bio = models.TextField(_("about you"), blank=True, max_length=600, validators=[MaxLengthValidator(600)])
    picture = models.ImageField(_("picture"), upload_to="pictures/", blank=True)
    interests = models.ManyToManyField("core.Subject", blank=True, related_name="+", verbose_name=_("interests"))
    hidden = models.BooleanField(_("hide me from the list of people"), default=False)

    standing = models.CharField(_("standing"), max_length=10, choices=Standing, default=Standing.APPLICANT)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("account is open"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["display_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="email_unique_in_any_case",
                violation_error_message=_("Somebody has an account with this address."),
            )
        ]
        indexes = [
            models.Index(fields=["standing", "display_name"], name="member_list"),
            models.Index(fields=["picture"], condition=~models.Q(picture=""), name="whose_picture"),
            models.Index(OpClass(NAME, name="text_pattern_ops"), name="people_by_name"),
            GinIndex(WORDS_OF_NAME, name="people_by_words_of_name"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.email

    def get_absolute_url(self) -> str:
        return address("members:person", self.pk)

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name.split(" ")[0] if self.display_name else self.email

    @property
    def is_member(self) -> bool:
        """In good standing now. Applicants, lapsed and removed members see what the world sees."""
        return self.is_active and self.standing == self.Standing.ACTIVE

    @property
    def is_practitioner(self) -> bool:
        """A member whose licence staff have checked, and which has not run out since."""
        if not (self.is_member and self.licence_checked_on):
            return False
        return self.licence_expires_on is None or self.licence_expires_on >= timezone.localdate()

    @property
    def is_listed(self) -> bool:
        """In the list of people: a member who does not hide. Other members may open their page."""
        return self.is_member and not self.hidden

    @property
    def initials(self) -> str:
        """Two letters for the avatar of somebody without a picture."""
        words = [word for word in self.display_name.split() if word[0].isalpha()]
        if not words:
            return self.email[:1].upper()
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @property
    def byline(self) -> str:
        """What stands beside the name, as the person gave it: "LPC · Ohio"."""
        parts = [self.credentials or self.get_discipline_display(), self.licence_jurisdiction or self.region]
        return " · ".join(part for part in parts if part)

    @property
    def place(self) -> str:
        """Where they practise: "Columbus, Ohio"."""
        return ", ".join(part for part in [self.city, self.region] if part)

    @property
    def zone_words(self) -> str:
        return zone_words(self.time_zone)

    def has_blocked(self, other_id: int) -> bool:
        """Whether this person wants no mail, mention or notice from the one with this id."""
        return self.blocks.filter(blocked=other_id).exists()


class PolicyQuerySet(models.QuerySet):
    def published(self):
        return self.filter(version__isnull=False)

    def drafts(self):
        return self.filter(version__isnull=True)

    def current(self):
        """The newest published version of each text."""
        return self.published().order_by("kind", "-version").distinct("kind")

    def with_accepted_count(self):
        return self.annotate(accepted_count=models.Count("acceptances"))


class Policy(models.Model):
    """One version of a text that everybody accepts at sign-up.

    A draft has no version yet. From its publication on it is never changed: a new wording is a new version. Changed
    by the functions in `community.members.policies` only.
    """

    class Kind(models.TextChoices):
        PRIVACY_NOTICE = "privacy_notice", _("Privacy notice")
        COMMUNITY_RULES = "community_rules", _("Community rules")

    kind = models.CharField(_("text"), max_length=16, choices=Kind)
    version = models.PositiveIntegerField(_("version"), null=True, blank=True, editable=False)
    body = models.TextField(
        _("wording"),
        max_length=MAX_LENGTH,
        help_text=_("Markdown: ## for a heading, - for a list, [words](address) for a link."),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["kind", models.F("version").desc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_policy_a_version"),
            models.CheckConstraint(
                condition=models.Q(version__isnull=True, published_at__isnull=True)
                | models.Q(version__isnull=False, published_at__isnull=False),
                name="published_policy_has_a_version",
            ),
        ]

    def __str__(self) -> str:
        if self.version is None:
            return gettext("%(kind)s, draft") % {"kind": self.get_kind_display()}
        return gettext("%(kind)s, version %(version)s") % {"kind": self.get_kind_display(), "version": self.version}

    def get_absolute_url(self) -> str:
        return address("members:privacy" if self.kind == self.Kind.PRIVACY_NOTICE else "members:rules")


class Acceptance(models.Model):
    """That somebody accepted one version of a policy, and when."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="acceptances")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "policy"], name="one_acceptance_a_version")]


class Block(models.Model):
    """`blocker` wants no mail, mention or notice from `blocked`. Nobody is told."""

    blocker = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="one_block_a_pair"),
            models.CheckConstraint(condition=~models.Q(blocker=models.F("blocked")), name="nobody_blocks_themselves"),
        ]


class SecretAddress(models.Model):
    """An address that a program reads for one member without a login. Its key is not stored, only the SHA-256 of it.

    Made, asked and ended by the functions in `community.members.secret_addresses`.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="secret_addresses", db_index=False)
    purpose = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "purpose"], name="one_address_a_person_and_purpose")]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.user_id}"
