"""What was decided about one's own words, and appeals against it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.notices import bell
from community.safety import appeals, decisions, sanctions
from community.safety.forms import AppealForm, JudgeForm
from community.safety.models import Appeal
from core.paging import numbered_page
from core.statuses import NOT_TAKEN, TOO_LATE

A_PAGE = 30


@require_safe
@login_required
def decision_list(request: HttpRequest) -> HttpResponse:
    """What was decided about the reader's words and account."""
    page = numbered_page(decisions.of_person(request.user), request, A_PAGE)
    rows = [(made, decisions.who_decided(made), decisions.told(made)) for made in page]
    context = {"page": page, "rows": rows, "in_force": sanctions.in_force(request.user)}
    return render(request, "safety/decisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision, for the person whom it touches, who may appeal once."""
    made = get_object_or_404(decisions.of_person(request.user), pk=pk)
    bell.mark_seen(request.user, ["decision"], [made.pk])
    asked = getattr(made, "appeal", None)
    if asked is not None:
        bell.mark_seen(request.user, ["appeal_answered"], [asked.pk])
    form, status = AppealForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = NOT_TAKEN
        if form.is_valid():
            try:
                appeals.appeal(made, by=request.user, words=form.cleaned_data["words"])
            except appeals.AppealRefused as refusal:
                form.add_error(None, str(refusal))
                status = TOO_LATE
            else:
                messages.success(request, _("Thank you. Another person will look at it, and you will hear from them."))
                return redirect(made)
    is_open = decisions.is_open_to(made, request.user)
    context = {
        "made": made,
        "is_open": is_open,
        "appeal": asked,
        "who": decisions.who_decided(made),
        "did": decisions.told(made),
        "thing": decisions.thing_of(made, request.user) if is_open else None,
        "may_appeal": decisions.is_appealable(made),
        "can_be_undone": decisions.can_be_undone(made),
        "form": form,
    }
    return render(request, "safety/decision.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide an appeal."""
    asked = get_object_or_404(Appeal.objects.select_related("decision__person"), pk=pk)
    if not appeals.may_judge(request.user, asked):
        raise Http404
    bell.mark_seen(request.user, ["appeal"], [asked.pk])
    form, status = JudgeForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = NOT_TAKEN
        if form.is_valid():
            try:
                appeals.close(asked, by=request.user, **form.cleaned_data)
            except appeals.AppealRefused as refusal:
                form.add_error(None, str(refusal))
                status = TOO_LATE
                asked.refresh_from_db()
            else:
                messages.success(request, _("Decided, and whoever asked is told."))
                return redirect("safety:queue" if asked.by_moderators else asked.get_absolute_url())
    made = asked.decision
    context = {
        "asked": asked,
        "made": made,
        "did": decisions.words_of(made),
        "thing": decisions.thing_of(made, request.user),
        "can_be_undone": decisions.can_be_undone(made),
        "form": form,
    }
    return render(request, "safety/appeal.html", context, status=status)
