from django import forms
from django.utils.translation import gettext_lazy as _

from community.notices import kinds, preferences
from community.notices.models import Frequency

AS_ABOVE = ("", _("as above"))


class PreferencesForm(forms.Form):
    """How often mail comes: of each kind, and about the places for which somebody chose."""

    everything = forms.ChoiceField(
        label=_("All of it"),
        required=False,
        choices=[("", _("each as it is chosen below")), *Frequency.choices],
    )
    new_place = forms.TypedChoiceField(label=_("Another forum"), required=False, coerce=int, empty_value=None)
    new_frequency = forms.ChoiceField(label=_("Mail about it"), required=False, choices=[AS_ABOVE, *Frequency.choices])

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = preferences.Chosen(user)
        places = kinds.places_of(user)
        for kind in kinds.of_choice():
            self.fields[f"kind-{kind.name}"] = forms.ChoiceField(
                label=kind.label, choices=Frequency.choices, initial=chosen.frequency(kind.name, None)
            )
        for pk, name in places:
            if pk in chosen.places:
                self.fields[f"place-{pk}"] = forms.ChoiceField(
                    label=name, required=False, choices=[AS_ABOVE, *Frequency.choices], initial=chosen.places[pk]
                )
        others = [(pk, name) for pk, name in places if pk not in chosen.places]
        self.fields["new_place"].choices = [("", _("Choose a forum")), *others]

    @property
    def of_kinds(self):
        return [self[name] for name in self.fields if name.startswith("kind-")]

    @property
    def of_places(self):
        return [self[name] for name in self.fields if name.startswith("place-")]

    def save(self, *, by) -> None:
        data = self.cleaned_data
        of_kinds = {name.removeprefix("kind-"): each for name, each in data.items() if name.startswith("kind-")}
        if data["everything"]:
            of_kinds = dict.fromkeys(of_kinds, data["everything"])
        of_places = {int(name.removeprefix("place-")): each for name, each in data.items() if name.startswith("place-")}
        if data["new_place"] and data["new_frequency"]:
            of_places[data["new_place"]] = data["new_frequency"]
        preferences.choose(by=by, of_kinds=of_kinds, of_places=of_places)
