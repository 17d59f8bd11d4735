"""Forms about forums: which one a conversation goes to, and a forum in the admin."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.discussions import forums, retention
from community.discussions.forms import asked
from community.discussions.looking_after import LONGEST_REASON, check_reason
from community.discussions.models import Forum
from core.audience import NOT_A_GROUP, Audience


class _Places(forms.ModelChoiceField):
    def label_from_instance(self, forum):
        return f"{forum.name}: {forum.audience_words}"


class MoveForm(forms.Form):
    """Where a conversation goes, of the forums that it may go to."""

    forum = _Places(
        label=_("Where does it belong?"),
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the forum that it belongs in."),
            "invalid_choice": _("It can't be moved there. Choose one of these forums."),
        },
    )

    reason = forms.CharField(
        label=_("Why?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_REASON}),
        help_text=_("Whoever started it reads this. Empty: that it fits better there."),
    )

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["forum"].queryset = places

    def clean_reason(self):
        return asked(check_reason, self.cleaned_data["reason"]) if self.cleaned_data["reason"].strip() else ""


def _days_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Keep conversations for (days)"),
        required=False,
        min_value=1,
        max_value=retention.LONGEST,
        help_text=_(
            "Conversations in which nobody has written for longer are deleted whole, each night, and can't be brought "
            "back. The forum's page says so. Empty: they are kept."
        ),
    )


class RetentionForm(forms.Form):
    """How long a group's own forum keeps conversations."""

    days = _days_field()


class ForumForm(forms.ModelForm):
    """A forum in the admin. Saved by the functions in `community.discussions.forums`."""

    category = forms.CharField(
        label=_("Category"),
        max_length=100,
        required=False,
        help_text=_("The heading it stands under. A new one is made by writing it."),
    )
    audience = forms.ChoiceField(
        label=_("Who can read it"),
        choices=NOT_A_GROUP,
        initial=Audience.MEMBERS,
        help_text=_("Once something is written here, this can be narrowed but not widened."),
    )

    retention_days = _days_field()

    class Meta:
        model = Forum
        fields = ["name", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["category"] = self.instance.parent.name if self.instance.parent else ""
            self.initial["audience"] = self.instance.audience
            self.initial["retention_days"] = self.instance.retention_days

    def clean_audience(self):
        audience = self.cleaned_data["audience"]
        if self.instance.pk:
            asked(lambda value: forums.check_audience(self.instance, value), audience)
        return audience

    def save(self, commit=True):
        if self.instance.pk:
            forums.change(self.instance, **self.cleaned_data)
        else:
            self.instance.pk = forums.create_forum(**self.cleaned_data).pk
        self.instance.refresh_from_db()
        return self.instance
