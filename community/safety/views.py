"""Reporting, and the queue of the moderators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.notices import bell
from community.safety import figures as measured
from community.safety import kinds, limits, notes, reports
from community.safety import queue as queues
from community.safety.forms import CloseForm, DeclineForm, NoteForm, ReportForm
from community.safety.models import Decision, Report
from community.safety.permissions import may_moderate
from core.paging import numbered_page
from core.statuses import NOT_TAKEN
from core.ways_back import way_back

A_PAGE = 30
FAR = 2**63  # ids are smaller


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: HttpRequest, kind: str, target_id: int) -> HttpResponse:
    """Report one thing that the reader may see."""
    found = kinds.get(kind)
    if found is None or target_id >= FAR or not found.may_see(request.user, target_id):
        raise Http404
    offered = {"beside": found.beside(request.user, target_id), "moderators": reports.nameable(request.user)}
    form = ReportForm(request.POST if request.method == "POST" else None, **offered)
    if request.method == "POST" and form.is_valid():
        try:
            made = reports.report(kind, target_id, by=request.user, **form.cleaned_data)
        except (reports.ReportRefused, limits.LimitReached) as refusal:
            form.add_error(None, str(refusal))
        else:
            _thank(request, made)
            return redirect(_back(request))
    disclosed = found.disclose({target_id: ()}, request.user).get(target_id)
    context = {"form": form, "back": _back(request), "disclosed": disclosed, "label": found.label}
    return render(request, "safety/report.html", context, status=NOT_TAKEN if form.errors else 200)


@require_safe
@login_required
def reported(request: HttpRequest) -> HttpResponse:
    """What the reader reported, and what became of it."""
    rows = Report.objects.filter(reporter=request.user).order_by("-made_at", "-pk")
    page = numbered_page(rows, request, A_PAGE)
    bell.mark_seen(request.user, ["report_answered"], [row.pk for row in page])
    return render(request, "safety/reported.html", {"page": page})


@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a moderator."""
    _must_moderate(request)
    return _queue(request)


@require_safe
@login_required
def decided(request: HttpRequest) -> HttpResponse:
    """Reports that were decided, to read again."""
    _must_moderate(request)
    return _decided(request)


@require_safe
@login_required
def figures(request: HttpRequest) -> HttpResponse:
    """How the association looks after its discussions, week by week."""
    _must_moderate(request)
    reader = request.user
    context = {"plots": measured.plots(reader), "oldest": queues.oldest(reader), "count": queues.count(reader)}
    return render(request, "safety/figures.html", context)


@require_POST
@login_required
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide a report."""
    form = CloseForm(request.POST)
    if not may_moderate(request.user) or request.POST.get("outcome") not in Report.Outcome.values:
        raise Http404
    made = get_object_or_404(Report, pk=pk)
    if not reports.may_judge(request.user, made):
        raise Http404  # who has a part in it is not told that there is a report
    if not form.is_valid():
        return _queue(request, refused=("report", pk, form), status=NOT_TAKEN)
    try:
        reports.close(made, by=request.user, **form.cleaned_data)
    except (reports.ReportRefused, kinds.Refused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Decided."))
    return redirect("safety:queue")


@require_POST
@login_required
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Have something be seen again that was hidden for a report."""
    _must_moderate(request)
    made = get_object_or_404(reports.decided(request.user), pk=pk)
    if not reports.may_judge(request.user, made):
        raise Http404
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _decided(request, refused=(pk, form), status=NOT_TAKEN)
    try:
        reports.put_back(made, by=request.user, reason=form.cleaned_data["reason"])
    except (reports.ReportRefused, kinds.Refused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is there again, and whoever it belongs to is told."))
    return redirect("safety:decided")


@require_POST
@login_required
def approve(request: HttpRequest, kind: str, target_id: int) -> HttpResponse:
    """Let something through that waits."""
    _must_judge_waiting(request, kind, target_id)
    try:
        queues.approve(kind, target_id, by=request.user)
    except kinds.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Everybody there can read it now."))
    return redirect("safety:queue")


@require_POST
@login_required
def decline(request: HttpRequest, kind: str, target_id: int) -> HttpResponse:
    """Turn something down that waits."""
    _must_judge_waiting(request, kind, target_id)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _queue(request, refused=("waiting", target_id, form), status=NOT_TAKEN)
    try:
        queues.decline(kind, target_id, by=request.user, words=form.cleaned_data["reason"])
    except kinds.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is turned down, and its author is told."))
    return redirect("safety:queue")


@require_POST
@login_required
def note(request: HttpRequest, kind: str, target_id: int) -> HttpResponse:
    """Leave a note for the other moderators."""
    _must_moderate(request)
    found = kinds.get(kind)
    if found is None or target_id >= FAR or not queues.holds(kind, target_id, reader=request.user):
        raise Http404
    form = NoteForm(request.POST)
    back = way_back(request, reverse("safety:queue"))
    if not form.is_valid():
        messages.error(request, _("A note has a word at least, and 1,000 characters at most."))
        return _queue(request, refused=("note", target_id, form), status=NOT_TAKEN)
    try:
        notes.write(kind, target_id, by=request.user, words=form.cleaned_data["words"])
    except notes.NoteRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted. Only moderators read it."))
    return redirect(back)


def _decided(request: HttpRequest, *, refused=(0, None), status: int = 200) -> HttpResponse:
    """The list. `refused` is what was typed beside one of them: (id, form)."""
    page = numbered_page(reports.decided(request.user), request, A_PAGE)
    rows = reports.judged_by(request.user, page.object_list)
    written = notes.about(((row.kind, row.target_id) for row, _thing in rows), reader=request.user)
    able = reports.can_be_put_back(rows)
    shown = [(row, thing, written.get((row.kind, row.target_id), ()), row.pk in able) for row, thing in rows]
    context = {"page": page, "rows": shown, "refused_id": refused[0], "refused": refused[1]}
    return render(request, "safety/decided.html", context, status=status)


def _queue(request: HttpRequest, *, refused=None, status: int = 200) -> HttpResponse:
    """The list. `refused` is what was typed beside one thing of it: ("report", id, form)."""
    rows = queues.items(request.user)
    seen = {what: [item.row.pk for item in rows if item.what == what] for what in ("report", "appeal", "waiting")}
    bell.mark_each_seen(request.user, seen)  # all of it is here
    context = {"items": rows, "refused_what": "", "refused_id": 0, "refused": None}
    if refused:
        context |= {"refused_what": refused[0], "refused_id": refused[1], "refused": refused[2]}
    return render(request, "safety/queue.html", context, status=status)


def _must_moderate(request: HttpRequest) -> None:
    if not may_moderate(request.user):
        raise Http404


def _must_judge_waiting(request: HttpRequest, kind: str, target_id: int) -> None:
    """404 for things that wait for others or not at all, but for those that were decided meanwhile."""
    _must_moderate(request)
    found = kinds.get(kind)
    if found is None or found.waiting is None or target_id >= FAR:
        raise Http404
    waits = found.waiting.rows(request.user).filter(pk=target_id).exists()
    if not waits and not Decision.objects.exclude(waiting_since=None).filter(kind=kind, target_id=target_id).exists():
        raise Http404


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
