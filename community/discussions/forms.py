from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.discussions import forums, posting
from community.discussions.models import Forum
from community.discussions.refusals import DiscussionRefused
from core.audience import NOT_A_GROUP, Audience


class _Words(forms.Form):
    """What is posted: the rules for it are those of `community.discussions.posting`."""

    def clean_subject(self):
        return _asked(posting.check_subject, self.cleaned_data["subject"])

    def clean_body(self):
        return _asked(posting.check_body, self.cleaned_data["body"])


def _asked(rule, value: str) -> str:
    try:
        return rule(value)
    except DiscussionRefused as refusal:
        raise ValidationError(str(refusal)) from refusal


def _subject():
    return forms.CharField(
        label=_("Subject"),
        error_messages={"required": posting.NO_SUBJECT},
        widget=forms.TextInput(attrs={"maxlength": posting.LONGEST_SUBJECT, "autocomplete": "off"}),
    )


def _body(label, rows: int, **attrs):
    return forms.CharField(
        label=label,
        strip=False,
        error_messages={"required": posting.NO_BODY},
        widget=forms.Textarea(attrs={"rows": rows, **attrs}),
        help_text=_("Leave out names, places and dates of the people you work with."),
    )


class TopicForm(_Words):
    """A new topic. `written_for` is the audience that its author was shown."""

    subject = _subject()
    body = _body(_("What is on your mind"), 12)
    written_for = forms.ChoiceField(choices=Audience.choices, required=False, widget=forms.HiddenInput)


class ReplyForm(_Words):
    """An answer, perhaps to one post."""

    body = _body(_("Your reply"), 6)
    quoting = forms.IntegerField(required=False, widget=forms.HiddenInput)


class EditForm(_Words):
    """A change to one's own post. `based_on` is the version that was opened."""

    subject = _subject()
    body = _body(_("Your post"), 12)
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, with_subject: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not with_subject:
            del self.fields["subject"]


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

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["forum"].queryset = places


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

    class Meta:
        model = Forum
        fields = ["name", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["category"] = self.instance.parent.name if self.instance.parent else ""
            self.initial["audience"] = self.instance.audience

    def clean_audience(self):
        audience = self.cleaned_data["audience"]
        if self.instance.pk:
            _asked(lambda value: forums.check_audience(self.instance, value), audience)
        return audience

    def save(self, commit=True):
        if self.instance.pk:
            forums.change(self.instance, **self.cleaned_data)
        else:
            self.instance.pk = forums.create_forum(**self.cleaned_data).pk
        self.instance.refresh_from_db()
        return self.instance
