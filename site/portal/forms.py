from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.models import Subject
from core.zone_field import ZoneField, ZoneSelect


class ZoneForm(forms.Form):
    time_zone = ZoneField(label=_("Your time zone"), widget=ZoneSelect(attrs={"data-browser-zone": ""}))


class InterestsForm(forms.Form):
    interests = forms.ModelMultipleChoiceField(
        label=_("What do you like to read and talk about?"),
        queryset=Subject.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least two, or skip this step.")},
    )

    def clean_interests(self):
        chosen = self.cleaned_data["interests"]
        if len(chosen) < 2:
            raise ValidationError(_("Choose at least two, or skip this step."))
        return chosen
