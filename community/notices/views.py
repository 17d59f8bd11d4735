"""Notices, how often mail comes, the way out of it; and the letters on a developer's machine, 404 elsewhere."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from community.notices import bell, letterbox, stopping
from community.notices.forms import PreferencesForm
from core.statuses import NOT_TAKEN


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What concerns the reader, the newest first. Being here counts as having read all of it."""
    try:
        page = bell.page(request.user, before=request.GET.get("before", ""))
    except ValueError as error:
        raise Http404 from error
    if request.method == "GET":
        bell.mark_all_read(request.user)
    return render(request, "notices/list.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How often mail comes, as a form."""
    form = PreferencesForm(request.POST if request.method == "POST" else None, user=request.user)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            form.save(by=request.user)
            messages.success(request, _("Your choice is saved."))
            return redirect("notices:preferences")
        status = NOT_TAKEN
    return render(request, "notices/preferences.html", {"form": form}, status=status)


@csrf_exempt  # a mail program posts here for its reader (RFC 8058); the token says all that it may do
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Where the way out of a letter leads: it works without login, and only changes something once confirmed."""
    try:
        kind = stopping.kind_of(token)
        if request.method == "POST":
            stopping.stop(token, whole_kind=request.POST.get("scope") == "kind")
    except ValueError as error:
        raise Http404 from error
    context = {"what": kind.label, "thing": kind.stop_label, "is_done": request.method == "POST"}
    return render(request, "notices/stop.html", context)


def with_letterbox(view):
    """Only where mail lands in files, which is so on a developer's machine alone."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not settings.LETTERBOX:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@with_letterbox
def dev_mail(request: HttpRequest) -> HttpResponse:
    return render(request, "notices/dev_mail.html", {"letters": letterbox.newest()})


@require_safe
@with_letterbox
def dev_mail_message(request: HttpRequest, name: str) -> HttpResponse:
    try:
        letter = letterbox.read(name)
    except FileNotFoundError as error:
        raise Http404(_("There is no such letter.")) from error
    return render(request, "notices/dev_mail_message.html", {"letter": letter})
