"""The form of an event, the same on the site and in the Wagtail admin, and its small part about repeating."""

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from community.members.models import User
from core.audience import Audience
from core.zone_field import ZoneField
from events import clock, recurring, scheduling
from events.models import YEARS, Event
from events.permissions import host_groups, is_organising_staff
from events.recurring import Repeats

SHOWN_DATES = 6
ORDER = [
    "title",
    "group",
    "kind",
    "audience",
    "summary",
    "description",
    "starts_on",
    "starts_time",
    "time_zone",
    "minutes",
    "repeats",
    "repeats_until",
    "repeats_count",
    "mode",
    "town",
    "venue",
    "address",
    "access_notes",
    "online_link",
    "capacity",
    "ce_hours",
    "hosts",
]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class RepeatPart(forms.Form):
    """How an event repeats: a choice, and when it ends. Mixed into a form with `starts_on` and `starts_time`.

    `data-repeats` names the address that says the rule in words with its next dates, for those who have JavaScript.
    """

    repeats = forms.ChoiceField(
        label=_("Repeats"),
        choices=[choice for choice in Repeats.choices if choice[0] != Repeats.AS_IS],
        initial=Repeats.NEVER,
        widget=forms.Select(attrs={"data-repeats": reverse_lazy("events:dates")}),
    )
    repeats_until = forms.DateField(
        label=_("Last date"), required=False, widget=DayInput, help_text=_("Leave empty when it goes on.")
    )
    repeats_count = forms.IntegerField(
        label=_("Or number of times"), required=False, min_value=1, max_value=recurring.MAX_COUNT
    )

    class Media:
        js = [forms.Script("js/repeats.js", type="module")]

    def clean_repetition(self, cleaned: dict, former: recurring.Rule | None = None) -> recurring.Rule | None:
        """The rule for what was typed; what is wrong with it is said beside the field it is about."""
        first, choice = cleaned.get("starts_on"), cleaned.get("repeats")
        if not first or not cleaned.get("starts_time") or not choice or first.year not in YEARS:
            return None
        start = datetime.combine(first, cleaned["starts_time"])
        until, count = cleaned.get("repeats_until"), cleaned.get("repeats_count")
        if choice != Repeats.NEVER and until and count:
            self.add_error("repeats_count", _("Choose a last date or a number of times, not both."))
            return None
        if choice != Repeats.NEVER and until and until < first:
            self.add_error("repeats_until", _("This is before the first date."))
            return None
        try:
            if choice == Repeats.AS_IS:
                rule = former
            else:
                rule = recurring.build(choice, first, until=until, count=count, keep=former)
            recurring.validate(rule, start)
        except ValidationError as error:
            self.add_error("repeats", error)
            return None
        return rule


class DatesForm(RepeatPart):
    """Only what the next dates depend on: for the preview."""

    starts_on = forms.DateField()
    starts_time = forms.TimeField()

    def clean(self) -> dict:
        cleaned = super().clean()
        cleaned["rule"] = self.clean_repetition(cleaned)
        if cleaned.get("starts_on") and cleaned["starts_on"].year not in YEARS:
            self.add_error("starts_on", _("Choose a year between 2000 and 2100."))
        return cleaned


