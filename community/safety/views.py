from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.safety import kinds, reports
from community.safety.forms import ReportForm
from community.safety.models import Report
from community.safety.permissions import may_moderate
from core.ways_back import way_back


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: HttpRequest, kind: str, target_id: int) -> HttpResponse:
    """Report one thing that the reader may see."""
    found = kinds.get(kind)
    if found is None or not found.may_see(request.user, target_id):
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None, beside=found.beside(request.user, target_id))
    if request.method == "POST" and form.is_valid():
        try:
            made = reports.report(kind, target_id, by=request.user, **form.cleaned_data)
        except reports.ReportRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            _thank(request, made)
            return redirect(_back(request))
    disclosed = found.disclose({target_id: ()}, request.user).get(target_id)
    context = {"form": form, "back": _back(request), "disclosed": disclosed}
    return render(request, "safety/report.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a moderator."""
    if not may_moderate(request.user):
        raise Http404
    return render(request, "safety/queue.html", {"rows": reports.open_reports(request.user)})


@require_POST
@login_required
def close(request: HttpRequest, pk: int) -> HttpResponse:
    if not may_moderate(request.user) or request.POST.get("outcome") not in Report.Outcome.values:
        raise Http404
    made = get_object_or_404(Report, pk=pk)
    if not reports.may_judge(request.user, made):
        raise Http404  # who has a part in it is not told that there is a report
    try:
        reports.close(made, by=request.user, outcome=request.POST["outcome"])
    except reports.ReportRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Decided."))
    return redirect("safety:queue")


def _thank(request: HttpRequest, made: Report) -> None:
    """Say what happens now, also where every moderator has a part in it."""
    if reports.judges(made):
        messages.success(request, _("Thank you. A moderator will look at it; nobody watches round the clock."))
    else:
        messages.warning(
            request,
            _("Thank you. No moderator is free to judge this now, so please tell the association's office as well."),
        )


def _back(request: HttpRequest) -> str:
    """Where the reader came from on this site, else the discussions."""
    return way_back(request, reverse("discussions:list"))
