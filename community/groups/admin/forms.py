"""What staff and organisers type about groups and who is in them."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import formfield_for_dbfield

from community.groups import chapters
from community.groups.editing_forms import TintField
from community.groups.models import Group, Membership
from community.members.models import User
from core.zone_field import ZoneSelect


class _GroupForm(forms.ModelForm):
    tint = TintField(widget=forms.Select)

    class Meta:
        model = Group
        fields = (
            "name",
            "purpose",
            "region",
            "time_zone",
            "cadence",
            "agenda",
            "joining",
            "size_limit",
            "tint",
        )
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 4}),
            "agenda": forms.Textarea(attrs={"rows": 4}),
            "time_zone": ZoneSelect,
        }


class SetUpForm(_GroupForm):
    """A new chapter or learning community, with who leads it."""

    class Meta(_GroupForm.Meta):
        fields = ("kind", "slug", *_GroupForm.Meta.fields)
        labels = {"slug": gettext_lazy("Web address")}
        help_texts = {
            "kind": gettext_lazy(
                "It stays what it is. Consultation groups are started by their members, on the page of all groups."
            ),
            "slug": gettext_lazy("The last word of its page's address, small letters and hyphens. It stays."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [("", "---------"), *((kind, Group.Kind(kind).label) for kind in chapters.KINDS)]
        self.fields["kind"].choices = kinds
        self.fields["joining"].choices = [(way, way.label) for way in Group.WAYS_IN[Group.Kind.COMMUNITY]]
        self.fields["joining"].help_text = _("A chapter is open to every member.")
        self.fields["leader"] = _person_field(_("Who leads it"))
        self.fields["leader"].help_text = _("They can ask others to lead it with them.")
        self.order_fields(["kind", "name", "slug", "leader"])

    def clean(self) -> dict:
        typed = super().clean()
        kind, joining = typed.get("kind"), typed.get("joining")
        if kind and joining and joining not in Group.WAYS_IN[kind]:
            self.add_error("joining", _("A chapter is open to every member."))
        return typed

    def validate_constraints(self) -> None:
        """`clean` said it beside the field; the function asks for all of them once more."""
        if not self.errors:
            super().validate_constraints()


class GroupForm(_GroupForm):
    """A group that is there already. Its kind and address stay; archiving has a button of its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ways = Group.WAYS_IN[self.instance.kind]
        self.fields["joining"].choices = [(way, way.label) for way in ways]
        if len(ways) == 1:
            del self.fields["joining"]
        if self.instance.kind == Group.Kind.CONSULTATION:
            self.fields["size_limit"].required = True
            del self.fields["region"], self.fields["agenda"]  # what only those inside are told


class AddForm(forms.ModelForm):
    """Somebody who comes into a chapter or a learning community without asking."""

    class Meta:
        model = Membership
        fields = ("group", "role")

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        groups = Group.objects.administered_by(by).exclude(kind=Group.Kind.CONSULTATION)
        self.fields["group"].queryset = groups.filter(archived_at=None).order_by("kind", "name")
        self.fields["user"] = _person_field(_("Person"))
        self.fields["user"].help_text = _("They get a letter, and are inside once they have signed the agreement.")
        self.order_fields(["group", "user", "role"])

    def clean(self) -> dict:
        """Without the model's own check for doubles: who left before has a row, and comes back by it."""
        group, person = self.cleaned_data.get("group"), self.cleaned_data.get("user")
        if group and person and group.memberships.of(person).exists():
            self.add_error("user", _("They are in this group already."))
        return self.cleaned_data


class EndForm(forms.ModelForm):
    """Why somebody's membership ends."""

    reason_given = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is sent to them, and to nobody else."),
    )

    class Meta:
        model = Membership
        fields = ()


def _person_field(label: str) -> forms.Field:
    """The field by which the admin chooses a member: those in the list of people."""
    field = formfield_for_dbfield(Membership._meta.get_field("user"), label=label)
    field.queryset = User.objects.listed()
    return field
