"""Names as people type them, freed of what nobody sees: it could turn a line round, or make two names look like one."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

KEPT = {"\u200c", "\u200d", "\x00"}  # Persian and the scripts of India are spelled with the first two


def tidy(text: str) -> str:
    """`text` on one line, without control and format characters. A NUL stays, for the field to refuse."""
    return " ".join("".join(filter(_is_kept, text)).split())


def _is_kept(mark: str) -> bool:
    return mark in KEPT or mark.isspace() or unicodedata.category(mark) not in ("Cc", "Cf")


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
