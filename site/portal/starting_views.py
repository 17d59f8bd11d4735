from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.starting_form import StartForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start_group(request: HttpRequest) -> HttpResponse:
    """Start a group: any member may."""
    if not request.user.is_member:
        return render(request, "portal/start_group.html", {"form": None})
    form = StartForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        group = form.save()
        if group is not None:
            messages.success(request, _("%(group)s is there. This is its home.") % {"group": group.name})
            return redirect(group)
    return render(request, "portal/start_group.html", {"form": form})
