from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.safety.models import Appeal, Report, Sanction
from community.safety.reports import LONGEST_WORD, NOT_A_MODERATOR, NOT_BESIDE


class ReportForm(forms.ModelForm):
    """A report. `beside` is what its reporter may show as well, `moderators` whom they may name: nothing is ticked for
    them."""

    beside = forms.MultipleChoiceField(
        label=_("May they see this too?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what they need to understand it. What you leave out stays where it is."),
        error_messages={"invalid_choice": NOT_BESIDE},
    )

    named = forms.TypedMultipleChoiceField(
        label=_("Is one of the moderators part of this?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whom you tick learns nothing of this report."),
        error_messages={"invalid_choice": NOT_A_MODERATOR},
    )

    class Meta:
        model = Report
        fields = ["reason", "words"]
        widgets = {"reason": forms.RadioSelect, "words": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, beside, moderators, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = Report.Reason.choices
        self.fields["beside"].choices = [(each.key, each.label) for each in beside]
        self.fields["named"].choices = [(person.pk, str(person)) for person in moderators]
        self.order_fields(["reason", "beside", "words", "named"])
        for name, offered in [("beside", beside), ("named", moderators)]:
            if not offered:
                del self.fields[name]


def _words(label, *, most: int = LONGEST_WORD, required: bool = True, help_text="", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("Write a sentence that tells them why.")},
    )


class CloseForm(forms.Form):
    """What becomes of a report."""

    outcome = forms.ChoiceField(choices=Report.Outcome.choices)
    reason = _words(_("Why? Its author reads this."), required=False, rows=2)
    answer = _words(_("A word to whoever reported it"), required=False, rows=2)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") == Report.Outcome.HIDDEN and "reason" in cleaned and not cleaned["reason"]:
            self.add_error("reason", self.fields["reason"].error_messages["required"])
        return cleaned


class DeclineForm(forms.Form):
    """Why something that waited is turned down."""

    reason = _words(_("Why? Its author reads this."), rows=2)


class AppealForm(forms.Form):
    """The author's word, once."""

    words = _words(
        _("What should be looked at again?"),
        most=1000,
        rows=5,
        help_text=_("One or two sentences are enough. Whoever decides reads them, and nobody else."),
    )


class JudgeForm(forms.Form):
    """What becomes of an appeal."""

    outcome = forms.ChoiceField(label=_("Your decision"), choices=Appeal.Outcome.choices, widget=forms.RadioSelect)
    words = _words(_("Why? Whoever asked reads this."))


class NoteForm(forms.Form):
    words = _words(_("Note for the other moderators"), most=1000, rows=2)


class SanctionForm(forms.Form):
    """Warn, pause or remove a member. The end is a day in the moderator's zone, to its last minute."""

    kind = forms.ChoiceField(
        label=_("What?"),
        choices=[
            (Sanction.Kind.WARN, _("Warn: they hear it, and nothing else changes")),
            (Sanction.Kind.PAUSE, _("Pause: they read on, and can't write until a day")),
            (Sanction.Kind.REMOVE, _("Remove: they are out, of their groups too, until a day or until it is lifted")),
        ],
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=_("Until and including"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("A pause needs a day. A removal without one lasts until a moderator lifts it."),
    )
    words = _words(_("Why? They read this."))

    def clean_until(self):
        """The end of that day, as a moment."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("Choose a date that is still to come."))
        if day > today + timedelta(days=3660):
            raise forms.ValidationError(_("Choose a date within ten years."))
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == Sanction.Kind.PAUSE and "until" in cleaned and cleaned["until"] is None:
            self.add_error("until", _("Say until when the pause lasts."))
        return cleaned
