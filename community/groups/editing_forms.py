"""What a group's facilitators type about it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.groups import editing
from community.groups.models import Group
from community.groups.models.group import FEWEST, MOST, TINTS
from community.groups.refusals import GroupRefused
from community.members.names import LineField, NameField
from core.uploads import clean_picture
from core.zone_field import ZoneSelect

# The hues of the palette, in its order.
COLORS = (
    _("Coral"),
    _("Teal"),
    _("Orchid"),
    _("Moss"),
    _("Blue"),
    _("Apricot"),
    _("Sea green"),
    _("Violet"),
    _("Gold"),
    _("Sky"),
    _("Rose"),
    _("Leaf"),
)


# How people come in, in few enough words for a phone.
WAYS_IN = {
    Group.Joining.OPEN: _("Every member can join"),
    Group.Joining.REQUEST: _("Members ask first"),
    Group.Joining.INVITATION: _("By invitation only"),
}


class Swatches(forms.RadioSelect):
    """Each control has the class of its color."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["class"] = f"avatar--hue-{value}"
        return option


class TintField(forms.TypedChoiceField):
    """A color from the palette, by its name."""

    widget = Swatches

    def __init__(self, **kwargs):
        options = {"label": _("Color"), "choices": list(enumerate(COLORS[:TINTS])), "coerce": int, "empty_value": 0}
        super().__init__(**options | kwargs)


def by_field(error: ValidationError) -> dict[str | None, list]:
    """What is wrong, by the name of the field; what is wrong with none of them under None."""
    return error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}


class EditForm(forms.ModelForm):
    """Saving goes through `editing`, with `user` as the actor."""

    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG, WebP or GIF, up to 5 MB. Where and when it was taken is removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    remove_picture = forms.BooleanField(label=_("Remove the picture"), required=False)
    tint = TintField()

    class Meta:
        model = Group
        fields = (
            "name",
            "purpose",
            "cadence",
            "region",
            "time_zone",
            "agenda",
            "joining",
            "size_limit",
            "listed",
            "picture",
            "tint",
        )
        field_classes = {"name": NameField, "region": LineField, "cadence": LineField}
        labels = {"name": _("Its name"), "listed": _("Show it in the list of groups")}
        help_texts = {
            "name": _("Its address stays what it is."),
            "purpose": _("A sentence or two, for those who think of joining. Nothing about clients."),
            "cadence": _("In words, such as: every other Thursday at noon."),
            "listed": _("Only those in it and those it invites know of a group that is not listed."),
        }
        error_messages = {
            "name": {"required": _("Please give it a name.")},
            "purpose": {"required": _("Please say in a sentence what it is for.")},
        }
        widgets = {
            "time_zone": ZoneSelect,
            "purpose": forms.Textarea(attrs={"rows": 4, "maxlength": 1000}),
            "agenda": forms.Textarea(attrs={"rows": 5, "maxlength": 2000}),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        # `edit` is given the row as it is in the database, so nothing of this form may stand in it already.
        self.group = Group.objects.get(pk=self.instance.pk)
        self._fit_to(self.group.kind)
        if not self.group.picture:
            del self.fields["remove_picture"]

    def _fit_to(self, kind: str) -> None:
        """Leave out what this kind of group has no choice in."""
        ways = Group.WAYS_IN[kind]
        self.fields["joining"].choices = [(way.value, WAYS_IN[way]) for way in ways]
        if len(ways) == 1:
            del self.fields["joining"]
        if kind == Group.Kind.CONSULTATION:
            self.fields["size_limit"].required = True
            self.fields["size_limit"].help_text = _("Three to nine, you among them.")
            self.fields["size_limit"].widget.attrs |= {"min": FEWEST, "max": MOST}
        else:
            del self.fields["listed"]
            self.fields["size_limit"].help_text = _("Leave it empty where there is room for everybody.")

    def clean_picture(self):
        picture = self.cleaned_data["picture"]
        return clean_picture(picture) if picture and self.files.get("picture") else None

    def _post_clean(self) -> None:
        """The rules of the row are asked in `save`, behind its lock."""

    def save(self, commit: bool = True) -> bool:
        """Whether everything is saved; what could not be then stands in the form."""
        changes = {name: value for name, value in self.cleaned_data.items() if name in editing.EDITABLE}
        try:
            editing.edit(self.group, by=self.user, changes=changes)
            if picture := self.cleaned_data["picture"]:
                editing.set_picture(self.group, picture, by=self.user)
            elif self.cleaned_data.get("remove_picture"):
                editing.set_picture(self.group, None, by=self.user)
        except GroupRefused as refusal:
            self.add_error(None, str(refusal))
        except ValidationError as error:
            self._tell(error)
        return not self.errors

    def _tell(self, error: ValidationError) -> None:
        for name, errors in by_field(error).items():
            self.add_error(name if name in self.fields else None, errors)
