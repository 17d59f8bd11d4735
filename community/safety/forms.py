from django import forms
from django.utils.translation import gettext_lazy as _

from community.safety.models import Report
from community.safety.reports import NOT_BESIDE


class ReportForm(forms.ModelForm):
    """A report. `beside` is what its reporter may show as well: nothing is ticked for them."""

    beside = forms.MultipleChoiceField(
        label=_("May they see this too?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what they need to understand it. What you leave out stays where it is."),
        error_messages={"invalid_choice": NOT_BESIDE},
    )

    class Meta:
        model = Report
        fields = ["reason", "beside", "words"]
        widgets = {"reason": forms.RadioSelect, "words": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, beside, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = Report.Reason.choices
        self.fields["beside"].choices = [(each.key, each.label) for each in beside]
        self.order_fields(["reason", "beside", "words"])
        if not beside:
            del self.fields["beside"]
