import re
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from community.groups.models import Group
from events import clock, scheduling
from events.forms import DatesForm, EventForm, preview
from events.models import Event, Occurrence, Rsvp
from events.permissions import host_groups, is_organising_staff


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Set up an event, for a group that one leads or, as staff, for the association."""
    groups = host_groups(request.user)
    if not is_organising_staff(request.user) and not groups.exists():
        raise Http404
    group = _group(request.GET.get("group", ""), groups)
    form = EventForm(request.POST or None, user=request.user, group=group)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        event = _save(form)
        if event:
            messages.success(request, _("The event is set up. This is how people see it."))
            return redirect(event)
    return render(request, "events/form.html", {"form": form, "group": group})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, event_id: int) -> HttpResponse:
    """Change an event and its coming dates."""
    event = get_object_or_404(Event.objects.organised_by(request.user).select_related("group"), pk=event_id)
    form = EventForm(request.POST or None, instance=event, user=request.user)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST and _save(form):
        messages.success(request, _plan_words(form.plan))
        return redirect(event)
    return render(request, "events/form.html", {"form": form, "event": event, "group": event.group})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call off one date, or the event with all its coming dates. Asks first."""
    meeting = _organised(request.user, pk)
    if request.method == "POST":
        try:
            if request.POST.get("scope") == "all" or not meeting.event.recurrence:
                scheduling.cancel_event(meeting.event, by=request.user)
            else:
                scheduling.cancel_occurrence(meeting, by=request.user)
        except scheduling.SchedulingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Cancelled. Everybody who had a seat or waited for one gets a mail."))
        return redirect(meeting)
    context = {"occurrence": meeting, "event": meeting.event, "when": meeting.when(clock.reader_zone(request.user))}
    return render(request, "events/cancel.html", context)


@require_safe
@login_required
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Who comes and who waits, for the organisers: those too who go quietly."""
    meeting = _organised(request.user, pk)
    answers = list(meeting.rsvps.exclude(state=Rsvp.State.CANCELLED).select_related("user"))
    context = {
        "occurrence": meeting,
        "event": meeting.event,
        "when": meeting.when(meeting.event.time_zone),
        "going": sorted((each for each in answers if each.state == Rsvp.State.GOING), key=lambda each: str(each.user)),
        "waiting": [each for each in answers if each.state == Rsvp.State.WAITING],
    }
    return render(request, "events/roster.html", context)


@require_safe
@login_required
def dates(request: HttpRequest) -> HttpResponse:
    """A rule in words with its next dates, while it is being written: a fragment of the form."""
    form = DatesForm(request.GET)
    if not form.is_valid():
        errors = [
            error for name in ("repeats", "repeats_until", "repeats_count") for error in form.errors.get(name, [])
        ]
        return render(request, "events/_dates.html", {"errors": errors})
    rule = form.cleaned_data["rule"]
    start = datetime.combine(form.cleaned_data["starts_on"], form.cleaned_data["starts_time"])
    return render(request, "events/_dates.html", {"preview": preview(rule, start) if rule else None})


def _organised(user, pk: int) -> Occurrence:
    return get_object_or_404(Occurrence.objects.organised_by(user).select_related("event__group"), pk=pk)


def _group(slug: str, groups) -> Group | None:
    """The group that the address names, among those for which the reader may set up events."""
    if not slug:
        return None
    if not re.fullmatch(r"[\w-]{1,80}", slug):
        raise Http404
    return get_object_or_404(groups, slug=slug)


def _save(form: EventForm) -> Event | None:
    """Save a valid form; what only the change itself can refuse is said at its top."""
    try:
        return form.save()
    except scheduling.SchedulingRefused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        form.add_error(None, error)
    return None


def _plan_words(plan: scheduling.Plan) -> str:
    """What became of the dates: "Saved. 12 dates kept, 2 cancelled, 3 new.\""""
    kept, dropped, new_ones = len(plan.keep), len(plan.drop), len(plan.add)
    if not dropped and not new_ones:
        return _("Saved.")
    words = ngettext("Saved. %(count)d date stays", "Saved. %(count)d dates stay", kept) % {"count": kept}
    if dropped:
        words += ngettext(", %(count)d is cancelled", ", %(count)d are cancelled", dropped) % {"count": dropped}
    if new_ones:
        words += ngettext(", %(count)d is new", ", %(count)d are new", new_ones) % {"count": new_ones}
    return words + "."
