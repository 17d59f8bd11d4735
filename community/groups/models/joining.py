from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.groups.models.group import Group, Membership

OPEN_FOR = timedelta(days=14)
MOST_USES = 50


class JoinRequest(models.Model):
    """Somebody asks to come in. Changed by the functions in `community.groups.requests` only."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words = models.TextField(_("a word to the facilitators"), max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    answer = models.TextField(_("a word to them"), max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "user"], condition=Q(decided_at=None), name="one_open_request_a_person"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, outcome="") | (Q(decided_at__isnull=False) & ~Q(outcome="")),
                name="a_decided_request_has_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["user", "group"], condition=Q(decided_at=None), name="open_requests")]

    def __str__(self) -> str:
        return f"{self.user_id} asks {self.group_id}"


def in_two_weeks():
    return timezone.now() + OPEN_FOR


def _is_open() -> Q:
    return Q(revoked_at=None, expires_at__gt=Now(), uses__lt=F("uses_allowed"))


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Not taken back, not run out, and not used up."""
        return self.filter(_is_open())

    def offered_to(self, user):
        """Those that `user`, who may be a visitor, can take up by their address, and those that they wait with.

        Nobody takes the same one up twice. Who was removed from a group comes back by a letter to themselves, which was
        written after that, and not by what others pass on.
        """
        alive = self.filter(revoked_at=None, group__archived_at=None)
        if not user.is_authenticated:
            return alive.open()
        taken = Acceptance.objects.filter(invitation=OuterRef("pk"), user=user)
        removed = Membership.objects.filter(group=OuterRef("group"), user=user, ending=Membership.Ending.REMOVED)
        since = removed.filter(left_at__gte=OuterRef("made_at"))  # they may have another address by now
        fresh = _is_open() & ~Exists(taken) & (Q(email__iexact=user.email) & ~Exists(since) | ~Exists(removed))
        return alive.filter(fresh | Exists(taken.filter(entered_at=None)))

    def to_take_up(self, user):
        """Of those, what `user` finds on the group's page without the address: letters to them, and what they wait
        with."""
        waiting = Acceptance.objects.filter(invitation=OuterRef("pk"), user=user, entered_at=None)
        return self.offered_to(user).filter(Q(email__iexact=user.email) | Exists(waiting))


class Invitation(models.Model):
    """A way into one group: by mail to one person, or a link that is passed on. Its token is its signed key.

    Changed by the functions in `community.groups.invitations` only.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    words = models.TextField(_("a word to them"), max_length=500, blank=True)
    uses_allowed = models.PositiveSmallIntegerField(
        _("for how many people"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_USES)]
    )
    uses = models.PositiveSmallIntegerField(default=0, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("open until"), default=in_two_weeks)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(uses__lte=F("uses_allowed"), uses_allowed__range=(1, MOST_USES)),
                name="an_invitation_is_used_as_often_as_it_may",
            ),
            models.CheckConstraint(condition=Q(email="") | Q(uses_allowed=1), name="a_letter_invites_one_person"),
        ]
        indexes = [models.Index(Lower("email"), condition=~Q(email="") & Q(revoked_at=None), name="letters_out")]

    def __str__(self) -> str:
        return f"to {self.group_id}, {self.uses} of {self.uses_allowed}"

    @property
    def uses_left(self) -> int:
        return self.uses_allowed - self.uses


class Acceptance(models.Model):
    """Somebody took an invitation up. Who is not a member of the association yet waits with it until they are."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="acceptances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    accepted_at = models.DateTimeField(default=timezone.now)
    entered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        constraints = [models.UniqueConstraint(fields=["invitation", "user"], name="an_invitation_is_accepted_once")]
        indexes = [models.Index(fields=["user"], condition=Q(entered_at=None), name="waiting_to_enter")]

    def __str__(self) -> str:
        return f"{self.user_id} by {self.invitation_id}"
