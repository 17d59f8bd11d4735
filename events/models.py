import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Deferrable, F, Q
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from modelsearch import index

from community.groups.audience import HasAudience
from community.groups.models import Group
from core import markdown
from core.addresses import address
from core.audience import Audience
from core.zones import validate_zone
from events import clock, recurring
from events.permissions import EventQuerySet, OccurrenceQuerySet

LONGEST = timedelta(days=7)
YEARS = range(2000, 2101)


class Event(index.Indexed, HasAudience):
    """A meeting, once or in a series: rule + local start + zone + length. What people come to are its occurrences.

    `group` is the group that hosts it; none means the whole association. Changed by the functions in
    `events.scheduling` only.
    """

    class Kind(models.TextChoices):
        CHAPTER_MEETING = "chapter_meeting", _("Chapter meeting")
        CASE_CONSULTATION = "case_consultation", _("Case consultation")
        WORKSHOP = "workshop", _("Workshop")
        SOCIAL = "social", _("Social")
        COMMITTEE = "committee", _("Committee")
        CONFERENCE = "conference", _("Conference")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("In person and online")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.CHAPTER_MEETING)
    mode = models.CharField(_("how people meet"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(
        _("in a sentence or two"),
        max_length=200,
        blank=True,
        help_text=_("Shown in lists, and to whoever may read the event."),
    )
    description = models.TextField(
        _("description"),
        blank=True,
        validators=[MaxLengthValidator(markdown.MAX_LENGTH)],
        help_text=_(
            "Markdown works here. Leave out street addresses and links to the meeting: they have places of their own."
        ),
    )

    starts_on = models.DateField(_("date"), help_text=_("For a series, its first date."))
    starts_time = models.TimeField(_("starts at"))
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    minutes = models.PositiveIntegerField(
        _("length in minutes"),
        default=90,
        validators=[MinValueValidator(5), MaxValueValidator(int(LONGEST.total_seconds() // 60))],
    )
    recurrence = recurring.RuleField(verbose_name=_("repeats"), null=True, blank=True)

    capacity = models.PositiveIntegerField(
        _("seats"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("Leave empty when everybody fits. When the seats are taken, people are put on a waitlist."),
    )
    town = models.CharField(
        _("town"), max_length=80, blank=True, help_text=_("Everybody who may read the event sees it.")
    )
    venue = models.CharField(_("venue"), max_length=120, blank=True, help_text=_("Shown to members."))
    address = models.CharField(_("street address"), max_length=200, blank=True, help_text=_("Shown to members."))
    access_notes = models.TextField(
        _("getting in"),
        blank=True,
        validators=[MaxLengthValidator(600)],
        help_text=_("Steps, elevator, hearing loop, parking. Shown to members."),
    )
    online_link = models.URLField(
        _("link to the online meeting"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("Shown only to people with a seat."),
    )
    ce_hours = models.DecimalField(
        _("CE hours"),
        max_digits=4,
        decimal_places=2,
        default=Decimal(0),
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(60)],
        help_text=_("0 when it carries no continuing-education credit."),
    )
    hosts = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="hosted_events", verbose_name=_("hosts")
    )

    sequence = models.PositiveIntegerField(default=0, editable=False)
    planned_until = models.DateField(null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    hidden_at = models.DateTimeField(_("hidden by moderators"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = EventQuerySet.as_manager()

    # What only members or people with a seat may read is not in here: a hit would tell it.
    search_fields = [
        index.SearchField("title", boost=4),
        index.SearchField("summary"),
        index.SearchField("town"),
        index.FilterField("audience"),
        index.FilterField("group_id"),
        index.FilterField("cancelled_at"),
        index.FilterField("hidden_at"),
    ]

    class Meta(HasAudience.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-starts_on", "pk"]
        constraints = [
            *HasAudience.Meta.constraints,
            models.CheckConstraint(condition=Q(minutes__gte=5), name="event_has_a_length"),
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__gte=1), name="event_has_a_seat"),
            models.CheckConstraint(
                condition=~Q(kind="case_consultation") | Q(audience__in=["practitioners", "group"]),
                name="cases_are_for_practitioners_or_a_group",
            ),
        ]
        indexes = [
            models.Index(fields=["planned_until"], condition=Q(recurrence__isnull=False), name="events_to_plan"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of its next date."""
        return address("events:event", self.pk, self.slug)

    def clean(self) -> None:
        """The rules that hold between fields, each told beside the field it is about."""
        errors = {}
        if self.kind == self.Kind.CASE_CONSULTATION and self.audience in (Audience.WORLD, Audience.MEMBERS):
            errors["audience"] = _("A case consultation is for practitioners, or for one group.")
        if self.audience == Audience.GROUP and not self.group_id:
            errors["audience"] = _("Choose which group it is for.")
        kind_of_group = self.group.kind if self.group else ""
        if kind_of_group == Group.Kind.CONSULTATION and self.audience != Audience.GROUP:
            errors["audience"] = _("What a consultation group does stays within it: choose “One group”.")
        if kind_of_group == Group.Kind.COMMUNITY and self.audience == Audience.WORLD:
            errors["audience"] = _("A learning community is known to members only. Choose them, or the group.")
        if self.mode != self.Mode.ONLINE and not self.town:
            errors["town"] = _("Say in which town people meet.")
        if self.starts_on and self.starts_on.year not in YEARS:
            errors["starts_on"] = _("Choose a year between 2000 and 2100.")
        if errors:
            raise ValidationError(errors)
        if self.starts_on and self.starts_time:
            recurring.validate(self.recurrence, self.local_start)

    @property
    def slug(self) -> str:
        """The readable part of its addresses; the number before it is what counts."""
        return slugify(self.title)[:60].strip("-") or "event"

    @property
    def local_start(self) -> datetime:
        """The first start on the wall clock where it is, naive."""
        return datetime.combine(self.starts_on, self.starts_time)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def repeats_words(self) -> str:
        """ "The second Thursday of each month"; empty for a single event."""
        return recurring.words(self.recurrence, self.starts_on) if self.recurrence else ""

    @property
    def ce_words(self) -> str:
        """ "1 CE hour", "1.5 CE hours"; empty where it carries no credit."""
        if not self.ce_hours:
            return ""
        words = ngettext("%(hours)s CE hour", "%(hours)s CE hours", 1 if self.ce_hours == 1 else 2)
        return words % {"hours": floatformat(self.ce_hours)}

    @property
    def has_place(self) -> bool:
        return self.mode != self.Mode.ONLINE

    @property
    def description_html(self) -> str:
        return markdown.render(self.description)


class Occurrence(models.Model):
    """One meeting of an event. Rows are written 18 months ahead; nothing expands a rule while somebody waits.

    `original_date` is the date its rule gave it, on the event's own clock: the same date is the same occurrence,
    whatever is changed about it. `going_count` and `waiting_count` are kept by a trigger on `Rsvp`, which also refuses
    a seat beyond `capacity` (migration 0002).
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="occurrences")
    original_date = models.DateField()
    original_start = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    local_date = models.DateField()
    local_time = models.TimeField()
    capacity = models.PositiveIntegerField(null=True, blank=True)
    going_count = models.PositiveIntegerField(default=0, editable=False)
    waiting_count = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    outside_rule = models.BooleanField(default=False)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("date")
        verbose_name_plural = _("dates")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "original_date"], name="one_occurrence_a_date"),
            models.UniqueConstraint(
                fields=["event", "original_start"], name="one_occurrence_a_start", deferrable=Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="occurrence_ends_after_its_start"),
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__gte=1), name="occurrence_has_a_seat"),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="occurrence_agenda"),
            models.Index(fields=["event", "starts_at"], name="occurrence_of_event"),
            models.Index(fields=["ends_at"], name="occurrence_end"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} on {self.original_date}"

    def get_absolute_url(self) -> str:
        return address("events:occurrence", self.event_id, self.event.slug, self.original_date)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.going_count >= self.capacity

    @property
    def seats_left(self) -> int | None:
        """None where there is room for everybody."""
        return None if self.capacity is None else max(0, self.capacity - self.going_count)

    def when(self, reader_zone: str | None = None) -> clock.When:
        """Start and end as a reader in that zone is told them."""
        return clock.when(self.starts_at, self.ends_at, own_zone=self.event.time_zone, reader_zone=reader_zone)

    def place_at(self, local: datetime) -> None:
        """Put it at a wall-clock time of its event's zone. Sets fields, saves nothing."""
        self.local_date, self.local_time = local.date(), local.time()
        self.starts_at = clock.to_utc(local, self.event.time_zone)
        self.ends_at = self.starts_at + self.event.length


class Rsvp(models.Model):
    """One person's answer to one occurrence. Changed by the functions in `events.rsvp` only."""

    class State(models.TextChoices):
        GOING = "going", _("Going")
        WAITING = "waiting", _("On the waitlist")
        CANCELLED = "cancelled", _("Not going")

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="rsvps")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rsvps")
    state = models.CharField(_("answer"), max_length=9, choices=State)
    quiet = models.BooleanField(
        _("go quietly"), default=False, help_text=_("Only the organizers see that you are coming.")
    )
    queued_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("RSVP")
        verbose_name_plural = _("RSVPs")
        ordering = ["queued_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["occurrence", "user"], name="one_rsvp_a_person")]
        indexes = [
            models.Index(fields=["occurrence", "state", "queued_at"], name="rsvp_queue"),
            models.Index(fields=["user", "state"], name="rsvps_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state} for {self.occurrence_id}"
