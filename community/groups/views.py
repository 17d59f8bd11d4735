from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.groups import membership
from community.groups.models import Group, Membership
from community.groups.permissions import may_join
from core.paging import numbered_page

GROUPS_A_PAGE = 24


@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """Groups that the reader may know of: their own first, then all by kind and region, a page at a time."""
    own = Group.objects.entered_by(request.user)
    others = Group.objects.visible_to(request.user).exclude(pk__in=own.values("pk"))
    kind = request.GET.get("kind", "")
    if kind in Group.Kind.values:
        others = others.filter(kind=kind)
    context = {
        "own": own.with_sizes().order_by("kind", "name"),
        "page": numbered_page(others.with_sizes().order_by("kind", "region", "name"), request, GROUPS_A_PAGE),
        "kind": kind,
        "kinds": Group.Kind.choices,
    }
    return render(request, "groups/group_list.html", context)


@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """One group's home: a public page for a chapter, and more for those inside."""
    group = get_object_or_404(Group.objects.visible_to(request.user).with_sizes().with_role_of(request.user), slug=slug)
    roster = Membership.objects.filter(group=group).visible_to(request.user).select_related("user")
    context = {
        "group": group,
        "roster": roster.order_by("role", "user__display_name") if group.own_role else [],
        "may_join": not group.own_role and may_join(request.user, group),
    }
    return render(request, "groups/group.html", context)


@require_POST
@login_required
def join(request: HttpRequest, slug: str) -> HttpResponse:
    group = get_object_or_404(Group.objects.visible_to(request.user), slug=slug)
    try:
        membership.join(group, by=request.user)
    except membership.MembershipRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You are in. Welcome to %(group)s.") % {"group": group.name})
    return redirect(group)


@require_POST
@login_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    group = get_object_or_404(Group.objects.visible_to(request.user), slug=slug)
    try:
        membership.leave(group, by=request.user)
    except membership.MembershipRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(group)
    messages.success(request, _("You have left %(group)s.") % {"group": group.name})
    return redirect("groups:list")
