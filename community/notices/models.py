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
