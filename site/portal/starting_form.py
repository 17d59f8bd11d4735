"""The form in which a member starts a group: a few fields, and more choices for those who want them."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.groups import agreements, starting
from community.groups.editing_forms import WAYS_IN, TintField, by_field
from community.groups.joining_forms import AddressesField
from community.groups.models import Group
from community.groups.models.group import FEWEST, MOST
from community.groups.refusals import GroupRefused
from community.members.names import LineField, NameField
from core.zone_field import ZoneField
from events import clock, recurring
from events.forms import ClockInput, DayInput, RepeatPart
from events.models import YEARS, Event
from events.recurring import Repeats
from events.scheduling import SchedulingRefused
from portal import starting as composed

PLACES = 8
ABOUT_THE_MEETING = {"mode", "town", "minutes", "time_zone"}
ABOUT_THE_DOOR = {"joining", "places", "hidden"}
Joining = Group.Joining


class StartForm(RepeatPart):
    """Saving goes through `portal.starting`, with `user` as the actor."""

    repeats_until = None
    repeats_count = None

    kind = forms.ChoiceField(
        label=_("What kind of group?"),
        choices=[
            (Group.Kind.CONSULTATION, _("Consultation group: three to nine people, in confidence")),
            (Group.Kind.COMMUNITY, _("Learning community: an interest, open to colleagues")),
        ],
        initial=Group.Kind.CONSULTATION,
        widget=forms.RadioSelect,
    )
    name = NameField(label=_("Its name"), max_length=80, error_messages={"required": _("Please give it a name.")})
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}),
        help_text=_("A sentence or two. Nothing about clients: people read it before they are in."),
        error_messages={"required": _("Please say in a sentence what it is for.")},
    )
    cadence = LineField(
        label=_("Or in your own words"),
        max_length=120,
        required=False,
        help_text=_("Such as: every other Thursday at noon."),
    )
    starts_on = forms.DateField(label=_("First meeting"), required=False, widget=DayInput)
    starts_time = forms.TimeField(label=_("Time"), required=False, widget=ClockInput)
    repeats = forms.ChoiceField(
        label=_("How often"),
        required=False,
        choices=[
            (Repeats.NEVER, _("Just once")),
            (Repeats.WEEKLY, _("Every week")),
            (Repeats.FORTNIGHTLY, _("Every two weeks")),
            (Repeats.MONTHLY, _("Every month")),
            (Repeats.MONTHLY_LAST, _("Last of the month")),
        ],
        initial=Repeats.FORTNIGHTLY,
    )
    mode = forms.ChoiceField(
        label=_("Where"),
        required=False,
        choices=[(Event.Mode.ONLINE, _("Online")), (Event.Mode.IN_PERSON, _("In person"))],
        initial=Event.Mode.ONLINE,
    )
    town = LineField(label=_("In which town"), max_length=80, required=False)
    minutes = forms.IntegerField(label=_("Length in minutes"), required=False, min_value=5, max_value=600, initial=90)
    time_zone = ZoneField(label=_("Time zone"), required=False)
    invited = AddressesField(
        label=_("Whom to invite"),
        required=False,
        max_length=2000,
        help_text=_("Their e-mail addresses, with commas between. Each gets a letter of their own."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )
    joining = forms.ChoiceField(
        label=_("Others come in"),
        help_text=_("Usual is by invitation for a consultation group, and freely for a learning community."),
        required=False,
        choices=[
            ("", _("As is usual for its kind")),
            *WAYS_IN.items(),
        ],
    )
    hidden = forms.BooleanField(
        label=_("Leave it out of the list of groups"),
        required=False,
        help_text=_("For a consultation group: only those in it and those it invites know that it is there."),
    )
    places = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=FEWEST,
        max_value=MOST,
        initial=PLACES,
        help_text=_("In a consultation group, you among them: three to nine."),
    )
    tint = TintField(required=False)
    signed = forms.BooleanField(
        label=_("I have read the agreement of this kind of group, and sign it"),
        error_messages={"required": _("Whoever starts a group signs its agreement first.")},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.texts = [(kind, agreements.current(kind)) for kind in starting.KINDS]
        self.initial.setdefault("time_zone", user.time_zone)
        self.initial.setdefault("tint", user.pk % len(self.fields["tint"].choices))

    @property
    def agreements(self) -> list[tuple]:
        """For each kind its text, which the version in the form is of."""
        return [(kind, agreements.Text(1, text, None)) for kind, text in self.texts]

    @property
    def has_meeting_errors(self) -> bool:
        """Whether something is wrong with what is folded away beside the first date."""
        return bool(self.errors.keys() & ABOUT_THE_MEETING)

    @property
    def has_door_errors(self) -> bool:
        """Whether something is wrong with how others come in, which is folded away too."""
        return bool(self.errors.keys() & ABOUT_THE_DOOR)

    def clean(self) -> dict:
        cleaned = super().clean()
        kind, joining = cleaned.get("kind"), cleaned.get("joining")
        ways = Group.WAYS_IN.get(kind, Joining)
        if joining and joining not in ways:
            self.add_error("joining", _("This kind of group is not joined like that."))
        cleaned["joining"] = joining or next(iter(ways))
        self.rule = self._clean_meeting(cleaned)
        return cleaned

    def _clean_meeting(self, cleaned: dict) -> recurring.Rule | None:
        first, clock_time = cleaned.get("starts_on"), cleaned.get("starts_time")
        if not first:
            if clock_time:
                self.add_error("starts_on", _("Choose a date too, or leave the time empty."))
            return None
        if not clock_time and "starts_time" not in self.errors:
            self.add_error("starts_time", _("At what time?"))
        if first.year not in YEARS:
            self.add_error("starts_on", _("Choose a year between 2000 and 2100."))
        elif clock_time and clock.to_utc(datetime.combine(first, clock_time), self._zone(cleaned)) < timezone.now():
            self.add_error("starts_on", _("This date has passed."))
        if cleaned.get("mode") == Event.Mode.IN_PERSON and not cleaned.get("town"):
            self.add_error("town", _("Say in which town people meet."))
        return self.clean_repetition(cleaned | {"repeats": cleaned.get("repeats") or Repeats.NEVER})

    def _zone(self, cleaned: dict) -> str:
        return cleaned.get("time_zone") or self.user.time_zone

    def save(self) -> Group | None:
        """The new group; None where something could not be, which then stands in the form."""
        try:
            return composed.start(
                by=self.user,
                kind=self.cleaned_data["kind"],
                version=self._version_read(),
                given=self._given(),
                meeting=self._meeting(),
                emails=self.cleaned_data["invited"],
            )
        except (GroupRefused, SchedulingRefused) as refusal:
            self.add_error(None, str(refusal))
            self.data = self.data.copy()
            self.data.pop("signed", None)  # the wording may be another one now: it is signed anew
        except ValidationError as error:
            self._tell(error)
        return None

    def _version_read(self) -> int:
        """The version that was on the page of the text for the chosen kind; 0 for anything that is none."""
        sent = self.data.get(f"{self.cleaned_data['kind']}_version", "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0

    def _given(self) -> dict:
        typed = self.cleaned_data
        is_small = typed["kind"] == Group.Kind.CONSULTATION
        return {
            "name": typed["name"],
            "purpose": typed["purpose"],
            "cadence": typed["cadence"] or self._cadence(),
            "time_zone": self._zone(typed),
            "joining": typed["joining"],
            "listed": not (is_small and typed["hidden"]),
            "size_limit": (typed["places"] or PLACES) if is_small else None,
            "tint": typed["tint"] or 0,
            "region": typed["town"] if typed["mode"] == Event.Mode.IN_PERSON else "",
        }

    def _cadence(self) -> str:
        return recurring.words(self.rule, self.cleaned_data["starts_on"]) if self.rule else ""

    def _meeting(self) -> Event | None:
        typed = self.cleaned_data
        if not typed["starts_on"]:
            return None
        mode = typed["mode"] or Event.Mode.ONLINE
        return Event(
            starts_on=typed["starts_on"],
            starts_time=typed["starts_time"],
            time_zone=self._zone(typed),
            minutes=typed["minutes"] or 90,
            recurrence=self.rule,
            mode=mode,
            town=typed["town"] if mode == Event.Mode.IN_PERSON else "",
        )

    def _tell(self, error: ValidationError) -> None:
        """What the group or its meeting cannot be, beside the field where that is one of ours."""
        for name, errors in by_field(error).items():
            own = {"size_limit": "places", "listed": "hidden"}.get(name, name)
            self.add_error(own if own in self.fields else None, errors)
