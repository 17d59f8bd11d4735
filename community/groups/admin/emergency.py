"""Emergency access in the Wagtail admin: ask for one, grant somebody else's, end one, and read what there was."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from community.groups import emergency
from community.groups.models import EmergencyAccess, Group
from community.groups.permissions import may_break_glass
from community.groups.refusals import GroupRefused
from core.paging import numbered_page

HISTORY_A_PAGE = 20

# What can be done to one of them, with what is said once it is done.
ACTIONS = {
    "grant": (
        emergency.grant,
        gettext_lazy("The group is open to both of you for 24 hours. Its members get a letter."),
    ),
    "decline": (emergency.decline, gettext_lazy("Declined. The one who asked hears of it.")),
    "withdraw": (emergency.withdraw, gettext_lazy("Taken back.")),
    "end": (emergency.end, gettext_lazy("The group is shut again, for both of you.")),
}


class AskForm(forms.Form):
    group = forms.CharField(
        label=gettext_lazy("Group"),
        max_length=80,
        help_text=gettext_lazy(
            "Its number, which its members find on its page, or the name of a listed group. Whether a number is taken "
            "is all that you learn of a group before somebody grants it."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=EmergencyAccess._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "The group reads this, word for word. Name no client, and nobody who reported something."
        ),
    )

    def clean_group(self) -> Group:
        try:
            return emergency.find(self.cleaned_data["group"])
        except GroupRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


@require_http_methods(["GET", "HEAD", "POST"])
def accesses(request: HttpRequest) -> HttpResponse:
    """What waits, what is open, and what has been; and the form to ask."""
    _turn_away_others(request)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            emergency.ask(form.cleaned_data["group"], by=request.user, reason=form.cleaned_data["reason"])
        except GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Asked. Somebody else has to grant it within three days."))
            return redirect("emergency_access")
    shown = EmergencyAccess.objects.shown_to(request.user).select_related("group", "asked_by", "granted_by", "ended_by")
    waiting, running = shown.waiting(), shown.open()
    others = shown.exclude(pk__in=waiting.values("pk")).exclude(pk__in=running.values("pk"))
    context = {
        "form": form,
        "media": form.media,
        "are_enough": emergency.are_enough(),
        "waiting": list(waiting),
        "running": list(running),
        "page": numbered_page(others, request, HISTORY_A_PAGE),
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": _("Emergency access")},
        ],
        "header_title": _("Emergency access"),
        "header_icon": "warning",
    }
    _name_groups([*context["waiting"], *context["running"], *context["page"]], request.user)
    return render(request, "groups/admin/emergency.html", context, status=422 if form.errors else 200)


@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do one of the ACTIONS to an access."""
    _turn_away_others(request)
    access = get_object_or_404(EmergencyAccess.objects.shown_to(request.user), pk=pk)
    if action not in ACTIONS:
        raise Http404
    function, words = ACTIONS[action]
    try:
        function(access, by=request.user)
    except GroupRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("emergency_access")


def _turn_away_others(request: HttpRequest) -> None:
    if not may_break_glass(request.user):
        raise PermissionDenied


def _name_groups(rows: Sequence[EmergencyAccess], user) -> None:
    """Each group by its name where `user` may know it, and else by its number; where they read it now, with the way."""
    ids = {row.group_id for row in rows}
    known = set(Group.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    opened = set(Group.objects.opened_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    for row in rows:
        number = _("Group %(number)s") % {"number": row.group_id}
        row.group_words = f"{row.group.name} ({number})" if row.group_id in known else number
        row.group_url = row.group.get_absolute_url() if row.group_id in opened else ""
