"""What staff type about people."""

from django import forms
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from community.members.forms import PersonFields
from community.members.models import Policy, User
from community.members.names import NameField


class InviteForm(forms.ModelForm):
    """Somebody the association knows already."""

    class Meta:
        model = User
        fields = ("email", "display_name")
        field_classes = {"display_name": NameField}
        help_texts = {
            "email": _("They get a letter with a link to choose a password, and are an active member at once."),
        }

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class PersonForm(PersonFields):
    """Name, and for administrators what the person may do. Standing and licence have ways of their own."""

    groups = forms.ModelMultipleChoiceField(
        label=_("Roles"), queryset=Group.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_superuser = forms.BooleanField(
        label=_("Administrator"),
        required=False,
        help_text=_("May do everything on this site, except look into private groups."),
    )

    class Meta:
        model = User
        fields = ("display_name",)
        field_classes = {"display_name": NameField}

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        if by.is_superuser:
            self.fields["groups"].initial = self.instance.groups.all()
            self.fields["is_superuser"].initial = self.instance.is_superuser
        else:
            del self.fields["groups"], self.fields["is_superuser"]


class LicenceForm(forms.Form):
    """What the board's register said, and when somebody looked."""

    jurisdiction = forms.CharField(label=_("Licensed in"), max_length=80)
    number = forms.CharField(label=_("License number"), max_length=60)
    on = forms.DateField(label=_("Checked on"), initial=timezone.localdate, widget=AdminDateInput)
    expires_on = forms.DateField(
        label=_("Expires on"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Empty for a license that does not expire."),
    )


class PolicyForm(forms.ModelForm):
    """A draft of one of the two texts."""

    publish_now = forms.BooleanField(
        label=_("Publish now"),
        required=False,
        help_text=_(
            "From then on everybody who signs up accepts it, and it can be changed no more. Otherwise it is a draft."
        ),
    )

    class Meta:
        model = Policy
        fields = ("kind", "body")
        widgets = {"body": forms.Textarea(attrs={"rows": 30})}
