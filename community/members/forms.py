"""What people type about themselves. The sign-up fields are here, without allauth, since allauth imports them."""

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.members import policies, profiles
from community.members.models import User
from community.members.names import LineField, NameField
from core.uploads import clean_picture
from core.zone_field import ZoneSelect
from core.zones import known_zones


def _acceptance_words() -> str:
    words = gettext(
        "I am an adult and accept the <a href='{rules}'>community rules</a> "
        "and the <a href='{notice}'>privacy notice</a>"
    )
    return format_html(words, rules=reverse_lazy("members:rules"), notice=reverse_lazy("members:privacy"))


class AcceptField(forms.BooleanField):
    """The one checkbox: adult, community rules, privacy notice."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", lazy(_acceptance_words, str)())
        kwargs.setdefault(
            "error_messages",
            {"required": _("Please tick this box: we can only let adults in, and only with these rules.")},
        )
        super().__init__(**kwargs)


class BrowserZoneField(forms.CharField):
    """The zone that the browser says it is in, filled in by a script; UTC where it says nothing or nonsense."""

    widget = forms.HiddenInput(attrs={"data-browser-zone": ""})

    def clean(self, value):
        return value if value in known_zones() else "UTC"


class SignupFields(forms.Form):
    """What sign-up asks for besides e-mail and password, with a password or through another service."""

    display_name = NameField(
        label=_("Your name"),
        max_length=80,
        help_text=_("As colleagues know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    accept = AcceptField()
    time_zone = BrowserZoneField(required=False)

    field_order = ("display_name", "email", "password1", "accept", "time_zone")

    def signup(self, request, user: User) -> None:
        """allauth calls this once the account is saved, in the transaction of the form's `save`."""
        policies.accept_current(user)


class PeopleFilter(forms.Form):
    """What the list of people is narrowed down to. All of it may be missing; a NUL or an unknown discipline may not."""

    q = forms.CharField(label=_("Name"), required=False)
    discipline = forms.ChoiceField(label=_("Discipline"), required=False)
    region = forms.ChoiceField(label=_("State or province"), required=False)

    def __init__(self, data, *, regions: list[str]):
        super().__init__(data)
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
        self.fields["discipline"].choices = [("", _("Any discipline")), *User.Discipline.choices]
        self.fields["region"].choices = [("", _("Anywhere")), *((region, region) for region in regions)]

    @property
    def narrows(self) -> bool:
        return any(self.cleaned_data.values())


class PersonFields(forms.ModelForm):
    """Some of what belongs to a person. Saves what was changed here alone: what is decided about them meanwhile, such
    as their standing, is in other columns of the same row."""

    elsewhere: frozenset[str] = frozenset()  # columns with a function of their own

    def save(self, commit: bool = True) -> User:
        person = super().save(commit=False)
        if commit:
            columns = {field.name for field in person._meta.concrete_fields} - self.elsewhere
            person.save(update_fields=columns.intersection(self.changed_data))
            self._save_m2m()
        return person


class ProfileForm(PersonFields):
    """A member's own page, and what decides how the site looks for them."""

    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG, WebP or GIF, up to 5 MB. Only members see it. Where and when it was taken is removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    remove_picture = forms.BooleanField(label=_("Remove my picture"), required=False)
    elsewhere = frozenset({"picture"})

    class Meta:
        model = User
        fields = (
            "display_name",
            "pronouns",
            "picture",
            "discipline",
            "credentials",
            "licence_jurisdiction",
            "licence_number",
            "city",
            "region",
            "time_zone",
            "bio",
            "interests",
            "hidden",
        )
        field_classes = {
            "display_name": NameField,
            "pronouns": LineField,
            "credentials": LineField,
            "licence_jurisdiction": LineField,
            "licence_number": LineField,
            "city": LineField,
            "region": LineField,
        }
        labels = {"display_name": _("Your name"), "hidden": _("Leave me out of the list of people")}
        help_texts = {
            "licence_jurisdiction": _("The state or province that issued your license."),
            "licence_number": _("Only you and the staff who check it see this."),
            "bio": _("A few sentences, plain text. Nothing about clients."),
            "hidden": _("Nobody finds you by name or opens your page. What you write still carries your name."),
        }
        widgets = {
            "bio": forms.Textarea(attrs={"rows": 5, "maxlength": 600}),
            "interests": forms.CheckboxSelectMultiple,
            "time_zone": ZoneSelect,
            "display_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
            "region": forms.TextInput(attrs={"autocomplete": "address-level1"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["discipline"].choices = [("", _("Choose one")), *User.Discipline.choices]
        if self.instance.licence_checked_on:
            for name in ("licence_jurisdiction", "licence_number"):
                self.fields[name].disabled = True
            self.fields["licence_jurisdiction"].help_text = _(
                "Checked by staff. To change it, ask them for a new check."
            )
        if not self.instance.picture:
            del self.fields["remove_picture"]
        self._old_picture = self.instance.picture.name

    def clean(self):
        """What others read of somebody stays as it is while they are out."""
        if self.instance.standing == User.Standing.REMOVED:
            raise forms.ValidationError(
                _("Moderators removed you. Until it ends, what others read of you can't be changed.")
            )
        return super().clean()

    def clean_picture(self):
        picture = self.cleaned_data["picture"]
        return clean_picture(picture) if picture and self.files.get("picture") else None

    def save(self, commit: bool = True) -> User:
        """Save the profile, and the picture when one came. Only with commit, since the file goes with the row."""
        self.instance.picture = self._old_picture
        user = super().save(commit)
        if picture := self.cleaned_data["picture"]:
            profiles.set_picture(user, picture)
        elif self.cleaned_data.get("remove_picture"):
            profiles.set_picture(user, None)
        return user
