"""What is asked of whoever removes, hides, edits, closes, splits or merges. The rules are those of the functions."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from community.discussions import posting, purging
from community.discussions.forms import asked
from community.discussions.looking_after import LONGEST_REASON, check_reason
from community.discussions.models import Topic

_TOPIC = re.compile(r"(?:^|/)([1-9]\d{0,17})(?:-[-\w]*)?/?(?:[?#]\S*)?$", re.ASCII)
WITHOUT_REASON = _("Write a sentence that tells them why.")


READ_BY_ITS_AUTHOR = _("Whoever wrote it reads this. One or two kind sentences are enough.")


def reason_field(help_text=READ_BY_ITS_AUTHOR):
    return forms.CharField(
        label=_("Why?"),
        error_messages={"required": WITHOUT_REASON},
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REASON}),
        help_text=help_text,
    )


class ReasonForm(forms.Form):
    """Why, for the one who wrote it."""

    reason = reason_field()

    def clean_reason(self):
        return asked(check_reason, self.cleaned_data["reason"])


class HideForm(ReasonForm):
    """The first post of a conversation goes alone, or with all the answers."""

    whole = forms.TypedChoiceField(
        label=_("What goes?"),
        choices=[
            ("no", _("Only this post. The conversation stays, and says that a moderator removed it.")),
            ("yes", _("The whole conversation, with its subject and all answers.")),
        ],
        coerce=lambda value: value == "yes",
        initial="no",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")},
    )

    field_order = ["whole", "reason"]

    def __init__(self, *args, is_answered: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_answered:
            del self.fields["whole"]


class AmendForm(ReasonForm):
    """Another's post, edited."""

    subject = forms.CharField(
        label=_("Subject"),
        error_messages={"required": posting.NO_SUBJECT},
        widget=forms.TextInput(attrs={"maxlength": posting.LONGEST_SUBJECT, "autocomplete": "off"}),
    )
    body = forms.CharField(
        label=_("Text"),
        strip=False,
        error_messages={"required": posting.NO_BODY},
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    field_order = ["subject", "body", "reason", "based_on"]

    @property
    def typed(self) -> dict[str, str]:
        """All words that are read by others, as the composer's forms have it."""
        return {name: self.cleaned_data[name] for name in ("subject", "body") if name in self.fields}

    def __init__(self, *args, post, **kwargs):
        initial = {"subject": post.topic.subject, "body": post.content, "based_on": post.updates_count}
        super().__init__(*args, initial=initial, **kwargs)
        if post.position != 1:
            del self.fields["subject"]

    def clean_subject(self):
        return asked(posting.check_subject, self.cleaned_data["subject"])

    def clean_body(self):
        return asked(posting.check_body, self.cleaned_data["body"])


class SplitForm(ReasonForm):
    """Which answers go, and what the new conversation is called."""

    subject = forms.CharField(
        label=_("Subject of the new conversation"),
        error_messages={"required": posting.NO_SUBJECT},
        widget=forms.TextInput(attrs={"maxlength": posting.LONGEST_SUBJECT, "autocomplete": "off"}),
    )
    posts = forms.TypedMultipleChoiceField(
        label=_("Which answers go?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one."),
            "invalid_choice": _("One of these is not in this conversation any more. Please look again."),
        },
    )
    rest = forms.BooleanField(label=_("And everything after these"), required=False)

    field_order = ["subject", "posts", "rest", "reason"]

    def __init__(self, *args, choices, has_more: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["posts"].choices = choices
        if not has_more:
            del self.fields["rest"]

    def clean_subject(self):
        return asked(posting.check_subject, self.cleaned_data["subject"])


class MergeForm(ReasonForm):
    """Which conversation it becomes part of: one of those near it, or any other by its address."""

    near = forms.TypedChoiceField(label=_("A conversation of this forum"), required=False, coerce=int, empty_value=None)
    address = forms.CharField(
        label=_("Or the address of another one"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        help_text=_("Copy it from your browser's address bar."),
    )

    field_order = ["near", "address", "reason"]

    def __init__(self, *args, partners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["near"].choices = [("", _("Choose one")), *((topic.pk, topic.subject) for topic in partners)]
        self.fields["near"].error_messages["invalid_choice"] = _("That is not there any more. Choose another one.")

    def clean(self):
        data = super().clean()
        near, address = data.get("near"), data.get("address", "").strip()
        found = _TOPIC.search(address) if address else None
        if address and found is None:
            self.add_error("address", _("This is not the address of a conversation."))
        elif not address and near is None and "near" not in self.errors:
            self.add_error("near", _("Choose the conversation that it becomes part of."))
        data["number"] = int(found[1]) if found else near
        return data


class PurgeForm(forms.Form):
    """What goes for good. Whoever does it to somebody else's words gives a reason."""

    extent = forms.ChoiceField(
        label=_("What goes for good?"),
        choices=[
            ("some", _("Only the words below. The post stays, and says “[removed]” in their place.")),
            ("all", _("All that this post says. Its place says that it was removed.")),
        ],
        initial="some",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")},
    )
    phrases = forms.CharField(
        label=_("Words to remove"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("One a line, as they are written in the post. They are not kept anywhere."),
    )
    with_files = forms.BooleanField(label=_("Delete its files too"), required=False, initial=True)
    reason = reason_field(_("Whoever wrote it reads this. Don't repeat the words."))

    def __init__(self, *args, is_own: bool, has_files: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if is_own:
            del self.fields["reason"]
        if not has_files:
            del self.fields["with_files"]

    def clean_phrases(self):
        return asked(lambda words: purging.check_phrases(words.splitlines()), self.cleaned_data["phrases"])

    def clean_reason(self):
        return asked(check_reason, self.cleaned_data["reason"])

    def clean(self):
        data = super().clean()
        if data.get("extent") == "some" and "phrases" not in self.errors and not data.get("phrases"):
            self.add_error("phrases", _("Write the words that have to go, one a line."))
        return data


class PlaceForm(forms.Form):
    """Where a conversation stands in the list of its forum."""

    place = forms.TypedChoiceField(
        label=_("Place in the list"),
        choices=[
            (Topic.TOPIC_POST, _("By its time, like all others")),
            (Topic.TOPIC_STICKY, _("Pinned above the others")),
            (Topic.TOPIC_ANNOUNCE, _("An announcement, above all")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of these places."),
            "invalid_choice": _("Choose one of these places."),
        },
    )
