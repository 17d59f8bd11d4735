"""What moderators know of a member and do about them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.members.models import User
from community.safety import decisions, notes, sanctions
from community.safety.forms import NoteForm, SanctionForm
from community.safety.models import Sanction
from community.safety.permissions import may_moderate
from core.paging import numbered_page
from core.statuses import NOT_TAKEN

SHOWN = 30


@require_safe
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Who is paused or removed now."""
    if not may_moderate(request.user):
        raise Http404
    page = numbered_page(sanctions.all_in_force(reader=request.user), request, SHOWN)
    return render(request, "safety/people.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: what was decided about them outside of groups, notes, and the form to warn, pause or remove them."""
    found = _person(request, pk)
    form, status = SanctionForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = NOT_TAKEN
        if form.is_valid():
            try:
                sanctions.impose(found, by=request.user, **form.cleaned_data)
            except sanctions.SanctionRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Done. It counts from now on, and they are told why."))
                return redirect("safety:person", pk)
    outside = decisions.of_person(found).filter(circle_id=None).exclude(report__named=request.user.pk)[:SHOWN]
    context = {
        "person": found,
        "form": form,
        "note_form": NoteForm(),
        "sanctions": Sanction.objects.filter(person=found).select_related("by", "lifted_by")[:SHOWN],
        "decisions": [(made, decisions.words_of(made)) for made in outside],
        "notes": notes.about([(sanctions.PERSON, found.pk)], reader=request.user)[sanctions.PERSON, found.pk],
    }
    return render(request, "safety/person.html", context, status=status)


@require_POST
@login_required
def lift(request: HttpRequest, pk: int, sanction_id: int) -> HttpResponse:
    """End a pause or removal before its time."""
    found = _person(request, pk)
    made = get_object_or_404(Sanction, pk=sanction_id, person=found)
    try:
        sanctions.lift(made, by=request.user)
    except sanctions.SanctionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is lifted, and they are told."))
    return redirect("safety:person", pk)


def _person(request: HttpRequest, pk: int) -> User:
    """404 for those who don't moderate, and for oneself."""
    if not may_moderate(request.user) or request.user.pk == pk:
        raise Http404
    return get_object_or_404(User.objects.members_or_removed(), pk=pk)
