from collections.abc import Sequence

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.discussions import attachments, polls, posting, tags, topic_kinds
from community.discussions.models import Attachment, Forum, Post, Topic
from community.discussions.models.writing import LONGEST_ALT
from community.discussions.refusals import DiscussionRefused
from community.members.names import LineField
from core.audience import Audience
from core.documents import size_words
from core.models import Subject
from core.uploads import ACCEPTED

MISSING = {
    "seeing": _("Write a line about what you are seeing."),
    "tried": _("Write a line about what you tried, or that you have tried nothing yet."),
    "need": _("Say what you hope to get: a question, an idea, a second pair of eyes."),
    "link": _("Paste the address of the page."),
    "modality": _("Say what kind of work you are looking for."),
    "region": _("Say where, or that it can be online."),
}
LONGEST_FACT = 120
LONGEST_LINK = 500
READ_BY_OTHERS = {
    *("subject", "body", "seeing", "tried", "need", "link", "modality", "region", "insurance"),
    *("poll_question", "poll_answers"),
}


class ManyFiles(forms.FileInput):
    """A file input that takes several at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Some files or none. What is inside of them is judged where they are put to the draft."""

    def clean(self, data, initial=None):
        return data or []


class LeftOutField(forms.MultipleChoiceField):
    """Numbers of files, of those that are there: one that was left out before is gone, and that is no mistake."""

    def clean(self, value):
        return [number for number, _name in self.choices if str(number) in (value or ())]


