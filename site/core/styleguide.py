"""Every component in every state, on one page, for those who build the site."""

from datetime import date

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

NAMES = [
    "Maren Aldous",
    "Tobias Jensen",
    "Lucía Serrano",
    "Priya Kaur",
    "Andre Robinson",
    "Hana Mori",
    "Walt Petrie",
    "Ngozi Adeyemi",
    "Ines Duarte",
    "Sam Okafor",
    "Ruth Oyelaran",
    "Bea",
]


class ExampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label=_("What is it about?"), max_length=80, help_text=_("A question makes a good title."))
    body = forms.CharField(label=_("Your question"), widget=forms.Textarea, required=False)
    email = forms.EmailField(label=_("E-mail"))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    seats = forms.IntegerField(label=_("Seats"), min_value=1, required=False)
    discipline = forms.ChoiceField(
        label=_("Discipline"), choices=[("", _("Choose one")), ("p", _("Psychologist")), ("s", _("Social worker"))]
    )
    audience = forms.ChoiceField(
        label=_("Who may read this?"),
        help_text=_("It can be narrowed later, never widened."),
        widget=forms.RadioSelect,
        choices=[("members", _("Members of the association")), ("practitioners", _("Practitioners"))],
    )
    interests = forms.MultipleChoiceField(
        label=_("Interests"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("trauma", _("Trauma")), ("telehealth", _("Telehealth")), ("supervision", _("Supervision"))],
    )
    rules = forms.BooleanField(label=_("I have read the community rules"), help_text=_("They are short."))
    picture = forms.FileField(label=_("Picture"), required=False, help_text=_("JPEG, PNG or WebP, up to 5 MB."))


def _colleagues() -> list:
    """People who are in no database, one for each hue."""
    user_model = get_user_model()
    return [user_model(pk=number, display_name=name, email="-") for number, name in enumerate(NAMES, start=12)]


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The page, where settings allow it."""
    if not settings.STYLEGUIDE:
        raise Http404
    colleagues = _colleagues()
    context = {
        "colleagues": colleagues,
        "few": colleagues[:5],
        "person": colleagues[0],
        "form": ExampleForm(prefix="blank"),
        "wrong": ExampleForm({"wrong-email": "maren at example", "wrong-seats": "0"}, {}, prefix="wrong"),
        "page_of_many": Paginator(range(30), 10).page(2),
        "day": date(2026, 12, 10),
        "steps": ["s", "m", "l", "xl", "2xl", "3xl"],
        "colours": [
            "paper",
            "surface",
            "sunken",
            "mist",
            "spruce",
            "clay",
            "clay-mist",
            "honey",
            "honey-mist",
            "danger",
        ],
        "own_words": "I bring it into the room as it stands, and ask what they have noticed.",
    }
    return render(request, "core/styleguide.html", context)
