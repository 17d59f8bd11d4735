"""Names as people type them: one line each, in letters that are seen."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.lines import tidy


class LineField(forms.CharField):
    """One line of plain words."""

    def to_python(self, value):
        return tidy(super().to_python(value))


def validate_name(name: str) -> None:
    """Raise ValidationError for a name without a single letter or digit."""
    if not any(letter.isalnum() for letter in name):
        raise ValidationError(_("Please write a name that colleagues can address you by."), code="name")


class NameField(LineField):
    """The name that colleagues know somebody by."""

    default_validators = [validate_name]