class EventForm(RepeatPart, forms.ModelForm):
    """An event as its organisers write it. Saving goes through `scheduling`, with `user` as the actor."""

    field_order = ORDER

    class Meta:
        model = Event
        fields = [name for name in ORDER if name not in RepeatPart.base_fields]
        widgets = {
            "starts_on": DayInput,
            "starts_time": ClockInput,
            "summary": forms.Textarea(attrs={"rows": 2, "maxlength": 200}),
            "description": forms.Textarea(attrs={"rows": 8}),
            "access_notes": forms.Textarea(attrs={"rows": 2}),
            "hosts": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, user: User, group=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.former = Event.objects.get(pk=self.instance.pk) if self.instance.pk else None
        self.fields["time_zone"] = ZoneField(label=_("Time zone"))
        if self.former:
            self._begin_with_former()
        else:
            self._begin_new(group)
        self.fields["hosts"].queryset = self._possible_hosts()

    def _begin_new(self, group) -> None:
        groups = host_groups(self.user)
        self.fields["group"].queryset = groups
        self.fields["group"].required = not is_organising_staff(self.user)
        self.fields["group"].empty_label = (
            _("Choose a group") if self.fields["group"].required else _("The association")
        )
        self.initial.setdefault("group", group.pk if group else None)
        self.initial.setdefault("time_zone", group.time_zone if group else self.user.time_zone)
        self.initial.setdefault("hosts", [self.user.pk])
        if group and group.kind == group.Kind.CONSULTATION:
            self.initial.setdefault("audience", Audience.GROUP)
            self.initial.setdefault("kind", Event.Kind.CASE_CONSULTATION)

    def _begin_with_former(self) -> None:
        del self.fields["group"]
        rule = self.former.recurrence
        self.initial["repeats"] = recurring.choice_of(rule, self.former.starts_on)
        self.initial["repeats_until"], self.initial["repeats_count"] = recurring.ends_of(rule)
        if self.initial["repeats"] == Repeats.AS_IS:
            self.fields["repeats"].choices = [
                (Repeats.AS_IS, self.former.repeats_words),
                *self.fields["repeats"].choices,
            ]

    def _possible_hosts(self):
        """Members of the groups that it can be an event of, staff, and those who host it already."""
        groups = [self.former.group_id] if self.former else host_groups(self.user).values("pk")
        people = Q(memberships__group__in=groups, memberships__left_at=None) | Q(pk=self.user.pk)
        if not (self.former and self.former.audience == Audience.GROUP):
            people |= Q(is_staff=True)
        if self.former:
            people |= Q(hosted_events=self.former.pk)
        return User.objects.members().filter(people).distinct().order_by("display_name")

    def clean_ce_hours(self):
        return self.cleaned_data.get("ce_hours") or 0

    def clean(self) -> dict:
        cleaned = super().clean()
        self.instance.recurrence = self.clean_repetition(cleaned, self.former.recurrence if self.former else None)
        known = cleaned.get("starts_on") and cleaned.get("starts_time") and cleaned.get("time_zone")
        if not self.former and known and cleaned["starts_on"].year in YEARS:
            start = clock.to_utc(datetime.combine(cleaned["starts_on"], cleaned["starts_time"]), cleaned["time_zone"])
            if start < timezone.now() - timedelta(hours=1):
                self.add_error("starts_on", _("This date has passed."))
        if self.former and cleaned.get("audience"):
            try:
                scheduling.refuse_wider(self.former.audience, cleaned["audience"])
            except ValidationError as error:
                self.add_error(None, error)
        self._check_hosts(cleaned)
        return cleaned

    def _check_hosts(self, cleaned: dict) -> None:
        """Whoever hosts what is for one group has to be in it."""
        group = self.former.group if self.former else cleaned.get("group")
        if cleaned.get("audience") != Audience.GROUP or not group or not cleaned.get("hosts"):
            return
        outside = cleaned["hosts"].exclude(memberships__in=group.memberships.filter(left_at=None))
        names = ", ".join(str(user) for user in outside)
        if names:
            self.add_error("hosts", _("Not in this group: %(names)s.") % {"names": names})

    def save(self, commit: bool = True) -> Event:
        """Set up or change the event. Raises SchedulingRefused where the actor may not (any more)."""
        hosts = self.cleaned_data["hosts"]
        if self.former:
            self.plan = scheduling.change_event(self.instance, by=self.user, hosts=hosts)
        else:
            scheduling.create_event(self.instance, by=self.user, hosts=hosts)
        return self.instance

    @property
    def preview(self) -> dict | None:
        """The rule in words and the next dates, as soon as these are right: the place may still be open."""
        if not self.is_bound:
            return None
        if self.is_valid():
            rule, start = self.instance.recurrence, self.instance.local_start
        elif (typed := DatesForm(self.data)).is_valid():
            rule = typed.cleaned_data["rule"]
            start = datetime.combine(typed.cleaned_data["starts_on"], typed.cleaned_data["starts_time"])
        else:
            return None
        return preview(rule, start) if rule else None


def preview(rule: recurring.Rule | None, start: datetime) -> dict:
    """A rule in words, and its first dates written out."""
    horizon = datetime.combine(scheduling.horizon(max(start.date(), timezone.now().date())), start.time())
    starts = recurring.local_starts(rule, start, horizon)
    return {
        "words": recurring.words(rule, start.date()),
        "dates": [date_format(day, "D, N j, Y") for day in starts[:SHOWN_DATES]],
        "more": max(0, len(starts) - SHOWN_DATES),
    }
