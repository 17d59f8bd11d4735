from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.groups.permissions import GroupQuerySet, MembershipQuerySet
from core.addresses import address
from core.zones import validate_zone

# Small enough that everybody speaks: consultation groups hold three to nine people.
FEWEST, MOST = 3, 9
# First words of other addresses below /groups/, and those that may become one.
RESERVED_SLUGS = frozenset(
    ["start", "new", "invitation", "invitations", "mine", "archive", "emergency", "all", "search"]
)
TINTS = 12  # hues of the palette, as for members without a picture


class Group(models.Model):
    """A circle of colleagues: a chapter, a consultation group or a learning community.

    `edition` counts the wordings of the agreement that have counted here; who signed another one is not inside.
    `members_count` is kept by the database: people who have not left, signed or not.
    """

    class Kind(models.TextChoices):
        CHAPTER = "chapter", _("Chapter")
        CONSULTATION = "consultation", _("Consultation group")
        COMMUNITY = "community", _("Learning community")

    class Joining(models.TextChoices):
        OPEN = "open", _("Every member can join")
        REQUEST = "request", _("Members ask, and a facilitator answers")
        INVITATION = "invitation", _("By invitation only")

    # How people come into a group of each kind, the usual way first. The database says so too.
    WAYS_IN = {
        Kind.CHAPTER: [Joining.OPEN],
        Kind.COMMUNITY: [Joining.OPEN, Joining.REQUEST],
        Kind.CONSULTATION: [Joining.INVITATION, Joining.REQUEST],
    }

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    purpose = models.TextField(_("what it is for"), max_length=1000)
    region = models.CharField(_("region"), max_length=80, blank=True)
    time_zone = models.CharField(
        _("time zone of its meetings"), max_length=64, default="UTC", validators=[validate_zone]
    )
    cadence = models.CharField(_("when it meets"), max_length=120, blank=True)
    agenda = models.TextField(
        _("how a meeting goes"),
        max_length=2000,
        blank=True,
        validators=[MaxLengthValidator(2000)],
        help_text=_("A template for each meeting's agenda, such as: check-in, two cases, what we take home."),
    )
    joining = models.CharField(_("how people come in"), max_length=10, choices=Joining, default=Joining.OPEN)
    size_limit = models.PositiveSmallIntegerField(
        _("places"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FEWEST), MaxValueValidator(5000)],
        help_text=_("A consultation group has three to nine. Leave it empty where there is room for everybody."),
    )
    picture = models.ImageField(_("picture"), upload_to="group-pictures/", blank=True)
    tint = models.PositiveSmallIntegerField(_("color"), default=0, validators=[MaxValueValidator(TINTS - 1)])
    listed = models.BooleanField(
        _("listed"), default=True, help_text=_("A consultation group that is not listed is known to its members only.")
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    edition = models.PositiveIntegerField(default=1, editable=False)
    members_count = models.PositiveIntegerField(default=0, editable=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(listed=True) | Q(kind="consultation"), name="only_consultation_groups_hide"
            ),
            models.CheckConstraint(
                condition=Q(kind="chapter", joining="open")
                | Q(kind="community", joining__in=["open", "request"])
                | Q(kind="consultation", joining__in=["request", "invitation"]),
                name="a_group_is_joined_as_its_kind_is",
                violation_error_message=_(
                    "A chapter is open, a learning community open or by request, a consultation group by request or "
                    "invitation."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind="consultation") | Q(size_limit__isnull=False, size_limit__range=(FEWEST, MOST)),
                name="a_consultation_group_is_small",
                violation_error_message=_("A consultation group has three to nine places."),
            ),
            models.CheckConstraint(
                condition=Q(size_limit=None) | Q(members_count__lte=F("size_limit")),
                name="a_group_has_no_more_people_than_places",
                violation_error_message=_("More people are in this group than that."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "region", "name"], condition=Q(listed=True, archived_at=None), name="listed_groups"
            )
        ]
        permissions = [("break_glass", "Can ask for and grant emergency access to a group")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("groups:group", self.slug)

    @property
    def places_left(self) -> int | None:
        """How many more can come in; None where there is room for everybody."""
        return None if self.size_limit is None else max(self.size_limit - self.members_count, 0)

    def clean(self) -> None:
        """A group stays of its kind: as a chapter, anybody could join a consultation group and read what it wrote.

        Nor does it stand where a page of ours is, or hold more people than can talk with each other.
        """
        super().clean()
        if self.pk and Group.objects.filter(pk=self.pk).exclude(kind=self.kind).exists():
            raise ValidationError({"kind": gettext("A group stays what it is. Set up a new one instead.")})
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": gettext("This address is kept for something else. Please choose another.")})
        if self.kind == Group.Kind.CONSULTATION and (self.size_limit or 0) > MOST:
            raise ValidationError({"size_limit": gettext("A consultation group has three to nine places.")})


class Membership(models.Model):
    """One person in one group. Changed by the functions in `community.groups.membership` and `.agreements` only.

    It is no key to the group yet: inside are those whose `signed_edition` is the group's present one.
    """

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        FACILITATOR = "facilitator", _("Facilitator")

    class Ending(models.TextChoices):
        LEFT = "left", _("Left")
        REMOVED = "removed", _("Removed")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    signed_edition = models.PositiveIntegerField(null=True, blank=True, editable=False)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    ending = models.CharField(_("how it ended"), max_length=7, choices=Ending, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["role", "joined_at"]
        constraints = [
            models.UniqueConstraint(fields=["group", "user"], name="one_membership_a_person"),
            models.CheckConstraint(
                condition=Q(left_at=None, ending="") | (Q(left_at__isnull=False, role="member") & ~Q(ending="")),
                name="a_membership_ends_somehow",
            ),
        ]
        indexes = [models.Index(fields=["user", "group"], condition=Q(left_at=None), name="current_memberships")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.group_id}"

    @property
    def has_signed(self) -> bool:
        """Whether they signed the agreement as it stands; the group is loaded with the row."""
        return self.signed_edition == self.group.edition
