from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.groups import emergency
from community.groups.models import EmergencyAccess
from core.audience import Audience
from core.prepared import Prepared
from core.ways_back import way_back
from events import agenda, calendars, clock, filters, hiding, months, rsvp
from events.models import Event, Occurrence, Rsvp
from events.months import Month
from events.permissions import host_groups, is_organising_staff, may_organise

NAMES_SHOWN = 60
OTHER_DATES = 6
NEXT_OF_MINE = 3
MAX_ID = BigIntegerField.MAX_BIGINT


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is coming up, as a list."""
    try:
        choice = filters.read(request.GET, request.user)
        place = filters.read_after(request.GET)
    except ValueError as error:
        raise Http404 from error
    links = filters.links(request.GET, request.user)
    page = agenda.page(request.user, choice, place)
    zone = clock.reader_zone(request.user)
    shown = Month.of(page.entries[0].when.start.date() if page.entries else timezone.now().date())
    context = {
        "page": page,
        "links": links,
        "following": filters.after(page.following, request.GET),
        "is_first": place is None,
        "is_filtered": any(link.is_on for link in links) or choice.start,
        "zone_words": clock.zone_words(zone) if zone else "",
        "month": shown,
        "weeks": months.weeks(shown, request.user, with_entries=False),
        "weekdays": months.weekday_names(),
        "going": agenda.upcoming_for(request.user, NEXT_OF_MINE),
        "may_set_up": _may_set_up(request.user),
    }
    return render(request, "events/list.html", context)


@require_safe
def this_month(request: HttpRequest) -> HttpResponse:
    today = clock.to_local(timezone.now(), clock.reader_zone(request.user) or "UTC").date()
    return redirect("events:month", str(Month.of(today)))


@require_safe
def month(request: HttpRequest, month: str) -> HttpResponse:
    """The same as a table, a month at a time."""
    try:
        shown = Month.parse(month)
        choice = filters.read(request.GET, request.user)
    except ValueError as error:
        raise Http404 from error
    zone = clock.reader_zone(request.user)
    query = request.GET.urlencode()
    weeks = months.weeks(shown, request.user, choice, with_entries=True)
    context = {
        "month": shown,
        "weeks": weeks,
        "is_empty": not any(day.count for week in weeks for day in week),
        "weekdays": months.weekday_names(),
        "links": filters.links(request.GET, request.user),
        "query": f"?{query}" if query else "",
        "zone_words": clock.zone_words(zone) if zone else "",
    }
    return render(request, "events/month.html", context)


@require_safe
def event(request: HttpRequest, event_id: int, slug: str) -> HttpResponse:
    """An event as a whole leads to its next date."""
    found = get_object_or_404(Event.objects.visible_to(request.user), pk=event_id)
    landing = agenda.landing(found, request.user)
    if landing is None:
        raise Http404
    return redirect(landing)


@require_safe
def occurrence(request: HttpRequest, event_id: int, slug: str, day: date) -> HttpResponse:
    """One meeting."""
    meeting = _on_day.first(request.user, event_id, day) if event_id <= MAX_ID else None
    if meeting is None:
        raise Http404
    if slug != meeting.event.slug:
        return redirect(meeting, permanent=True)
    context = _page_context(request, meeting) | {"glass": _glass(request, meeting)}
    return render(request, "events/occurrence.html", context)


@require_safe
def date_of(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting by its number, which is an address that tells nothing: for letters about what a group does."""
    return redirect(_meeting(request.user, pk=pk))


@require_safe
def calendar_file(request: HttpRequest, event_id: int, slug: str, day: date) -> HttpResponse:
    """One meeting, for a calendar of one's own."""
    meeting = _meeting(request.user, event_id=event_id, original_date=day)
    _glass(request, meeting)
    data = calendars.occurrence_file(meeting, request.user, base_url=settings.WAGTAILADMIN_BASE_URL)
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{calendars.file_name(meeting)}"'
    return response


