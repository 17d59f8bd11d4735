from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """One letter on its way. Written by `outbox.queue`, in the transaction that made it true.

    A letter about something of the site holds no words: `kind` and `target_id` are looked up for the recipient at the
    moment of sending. A letter of the account system (a confirmation link) brings its words, and they are emptied once
    it is sent.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        WITHHELD = "withheld", _("not sent: the recipient may not see it any more")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    address = models.EmailField(blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=40)
    target_id = models.BigIntegerField(null=True, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["queued_at"]
        constraints = [
            models.CheckConstraint(condition=Q(recipient__isnull=False) | ~Q(address=""), name="mail_goes_to_somebody")
        ]
        indexes = [models.Index(fields=["queued_at"], condition=Q(state="sending"), name="mail_in_doubt")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_id or 'an address'}"


class Frequency(models.TextChoices):
    """How often somebody wants mail about something. What is not told at once waits for a letter that tells of much."""

    AT_ONCE = "now", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Never")


class Preference(models.Model):
    """How often one member wants mail of one kind, or about one place, where that is not what everybody gets.

    `place_id` is the id of a place that a room names (`kinds.register_places`): a forum.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40, blank=True)
    place_id = models.BigIntegerField(null=True, blank=True)
    frequency = models.CharField(max_length=6, choices=Frequency)

    class Meta:
        verbose_name = _("mail preference")
        verbose_name_plural = _("mail preferences")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "place_id"], nulls_distinct=False, name="one_preference_a_kind_or_place"
            ),
            models.CheckConstraint(
                condition=Q(kind="", place_id__isnull=False) | (~Q(kind="") & Q(place_id=None)),
                name="a_preference_is_for_a_kind_or_a_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind or self.place_id}: {self.frequency}"


class Digest(models.Model):
    """A letter that tells one member of much. Which notices it may tell of is decided when it is queued, and what of
    them it says when it is sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    frequency = models.CharField(max_length=6, choices=Frequency)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")

    def __str__(self) -> str:
        return f"{self.frequency} of {self.user_id}"


class Notice(models.Model):
    """That something concerns one member, without a word of it: its kind's `lines` says what, to those who may see it.

    `target_id` is the thing in the room's own terms. With a `thread_id` there is one unread notice a thread, which
    moves on to the newest thing in it. `place_id` is where it stands, for the preferences. `waits_for` is the digest
    that is to tell of it by mail, and `digest` the one that does; there it is of the kind `mail_kind`, since who wants
    no mail of the nearest kind may want that of another.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    target_id = models.BigIntegerField()
    thread_id = models.BigIntegerField(null=True)
    place_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    waits_for = models.CharField(max_length=6, choices=Frequency, blank=True)
    mail_kind = models.CharField(max_length=40, blank=True)
    digest = models.ForeignKey(Digest, null=True, on_delete=models.SET_NULL, related_name="notices")

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "target_id"], name="each_thing_told_once"),
            models.UniqueConstraint(
                fields=["user", "kind", "thread_id"],
                condition=Q(read_at=None, thread_id__isnull=False),
                name="one_unread_notice_a_thread",
            ),
            models.CheckConstraint(
                condition=Q(waits_for__in=["", "daily", "weekly"]), name="a_notice_waits_for_a_digest"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-made_at", "-id"], name="notices_newest_first"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="unread_notices"),
            models.Index(fields=["waits_for", "user"], condition=~Q(waits_for=""), name="notices_that_wait"),
            models.Index(fields=["target_id", "kind"], name="notices_of_a_thing"),
            models.Index(fields=["made_at"], name="notices_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id} for {self.user_id}"
