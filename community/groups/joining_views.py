"""Coming in and leaving, for the one who comes or goes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community.groups import doors, invitations, membership, requests
from community.groups.doors import Door
from community.groups.joining_forms import AskForm
from community.groups.models import Group, Invitation
from community.groups.refusals import GroupRefused

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@login_required
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to come in, with a word to those who lead the group."""
    seen = Group.objects.visible_to(request.user).with_door_of(request.user)
    group = get_object_or_404(seen, slug=slug)
    if group.own_role:
        return redirect(group)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            requests.ask(group, by=request.user, words=form.cleaned_data["words"])
        except GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("You have asked. A facilitator will answer you by mail."))
            return redirect(group)
    door = doors.door(group, request.user)
    context = {"group": group, "form": form, "door": door, "Door": Door, "door_words": doors.words(group, request.user)}
    return render(request, "groups/ask.html", context)


@require_POST
@login_required
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the own request back."""
    group = get_object_or_404(Group.objects.visible_to(request.user), slug=slug)
    requests.withdraw(group, by=request.user)
    messages.success(request, _("You have taken your request back."))
    return redirect(group)


@require_http_methods(FORM)
@login_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave a group, after a look at what that means."""
    group = get_object_or_404(Group.objects.belonged_to(request.user).with_door_of(request.user), slug=slug)
    if request.method == "POST":
        try:
            membership.leave(group, by=request.user)
        except GroupRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("groups:leave", group.slug)
        messages.success(request, _("You have left %(group)s.") % {"group": group.name})
        return redirect("groups:list")
    context = {
        "group": group,
        "must_hand_over": membership.must_hand_over(group, request.user),
        "is_inside": doors.door(group, request.user) == Door.INSIDE,
    }
    return render(request, "groups/leave.html", context)


@require_http_methods(FORM)
@login_required
def invitation(request: HttpRequest, slug: str) -> HttpResponse:
    """The reader's own invitation to a group that they see: a letter to them, or what they took up as an applicant."""
    if led_on := _led_on(request, slug=slug):
        return led_on
    own = Invitation.objects.to_take_up(request.user).filter(group__in=Group.objects.inviting(request.user))
    found = own.filter(group__slug=slug).select_related("group", "made_by").first()
    if found is None:
        raise Http404
    return _taken_up(request, found) if request.method == "POST" else _shown(request, found)


@never_cache
@require_http_methods(FORM)
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """Where the address of an invitation leads. What is garbage, over or not for the reader is the same 404."""
    found = invitations.from_token(token)
    if found is None:
        raise Http404
    if led_on := _led_on(request, pk=found.group_id):
        return led_on
    if not Invitation.objects.offered_to(request.user).filter(pk=found.pk).exists():
        raise Http404
    if request.method != "POST":
        return _shown(request, found)
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    return _taken_up(request, found)


def _led_on(request: HttpRequest, **group) -> HttpResponse | None:
    """Who is in the group has no use for an invitation: to its agreement if they have not signed, or to its home."""
    own = Group.objects.belonged_to(request.user).with_door_of(request.user).filter(**group).first()
    if own is None:
        return None
    is_inside = doors.door(own, request.user) == Door.INSIDE
    return redirect("groups:group" if is_inside else "groups:agreement", own.slug)


def _shown(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The group to a member; to anybody else that there is one, and its name if the world may know it."""
    if getattr(request.user, "is_member", False):
        group = Group.objects.with_door_of(request.user).get(pk=invitation.group_id)
        context = {"invitation": invitation, "group": group, "full_words": _full_words(group)}
        return render(request, "groups/invitation.html", context)
    public = Group.objects.visible_to(request.user).filter(pk=invitation.group_id).first()
    is_waiting = request.user.is_authenticated and invitation.acceptances.filter(user=request.user).exists()
    return render(request, "groups/invitation_door.html", {"group": public, "is_waiting": is_waiting})


def _taken_up(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        own = invitations.accept(invitation, by=request.user)
    except GroupRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(request.path)
    if own is None:
        messages.success(request, _("You have taken the invitation up. It waits for you."))
        return redirect(request.path)
    messages.success(request, _("You are in. One thing is left: to read and sign what the group agrees on."))
    return redirect("groups:agreement", invitation.group.slug)


def _full_words(group: Group) -> str:
    return doors.full_words(group) if group.places_left == 0 else ""
