"""The one composer, for a topic, a reply and a change: its form, what stands in it, and the draft that goes with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from community.discussions import drafts, mentions
from community.discussions.forms import READ_BY_OTHERS, EditForm, ReplyForm, TopicForm
from community.discussions.models import Attachment, Draft, Post, Topic
from community.discussions.places import Place
from community.discussions.posting import LONGEST_BODY
from community.safety.identifiers.looking import Look

# What a form says anew each time instead of going on with what a draft says.
_SAID_ANEW = {"written_for", "without"}
_OWN_COLUMNS = {"subject", "body"}
_WORDS = {"seeing", "tried", "need", "body"}


@dataclass
class Composer:
    """What the composer of one place shows.

    `draft` is where the words in it come from one, `preview` where it was asked for, `elsewhere` the draft as another
    window saved it, `refused` why files were not taken, `look` what may identify a client. `version` is the draft that
    saving goes on from.
    """

    place: Place
    form: forms.Form
    draft: Draft | None = None
    version: str = ""
    preview: mentions.Text | None = None
    elsewhere: Draft | None = None
    refused: Sequence[str] = ()
    look: Look | None = None

    most = LONGEST_BODY

    @property
    def elsewhere_words(self) -> str:
        """What the other window saved, to copy from."""
        return "\n\n".join(filter(None, [self.elsewhere.subject, words_of(self.elsewhere)])) if self.elsewhere else ""

    @property
    def is_in_a_case(self) -> bool:
        """Whether a case is written about: then the association's own words stand beside it. The boxes of a new case
        bring them along."""
        topic = self.place.thread
        return topic is not None and topic.kind == Topic.Kind.CASE

    @property
    def may_be_a_case(self) -> bool:
        """Whether a new topic can be one here."""
        return not self.place.thread and Topic.Kind.CASE in _kinds(self.form)


def form_for(place: Place, data=None, attached: Sequence[Attachment] = (), **initial) -> forms.Form:
    """The form of a place, empty or with what was sent; `attached` are the files that come with it so far."""
    if place.post:
        return EditForm(data, post=place.post, attached=attached, initial=initial)
    if place.topic:
        return ReplyForm(data, attached=attached, initial=initial)
    initial = {"written_for": place.forum.audience} | initial
    return TopicForm(data, forum=place.forum, attached=attached, initial=initial)


def opened(place: Place, user, quoted: Post | None = None, kind: str = "") -> Composer:
    """The composer as it opens: with the draft that there is, and below it the words that are answered. `kind` is what
    a new topic begins as, where the forum holds that."""
    draft = drafts.find(place, user)
    form = form_for(place, attached=_files(place, draft))
    if not place.thread and kind in _kinds(form):
        form.initial["kind"] = kind
    if draft is not None:
        fill(form, saved(draft))
    if quoted is not None:
        before = form.initial.get("body", "").rstrip("\n")
        form.initial["body"] = "\n\n".join(filter(None, [before, as_quote(quoted)]))
        form.initial.setdefault("quoting", quoted.pk)
    return Composer(place, form, draft, drafts.version(draft))


def typed(place: Place, data: MultiValueDict, attached: Sequence[Attachment] = ()) -> Composer:
    """The composer with all that was sent, as it was typed: nothing is checked."""
    form = form_for(place, attached=attached)
    fill(form, data)
    return Composer(place, form, version=data.get("draft_version", ""))


def fill(form: forms.Form, data: MultiValueDict) -> None:
    """Have a form that was not sent show these values, of the fields that have one."""
    for name, own in form.fields.items():
        if name in data and not isinstance(own, forms.FileField):
            form.initial[name] = own.widget.value_from_datadict(data, MultiValueDict(), name)


def saved(draft: Draft) -> MultiValueDict:
    """A draft as if it had been sent."""
    own = {"subject": [draft.subject], "body": [draft.body]}
    return MultiValueDict({name: list(values) for name, values in draft.more.items()} | own)


def words_of(draft: Draft) -> str:
    """All that is written in a draft, whatever box it stands in, but for the subject."""
    boxes = [name for name in draft.more if name in READ_BY_OTHERS]
    return "\n\n".join(filter(None, [*(" ".join(draft.more[name]).strip() for name in boxes), draft.body]))


def more_of(place: Place, data: MultiValueDict) -> dict[str, list[str]]:
    """What a draft keeps beside subject and text: nothing where nobody has typed into another field."""
    fields = {name: own for name, own in form_for(place).fields.items() if name not in _OWN_COLUMNS | _SAID_ANEW}
    kept = {name: data.getlist(name) for name, own in fields.items() if not isinstance(own, forms.FileField)}
    if _has_words(data, {"subject", "body"}) or _has_words(
        data, {name for name in fields if _is_typed_in(fields[name])}
    ):
        return kept
    return {}


def keep(place: Place, data: MultiValueDict, *, by) -> Draft | None:
    """Save what was sent as the draft of `by`. Raises what `drafts.save` raises."""
    return drafts.save(
        place,
        by=by,
        subject=data.get("subject", ""),
        body=data.get("body", ""),
        more=more_of(place, data),
        based_on=data.get("draft_version", ""),
    )


def text_of(place: Place, data: MultiValueDict) -> str:
    """The text that would be posted, or as much of it as there is."""
    form = form_for(place, data)
    form.is_valid()
    boxes = (name for name, own in form.fields.items() if isinstance(own.widget, forms.Textarea))
    typed_in = "\n\n".join(filter(None, (data.get(name, "").strip("\n") for name in boxes if name in _WORDS)))
    return getattr(form, "text", "") or form.cleaned_data.get("body") or typed_in


def as_quote(post: Post) -> str:
    """A post's own words with a `>` before each line and their author above, and room below."""
    return quote(post.content, post.poster.display_name if post.poster else _("A former member"))


def quote(words: str, author: str) -> str:
    """Words of somebody, as Markdown for an answer to them."""
    heading = f"**{_plain(author)}:**"
    lines = [heading, "", *words.strip("\n").splitlines()]
    return "".join(f"> {line}".rstrip() + "\n" for line in lines) + "\n"


def _kinds(form: forms.Form) -> dict:
    """What a form offers a topic to be."""
    return dict(getattr(form.fields.get("kind"), "choices", ()))


def _files(place: Place, draft: Draft | None) -> list[Attachment]:
    """Those of the post that is changed, and those that wait in the draft."""
    waiting = list(draft.attachments.all()) if draft else []
    return [*place.post.attachments.all(), *waiting] if place.post else waiting


def _plain(name: str) -> str:
    """A name whose characters mean nothing in Markdown."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>&~|" else char for char in name)


def _is_typed_in(own: forms.Field) -> bool:
    return isinstance(own.widget, forms.TextInput | forms.Textarea) and not own.widget.is_hidden


def _has_words(data: MultiValueDict, names: set[str]) -> bool:
    return any(value.strip() for name in names for value in data.getlist(name))
