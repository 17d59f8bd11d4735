from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from community.groups.models import Addition
from core import markdown

MOST = Addition._meta.get_field("body").max_length  # characters


class AdditionForm(forms.Form):
    """What a group adds to the agreement of its kind; nothing takes the last addition back."""

    body = forms.CharField(
        label=_("What we add"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "maxlength": MOST}),
        help_text=_("Markdown: ## for a heading, - for a list. No names of clients, and none of yourselves either."),
    )

    def clean_body(self) -> str:
        """Measured as it is kept: browsers send two characters for a line break that counts as one."""
        body = markdown.without_controls(self.cleaned_data["body"]).strip()
        MaxLengthValidator(MOST)(body)
        return body
