"""Inviting people into a group, for its facilitators."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from community.groups import invitations
from community.groups.invitations import OPEN_AT_ONCE
from community.groups.joining_forms import LettersForm, LinkForm
from community.groups.models import Group, Invitation
from community.groups.refusals import GroupRefused


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite by mail; and all that is open, with the way to take it back."""
    group = get_object_or_404(Group.objects.facilitated_by(request.user), slug=slug)
    form = LettersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        emails, words = form.cleaned_data["addresses"], form.cleaned_data["words"]
        try:
            made = invitations.invite_all(group, by=request.user, emails=emails, words=words)
        except GroupRefused as refusal:
            form.add_error("addresses", str(refusal))
        else:
            told = ngettext("One invitation is on its way.", "%(count)s invitations are on their way.", len(made))
            messages.success(request, told % {"count": len(made)})
            return redirect("groups:invite", slug)
    return render(request, "groups/invite.html", _page(group, form, LinkForm()))


@require_POST
@login_required
def make_link(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a link to pass on."""
    group = get_object_or_404(Group.objects.facilitated_by(request.user), slug=slug)
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            invitations.make_link(group, by=request.user, **form.cleaned_data)
        except GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Here is your link. Pass it on to those whom you would like to have here."))
            return redirect("groups:invite", slug)
    return render(request, "groups/invite.html", _page(group, LettersForm(), form))


@require_POST
@login_required
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take one invitation back."""
    group = get_object_or_404(Group.objects.facilitated_by(request.user), slug=slug)
    found = get_object_or_404(Invitation.objects.select_related("group"), pk=pk, group=group)
    try:
        invitations.revoke(found, by=request.user)
    except GroupRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation is taken back. Its address leads nowhere now."))
    return redirect("groups:invite", slug)


def _page(group: Group, letters: LettersForm, link: LinkForm) -> dict:
    opened = list(group.invitations.open().select_related("made_by").order_by("-made_at", "-pk")[:OPEN_AT_ONCE])
    for invitation in opened:
        path = reverse("groups:invitation_link", args=[invitations.token(invitation)])
        invitation.url = f"{settings.WAGTAILADMIN_BASE_URL}{path}"
    return {
        "group": group,
        "letters": letters,
        "link": link,
        "sent": [invitation for invitation in opened if invitation.email],
        "links": [invitation for invitation in opened if not invitation.email],
    }
