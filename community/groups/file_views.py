from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.groups import emergency, shelf
from community.groups.file_forms import FileForm
from community.groups.models import Group, GroupFile
from community.groups.refusals import GroupRefused
from core.files import send
from core.paging import numbered_page

FILES_A_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def files(request: HttpRequest, slug: str) -> HttpResponse:
    """A group's files, the newest first, and the form that adds one."""
    group = get_object_or_404(Group.objects.read_by(request.user), slug=slug)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            shelf.add_file(group, by=request.user, upload=form.cleaned_data["file"], name=form.chosen_name)
        except GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your group can see it now."))
            return redirect("groups:files", group.slug)
    rows = GroupFile.objects.filter(group=group).visible_to(request.user).with_removal_by(request.user).with_reasons()
    may_add = shelf.may_add(request.user, group)
    context = {
        "group": group,
        "glass": emergency.reading(group, request.user),
        "page": numbered_page(rows.select_related("group", "added_by"), request, FILES_A_PAGE),
        "form": form if may_add or form.errors else None,
    }
    return render(request, "groups/files.html", context)


@require_safe
@login_required
def file(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """One file's bytes."""
    files = GroupFile.objects.visible_to(request.user).select_related("group")
    file = get_object_or_404(files, group__slug=slug, pk=pk)
    return send(request, file.file.name, shelf.served(file, to=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask whether the file is to go, and take it away."""
    removable = GroupFile.objects.removable_by(request.user).select_related("group")
    file = get_object_or_404(removable, group__slug=slug, pk=pk)
    if request.method == "POST":
        try:
            shelf.remove_file(file, by=request.user)
        except GroupRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The file is gone."))
        return redirect("groups:files", slug)
    return render(request, "groups/remove_file.html", {"file": file, "group": file.group})
