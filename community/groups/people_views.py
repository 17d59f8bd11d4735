"""Who is in a group, for those who read inside; and who comes in and who leads, for its facilitators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.groups import emergency, membership, requests
from community.groups.joining_forms import AnswerForm, RemovalForm
from community.groups.models import Group, JoinRequest, Membership, Signature
from community.groups.permissions import is_facilitator
from community.groups.refusals import GroupRefused
from core.paging import numbered_page

PEOPLE_A_PAGE = 48
REQUESTS_SHOWN = 20


@require_safe
@login_required
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """The roster with faces, who leads, and who has signed; for a facilitator also who asks to come in."""
    group = get_object_or_404(Group.objects.read_by(request.user), slug=slug)
    context = _people(request, group) | {"glass": emergency.reading(group, request.user)}
    return render(request, "groups/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Remove somebody, with a reason that they are told."""
    member = _member(request, slug, pk)
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership.remove(member, by=request.user, reason=form.cleaned_data["reason"])
        except GroupRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s is not in the group any more.") % {"name": member.user})
            return redirect("groups:people", slug)
    return render(request, "groups/remove.html", {"group": member.group, "member": member, "form": form})


@require_POST
@login_required
def appoint(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Have somebody lead beside the present facilitators."""
    member = _member(request, slug, pk)
    try:
        membership.appoint(member, by=request.user)
    except GroupRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is a facilitator now.") % {"name": member.user})
    return redirect("groups:people", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hand_over(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Have somebody lead instead of oneself, after a look at what that means."""
    member = _member(request, slug, pk)
    if request.method != "POST":
        return render(request, "groups/hand_over.html", {"group": member.group, "member": member})
    try:
        membership.hand_over(member.group, to=member, by=request.user)
    except GroupRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You have handed over to %(name)s.") % {"name": member.user})
    return redirect("groups:people", slug)


@require_POST
@login_required
def step_down(request: HttpRequest, slug: str) -> HttpResponse:
    """Be a plain member again."""
    group = get_object_or_404(Group.objects.facilitated_by(request.user), slug=slug)
    try:
        membership.step_down(group, by=request.user)
    except GroupRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You have stepped down. You stay in the group."))
    return redirect("groups:people", slug)


@require_POST
@login_required
def approve(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let somebody in who asked."""
    return _answered(request, slug, pk, requests.approve, _("%(name)s is let in, and reads the agreement next."))


@require_POST
@login_required
def decline(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say no to somebody who asked."""
    return _answered(request, slug, pk, requests.decline, _("%(name)s is told that you said no."))


def _answered(request: HttpRequest, slug: str, pk: int, answers, told: str) -> HttpResponse:
    group = get_object_or_404(Group.objects.facilitated_by(request.user), slug=slug)
    asked = get_object_or_404(JoinRequest.objects.select_related("group", "user"), pk=pk, group=group)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return render(request, "groups/people.html", _people(request, group, asked, form))
    try:
        answers(asked, by=request.user, answer=form.cleaned_data["answer"])
    except GroupRefused as refusal:
        asked.refresh_from_db(fields=["decided_at"])
        if asked.decided_at is None:
            form.add_error(None, str(refusal))
            return render(request, "groups/people.html", _people(request, group, asked, form))
        messages.error(request, str(refusal))
    else:
        messages.success(request, told % {"name": asked.user})
    return redirect("groups:people", slug)


def _people(
    request: HttpRequest, group: Group, asked: JoinRequest | None = None, form: AnswerForm | None = None
) -> dict:
    """What the page shows. `form` is an answer to `asked` that was not taken: its words are kept."""
    signed = Signature.objects.filter(group=group, user=OuterRef("user"), edition=group.edition)
    roster = Membership.objects.filter(group=group).visible_to(request.user).select_related("user", "group")
    roster = roster.annotate(signed_at=Subquery(signed.values("signed_at")))
    is_leading = is_facilitator(request.user, group)
    waiting = group.requests.filter(decided_at=None).select_related("user")
    shown = list(waiting[: REQUESTS_SHOWN + 1]) if is_leading else []
    for row in shown:
        row.form = form if asked and row.pk == asked.pk else AnswerForm(auto_id=f"id_{row.pk}_%s")
    return {
        "group": group,
        "page": numbered_page(roster.order_by("role", "user__display_name", "pk"), request, PEOPLE_A_PAGE),
        "requests": shown[:REQUESTS_SHOWN],
        "has_more_requests": len(shown) > REQUESTS_SHOWN,
        "is_leading": is_leading,
    }


def _member(request: HttpRequest, slug: str, pk: int) -> Membership:
    """Somebody in a group that the reader leads."""
    group = get_object_or_404(Group.objects.facilitated_by(request.user), slug=slug)
    current = Membership.objects.filter(group=group, left_at=None).select_related("user", "group")
    return get_object_or_404(current.exclude(user=request.user), pk=pk)
