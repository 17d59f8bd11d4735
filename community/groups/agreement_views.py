from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.groups import agreements, doors, emergency
from community.groups.agreement_forms import AdditionForm
from community.groups.doors import Door
from community.groups.models import Group, Membership
from community.groups.refusals import GroupRefused
from core import markdown


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """Read what everybody in a group signs, and sign it; in an open group that is how one joins."""
    shown = Group.objects.agreement_shown_to(request.user).with_door_of(request.user)
    group = get_object_or_404(shown, slug=slug)
    door = doors.door(group, request.user)
    if request.method == "POST":
        signs = agreements.join_and_sign if door == Door.JOIN else agreements.sign
        try:
            signs(group, by=request.user, edition=_edition(request))
        except GroupRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("groups:agreement", group.slug)
        messages.success(request, _("Signed. Welcome to %(group)s.") % {"group": group.name})
        return redirect(group)
    emergency.reading(group, request.user)  # noted: what a group adds is told inside
    text = agreements.text_for(group)
    signature = agreements.last_signature(group, request.user)
    signed_text = agreements.text_of(signature) if signature else None
    context = {
        "group": group,
        "text": text,
        "signature": signature,
        "signed_text": signed_text,
        "changes": agreements.changes(signed_text, text) if signed_text else None,
        "may_add": door == Door.INSIDE and not group.archived_at and group.own_role == Membership.Role.FACILITATOR,
        "door": door,
        "door_words": doors.words(group, request.user),
    }
    return render(request, "groups/agreement.html", context)


@require_safe
@login_required
def copy(request: HttpRequest, slug: str) -> HttpResponse:
    """What the reader signed last in a group that they belong to, as a text to keep. Its name tells nothing."""
    group = get_object_or_404(Group.objects.belonged_to(request.user), slug=slug)
    signature = agreements.last_signature(group, request.user)
    if signature is None:
        return redirect("groups:agreement", group.slug)
    context = {"group": group, "signature": signature, "text": agreements.text_of(signature)}
    response = render(request, "groups/agreement_copy.txt", context, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="agreement-{context["text"].version}.txt"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def addition(request: HttpRequest, slug: str) -> HttpResponse:
    """What a group adds to the agreement: written, looked at, and published by those who lead it."""
    led = Group.objects.facilitated_by(request.user).filter(archived_at=None)
    group = get_object_or_404(led, slug=slug)
    text = agreements.text_for(group)
    form = AdditionForm(request.POST or None, initial={"body": text.addition.body if text.addition else ""})
    preview = ""
    if request.method == "POST" and form.is_valid():
        body = form.cleaned_data["body"]
        if "preview" in request.POST:
            preview = markdown.render_page(body)
        else:
            try:
                agreements.write_addition(group, by=request.user, body=body)
            except GroupRefused as refusal:
                form.add_error("body", str(refusal))
            else:
                messages.success(request, _published(text, body))
                return redirect("groups:agreement", group.slug)
    context = {"group": group, "text": text, "form": form, "preview": preview, "people": group.members_count - 1}
    return render(request, "groups/addition.html", context)


def _published(before: agreements.Text, body: str) -> str:
    if body == (before.addition.body if before.addition else ""):
        return _("Nothing changed, so nobody has to sign anew.")
    if not body:
        return _("It is taken back. Everybody signs anew; you have done so by publishing it.")
    return _("It counts from now on. Everybody signs anew; you have done so by publishing it.")


def _edition(request: HttpRequest) -> int:
    """The edition that was on the page, 0 for anything that is none."""
    sent = request.POST.get("edition", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0
