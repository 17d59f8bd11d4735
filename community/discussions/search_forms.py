from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.discussions.models import Forum, Topic
from community.discussions.search import Wanted
from community.discussions.search_terms import LONGEST_QUERY
from core.models import Subject

RELEVANCE = "relevance"
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(2200, 1, 1)


class _Day(forms.DateField):
    """A day, as every browser sends it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs):
        super().__init__(
            required=False,
            input_formats=["%Y-%m-%d", "%m/%d/%Y"],
            error_messages={"invalid": _("Write the day as in 2026-03-14.")},
            **kwargs,
        )

    def clean(self, value):
        day = super().clean(value)
        if day and not _FIRST_DAY <= day <= _LAST_DAY:
            raise ValidationError(_("Nothing was written on that day. Choose another one."))
        return day


class _Slug(forms.ModelChoiceField):
    """A choice that the address names by its slug."""

    def __init__(self, **kwargs):
        super().__init__(to_field_name="slug", required=False, **kwargs)

    def to_python(self, value):
        if value and "\x00" in str(value):  # at which the database stumbles
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class SearchForm(forms.Form):
    """What is looked for in the discussions that `reader` may see."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text=_("“A phrase” in quotation marks, begin* for what begins so, -without, one or another."),
    )
    by = forms.CharField(
        label=_("Author (a part of the name)"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    forum = _Slug(
        label=_("Forum"),
        queryset=None,
        empty_label=_("Any forum"),
        error_messages={"invalid_choice": _("There is no such forum for you. Choose another one.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Any kind")), *Topic.Kind.choices],
        error_messages={"invalid_choice": _("Choose one of these kinds.")},
    )
    tag = _Slug(
        label=_("Tag"),
        queryset=Subject.objects.order_by("name"),
        empty_label=_("Any tag"),
        error_messages={"invalid_choice": _("Choose one of these tags.")},
    )
    since = _Day(label=_("From"))
    until = _Day(label=_("To"))
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("Newest first")), (RELEVANCE, _("Most relevant first"))],
        error_messages={"invalid_choice": _("Choose one of these orders.")},
    )

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        forums = Forum.objects.shared_with(reader).order_by("name").only("pk", "name", "slug", "direct_posts_count")
        self.fields["forum"].queryset = forums

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one."))
        return data

    @property
    def wanted(self) -> Wanted:
        """What a valid form looks for."""
        data = self.cleaned_data
        return Wanted(
            words=data["q"],
            author=data["by"],
            forum=data["forum"],
            kind=data["kind"],
            tag=data["tag"],
            since=data["since"],
            until=data["until"],
        )

    @property
    def is_filtered(self) -> bool:
        """Whether more than words was chosen, so that the filters stand open."""
        return any(self.data.get(name) for name in ("by", "forum", "kind", "tag", "since", "until")) or bool(
            self.errors.keys() - {"q"}
        )
