"""Changing, archiving and reopening a group, for those who lead it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.groups import archiving
from community.groups.editing_forms import EditForm
from community.groups.models import Group
from community.groups.refusals import GroupRefused

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What the group is for, when it meets, how people come in, and how it looks."""
    group = get_object_or_404(Group.objects.facilitated_by(request.user), slug=slug)
    if group.archived_at:
        return redirect("groups:archive", group.slug)
    form = EditForm(request.POST or None, request.FILES or None, instance=group, user=request.user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("Saved."))
        return redirect(group)
    return render(request, "groups/edit.html", {"group": form.group, "form": form})


@require_http_methods(FORM)
@login_required
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Archive a group, or open an archived one again, after a look at what that means."""
    group = get_object_or_404(Group.objects.facilitated_by(request.user), slug=slug)
    if request.method == "POST":
        opens = request.POST.get("action") == "reopen"
        try:
            (archiving.reopen if opens else archiving.archive)(group, by=request.user)
        except GroupRefused as refusal:
            messages.error(request, str(refusal))
        else:
            said = _("%(group)s is open again.") if opens else _("%(group)s is archived.")
            messages.success(request, said % {"group": group.name})
        return redirect(group)
    return render(request, "groups/archive.html", {"group": group})
