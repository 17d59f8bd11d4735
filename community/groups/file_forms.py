from django import forms
from django.utils.translation import gettext_lazy as _

from community.members.names import LineField
from core.files import LONGEST_NAME
from core.uploads import ACCEPTED, Upload, clean_upload


class FileForm(forms.Form):
    """A file for a group, and what it is called there."""

    file = forms.FileField(
        label=_("File"),
        max_length=None,
        allow_empty_file=True,  # so that our own words say it
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_(
            "A PDF, a document, sheet or slides without macros, plain text, or a picture, up to 20 MB. "
            "Where and when a picture was taken is removed."
        ),
    )
    name = LineField(
        label=_("Name"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("What your group sees. If you leave it empty, the file keeps its own name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_file(self) -> Upload:
        self.own_name = self.cleaned_data["file"].name
        return clean_upload(self.cleaned_data["file"])

    @property
    def chosen_name(self) -> str:
        return self.cleaned_data["name"] or self.own_name
