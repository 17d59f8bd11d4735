"""What people type when they ask to come in, answer, invite, or part."""

import re
from email.utils import parseaddr

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.groups.invitations import MOST_DAYS
from community.groups.models.joining import MOST_USES, OPEN_FOR

MOST_ADDRESSES = 20
_BETWEEN = re.compile(r"[,;\n]+")
LONGEST_ADDRESS = 254  # characters, as the model has it
_ADDRESSES_LENGTH = MOST_ADDRESSES * 2 * LONGEST_ADDRESS


def _words(label, help_text="", *, rows: int = 3, **options) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=500, widget=widget, **options)


class AskForm(forms.Form):
    words = _words(
        _("A word to the facilitators"),
        _("Who you are, and what you hope for. Only they read it."),
        required=False,
    )


class AnswerForm(forms.Form):
    answer = _words(_("A word to them"), _("It goes into the letter that tells them."), rows=2, required=False)


class RemovalForm(forms.Form):
    reason = _words(
        _("The reason"),
        _("It is sent to them, and to nobody else."),
        error_messages={"required": _("Please give a reason. It is sent to them, and to nobody else.")},
    )


class AddressesField(forms.CharField):
    """Several e-mail addresses, one a line or with commas between; "Ada Lang <ada@example.org>" counts too."""

    widget = forms.Textarea

    def clean(self, value) -> list[str]:
        pieces = [piece.strip() for piece in _BETWEEN.split(super().clean(value)) if piece.strip()]
        found, wrong = [], []
        for piece in pieces:
            address = (parseaddr(piece)[1] if "<" in piece else piece).lower()
            try:
                validate_email(address)
                MaxLengthValidator(LONGEST_ADDRESS)(address)
            except ValidationError:
                wrong.append(gettext("“%(address)s” is not an e-mail address.") % {"address": piece[:254]})
            else:
                found.append(address)
        if wrong:
            raise ValidationError(wrong[:MOST_ADDRESSES])
        found = list(dict.fromkeys(found))
        if len(found) > MOST_ADDRESSES:
            raise ValidationError(gettext("At most %(count)s at a time, please.") % {"count": MOST_ADDRESSES})
        if not found and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return found


class LettersForm(forms.Form):
    addresses = AddressesField(
        label=_("E-mail addresses"),
        help_text=_("One a line, or with commas between. Up to twenty; each gets a letter of its own."),
        max_length=_ADDRESSES_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Whom do you invite? Please give at least one address.")},
    )
    words = _words(_("A word to them"), _("It stands in the letter."), required=False)


class LinkForm(forms.Form):
    uses_allowed = forms.IntegerField(
        label=_("For how many people"),
        min_value=1,
        max_value=MOST_USES,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    days = forms.IntegerField(
        label=_("For how many days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=OPEN_FOR.days,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