class _Words(forms.Form):
    """What is posted: the rules for it are those of `community.discussions.posting` and its neighbours.

    `attached` are the files that come with it so far; each picture has a box `alt_<number>` that says what it shows.
    New ones arrive in `files`, and are put to the draft by `community.discussions.attaching` before the form is read.
    """

    files = ManyFilesField(
        label=_("Files"),
        required=False,
        widget=ManyFiles(attrs={"accept": ACCEPTED}),
        help_text=_(
            "Up to %(count)s: PDF, documents without macros, or pictures, %(size)s each. "
            "Where and when a picture was taken is removed."
        )
        % {"count": attachments.MOST_FILES, "size": size_words(settings.MAX_FILE_BYTES)},
    )

    without = LeftOutField(label=_("Leave out"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, attached: Sequence[Attachment] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.attached = attached
        self.fields["without"].choices = [(each.pk, each.name) for each in attached]
        for attachment in attached:
            if attachment.is_picture:
                self.fields[f"alt_{attachment.pk}"] = LineField(
                    label=_("What it shows, for those who can't see it"),
                    required=False,
                    max_length=LONGEST_ALT,
                    initial=attachment.alt,
                    widget=forms.TextInput(attrs={"autocomplete": "off"}),
                )

    @property
    def file_rows(self) -> list[tuple[Attachment, forms.BoundField | None]]:
        """Each file that comes with it, and the box that describes it if it is a picture."""
        return [(each, self[f"alt_{each.pk}"] if each.is_picture else None) for each in self.attached]

    @property
    def typed(self) -> dict[str, str]:
        """All words that would be read by others, by the names of their fields: for a look at them before they are."""
        data = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        found = {name: data.get(name) for name in self.fields if name in READ_BY_OTHERS or name.startswith("alt_")}
        return {name: words for name, words in found.items() if isinstance(words, str) and words}

    def clean_subject(self):
        return asked(posting.check_subject, self.cleaned_data["subject"])

    def clean_body(self):
        return asked(posting.check_body, self.cleaned_data["body"])


def asked(rule, value):
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


def _box(label, rows: int, help_text=""):
    """A box that only one kind of topic has: it can't be required in the browser, where it may not be shown."""
    return forms.CharField(
        label=label, required=False, strip=False, widget=forms.Textarea(attrs={"rows": rows}), help_text=help_text
    )


def _fact(label, help_text=""):
    return LineField(
        label=label,
        required=False,
        max_length=LONGEST_FACT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=help_text,
    )


def _tags():
    return forms.ModelMultipleChoiceField(
        label=_("What it is about"),
        queryset=Subject.objects.all(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Up to %(most)s words, so that colleagues find it.") % {"most": tags.MOST_TAGS},
        error_messages={"invalid_choice": _("One of these words is not in the list any more. Please choose again.")},
    )


class TopicForm(_Words):
    """A new topic in `forum`. `written_for` is the audience that its author was shown.

    Each kind has boxes of its own, which become the one text of the first post: `words` are what `start_topic` takes.
    """

    kind = forms.ChoiceField(
        label=_("What is it?"),
        required=False,
        initial=Topic.Kind.DISCUSSION,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of these kinds.")},
    )
    subject = _subject()
    seeing = _box(
        _("What I am seeing"), 5, _("As little as it takes: leave out names, places, dates, and all that is rare.")
    )
    tried = _box(_("What I tried"), 4)
    need = _box(_("What I need from you"), 3)
    link = forms.URLField(
        label=_("Link"), required=False, max_length=LONGEST_LINK, widget=forms.URLInput(attrs={"autocomplete": "off"})
    )
    modality = _fact(_("Modality"), _("Such as EMDR for adults, couples, or supervision."))
    region = _fact(_("Region"), _("A town, a state, or online."))
    insurance = _fact(_("Insurance"), _("Plans that should be taken, if it matters."))
    body = _body(_("In your own words"), 12)
    tags = _tags()
    poll_question = forms.CharField(
        label=_("Question"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": polls.LONGEST_QUESTION, "autocomplete": "off"}),
    )
    poll_answers = forms.CharField(
        label=_("Answers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("%(fewest)s to %(most)s, each on a line of its own.")
        % {"fewest": polls.FEWEST_ANSWERS, "most": polls.MOST_ANSWERS},
    )
    poll_days = forms.IntegerField(
        label=_("Open for (days)"),
        required=False,
        min_value=1,
        max_value=polls.LONGEST_DAYS,
        help_text=_("Empty: as long as the conversation is."),
    )
    written_for = forms.ChoiceField(choices=Audience.choices, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, forum: Forum, **kwargs):
        super().__init__(*args, **kwargs)
        self.forum = forum
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in topic_kinds.kinds_in(forum)]
        self.fields["body"].required = False  # whether it is, hangs on the kind
        self.fields["body"].widget.is_required = False

    def clean_kind(self):
        return asked(lambda kind: topic_kinds.check_kind(kind, self.forum), self.cleaned_data["kind"] or "discussion")

    def clean_tags(self):
        return asked(tags.check_tags, self.cleaned_data["tags"])

    def clean_body(self):
        """Kept as it is: `clean` puts the text together from it and the boxes of the kind, and asks for it."""
        return self.cleaned_data["body"]

    def clean(self):
        data = super().clean()
        if "kind" in data:
            self._clean_text(data["kind"])
        self._clean_poll()
        return data

    @property
    def words(self) -> dict:
        """What `posting.start_topic` takes of a valid form."""
        data = self.cleaned_data
        return {
            "subject": data["subject"],
            "body": self.text,
            "kind": data["kind"],
            "tags": data["tags"],
            "poll": self.poll,
            "written_for": data["written_for"] or None,
        }

    def _clean_text(self, kind: Topic.Kind) -> None:
        """Put `text` together from the boxes of this kind, and say beside each what is missing."""
        data = self.cleaned_data
        asked_for = {
            Topic.Kind.CASE: ("seeing", "tried", "need"),
            Topic.Kind.RESOURCE: ("link", "body"),
            Topic.Kind.LOOKING: ("modality", "region"),
        }.get(kind, ("body",))
        for name in asked_for:
            if name not in self.errors and not data[name].strip():
                self.add_error(name, MISSING.get(name, posting.NO_BODY))
        if any(name in self.errors for name in (*asked_for, "insurance", "body")):
            return
        if kind == Topic.Kind.CASE:
            text, box = topic_kinds.as_case(data["seeing"], data["tried"], data["need"]), "seeing"
        elif kind == Topic.Kind.RESOURCE:
            text, box = topic_kinds.as_resource(data["link"], data["body"]), "body"
        elif kind == Topic.Kind.LOOKING:
            facts = (data["modality"], data["region"], data["insurance"])
            text, box = topic_kinds.as_search(*facts, data["body"]), "body"
        else:
            text, box = data["body"], "body"
        try:
            self.text = posting.check_body(text)
        except DiscussionRefused as refusal:
            self.add_error(box, str(refusal))

    def _clean_poll(self) -> None:
        """Make `poll` of the three boxes, if there is anything in them."""
        self.poll, data = None, self.cleaned_data
        question, answers = data.get("poll_question", ""), data.get("poll_answers", "")
        names = ("poll_question", "poll_answers", "poll_days")
        if any(name in self.errors for name in names) or not (question or answers.strip()):
            return
        found = {}
        for name, rule, value in (
            ("poll_question", polls.check_question, question),
            ("poll_answers", polls.check_answers, answers.splitlines()),
        ):
            try:
                found[name] = rule(value)
            except DiscussionRefused as refusal:
                self.add_error(name, str(refusal))
        if len(found) == 2:
            self.poll = polls.NewPoll(found["poll_question"], found["poll_answers"], data["poll_days"])


class ReplyForm(_Words):
    """An answer, perhaps to one post."""

    body = _body(_("Your reply"), 6)
    quoting = forms.IntegerField(required=False, widget=forms.HiddenInput)


class EditForm(_Words):
    """A change to one's own `post`. `based_on` is the version that was opened; subject, kind and tags are changed with
    the first post of a topic."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of these kinds.")},
    )
    subject = _subject()
    body = _body(_("Your post"), 12)
    tags = _tags()
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, post: Post, **kwargs):
        initial = {"subject": post.topic.subject, "body": post.content, "based_on": post.updates_count}
        is_first = post.position == 1
        if is_first:
            initial |= {"kind": post.topic.kind, "tags": post.topic.tags.all()}
        super().__init__(*args, initial=initial | (kwargs.pop("initial", None) or {}), **kwargs)
        self.post = post
        kinds = topic_kinds.changes_of_kind(post.topic, post.topic.forum) if is_first else []
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        if len(kinds) < 2:
            del self.fields["kind"]
        if not is_first:
            del self.fields["subject"], self.fields["tags"]

    def clean_kind(self):
        kind, topic = self.cleaned_data["kind"] or self.post.topic.kind, self.post.topic
        return asked(lambda kind: topic_kinds.check_kind(kind, topic.forum, of=topic), kind)

    def clean_tags(self):
        return asked(tags.check_tags, self.cleaned_data["tags"])

    @property
    def words(self) -> dict:
        """What `posting.edit_post` takes of a valid form."""
        taken = ("body", "subject", "kind", "tags", "without", "based_on")
        return {name: self.cleaned_data[name] for name in taken if name in self.cleaned_data}