@require_POST
def go(request: HttpRequest, pk: int) -> HttpResponse:
    """ "I'm going", "Join the waitlist", and going quietly or not."""
    meeting = _meeting(request.user, pk=pk)
    if not request.user.is_authenticated:
        return redirect_to_login(meeting.get_absolute_url())
    try:
        answer = rsvp.rsvp(meeting, by=request.user, quiet=request.POST.get("quiet") == "1")
    except rsvp.RsvpRefused as refusal:
        return _answered(request, meeting, str(refusal), messages.ERROR)
    if answer.state == answer.State.WAITING:
        return _answered(
            request, meeting, _("All seats are taken. You are on the waitlist, and hear when one comes free.")
        )
    return _answered(request, meeting, _("You have a seat. See you there."))


@require_POST
def not_go(request: HttpRequest, pk: int) -> HttpResponse:
    """ "I can't make it", and leaving the waitlist."""
    meeting = _meeting(request.user, pk=pk)
    if not request.user.is_authenticated:
        return redirect_to_login(meeting.get_absolute_url())
    try:
        former = rsvp.cancel(meeting, by=request.user)
    except rsvp.RsvpRefused as refusal:
        return _answered(request, meeting, str(refusal), messages.ERROR)
    if former == Rsvp.State.GOING:
        return _answered(request, meeting, _("Thank you for saying so. Your seat is free for somebody else."))
    return _answered(request, meeting, _("You are off the list of this meeting. Thank you for saying so."))


@require_safe
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads those who have a seat on to the online meeting; this address may stand in mails and calendars."""
    meeting = _meeting(request.user, pk=pk)
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    link = meeting.event.online_link
    if not link or meeting.is_cancelled:
        raise Http404
    if not Occurrence.objects.going(request.user).filter(pk=meeting.pk).exists():
        messages.warning(request, _("The online meeting is open to those who have a seat. Take one, and come in."))
        return redirect(meeting)
    return redirect(link)


def _meeting(user, **lookup) -> Occurrence:
    return get_object_or_404(Occurrence.objects.visible_to(user).select_related("event__group"), **lookup)


_on_day = Prepared(
    lambda user, event_id, day: (
        Occurrence.objects.visible_to(user)
        .filter(event=event_id, original_date=day)
        .select_related("event__group")
        .defer("event__group__purpose", "event__group__agenda")
    )
)


def _glass(request: HttpRequest, meeting: Occurrence) -> EmergencyAccess | None:
    """The emergency access by which the reader reads of this meeting, if any; it is noted."""
    event = meeting.event
    return emergency.reading(event.group if event.audience == Audience.GROUP else None, request.user)


def _may_set_up(user) -> bool:
    return user.is_authenticated and (is_organising_staff(user) or host_groups(user).exists())


def _page_context(request: HttpRequest, meeting: Occurrence) -> dict:
    """What the page of a meeting shows this reader; for visitors without the people."""
    user = request.user
    entry = agenda.entries([meeting], user)[0]
    context = {"entry": entry, "event": meeting.event, "occurrence": meeting}
    dates = agenda.series(meeting.event, user, OTHER_DATES) if meeting.event.recurrence else []
    context["dates"] = [(each, each.when(clock.reader_zone(user))) for each in dates if each.pk != meeting.pk]
    if entry.is_member:
        context |= {
            "hosts": agenda.hosts_of(meeting.event.pk),
            "colleagues": agenda.colleagues_going(meeting, user, NAMES_SHOWN),
        }
    if entry.is_waiting:
        context["waiting_place"] = agenda.waiting_place(entry.answer)
    if user.is_authenticated:
        context["may_organise"] = may_organise(user, meeting.event)
        context["why_hidden"] = hiding.why(meeting.event)
    return context


def _answered(request: HttpRequest, meeting: Occurrence, sentence: str, level: int = messages.SUCCESS) -> HttpResponse:
    """Back to where the button was: the fragment for htmx, the page for everybody else."""
    if request.htmx:
        meeting = _meeting(request.user, pk=meeting.pk)
        context = {"sentence": sentence, "is_error": level == messages.ERROR}
        if request.htmx.target == "attend":
            return render(request, "events/_attend.html", _page_context(request, meeting) | context)
        return render(request, "events/_entry.html", {"entry": agenda.entries([meeting], request.user)[0]} | context)
    messages.add_message(request, level, sentence)
    return redirect(way_back(request, meeting.get_absolute_url()))
