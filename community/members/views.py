from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, Exists, OuterRef, When
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.members import blocks, policies
from community.members.forms import PeopleFilter, ProfileForm
from community.members.middleware import SECOND_FACTORS
from community.members.models import Block, User
from core import markdown, own_data
from core.paging import numbered_page

PEOPLE_A_PAGE = 24


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The list of people, for members."""
    if not getattr(request.user, "is_member", False):
        raise Http404
    found = User.objects.listed()
    regions = found.exclude(region="").order_by("region").values_list("region", flat=True).distinct()
    form = PeopleFilter(request.GET, regions=list(regions))
    if not form.is_valid():
        raise Http404
    if name := form.cleaned_data["q"]:
        found = found.filter(display_name__icontains=name)
    if discipline := form.cleaned_data["discipline"]:
        found = found.filter(discipline=discipline)
    if region := form.cleaned_data["region"]:
        found = found.filter(region=region)
    page = numbered_page(found.order_by("display_name", "pk"), request, PEOPLE_A_PAGE)
    return render(request, "members/people.html", {"form": form, "page": page})


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's page, for members, and for the person."""
    people = User.objects.visible_to(request.user).with_blocks_by(request.user)
    person = get_object_or_404(people, pk=pk)
    context = {"person": person, "interests": person.interests.all(), "is_me": person.pk == request.user.pk}
    return render(request, "members/person.html", context)


@login_required
@require_POST
def block(request: HttpRequest, pk: int) -> HttpResponse:
    """Also for somebody who hides: their page is not there, their posts are. Nobody learns a name by it."""
    if not request.user.is_member:
        raise Http404
    other = get_object_or_404(User.objects.members(), pk=pk)
    blocks.block(other, by=request.user)
    messages.success(request, _("Nothing from this person will reach you any more. They are not told."))
    return redirect("members:blocks")


@login_required
@require_POST
def unblock(request: HttpRequest, pk: int) -> HttpResponse:
    block = get_object_or_404(Block.objects.select_related("blocked"), blocker=request.user, blocked_id=pk)
    blocks.unblock(block.blocked, by=request.user)
    messages.success(request, _("Mail and notices from this person will reach you again."))
    return redirect("members:blocks")


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Everything about my account, with what holds now."""
    context = {
        "has_second_factor": get_mfa_adapter().is_mfa_enabled(request.user, SECOND_FACTORS),
        "session_count": UserSession.objects.filter(user=request.user).count(),
        "block_count": Block.objects.filter(blocker=request.user).count(),
        "has_connections": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "members/account.html", context)


@login_required
@require_safe
def own_data_file(request: HttpRequest) -> StreamingHttpResponse:
    """What is kept about the reader, as a file of theirs."""
    response = StreamingHttpResponse(own_data.document(request.user), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """My profile, as a form."""
    person = User.objects.get(pk=request.user.pk)  # a form that fails leaves its values on the object it was given
    form = ProfileForm(request.POST or None, request.FILES or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your profile is saved."))
        return redirect("members:person", pk=person.pk)
    return render(request, "members/profile.html", {"form": form})


@login_required
@require_safe
def blocked(request: HttpRequest) -> HttpResponse:
    """Whom I have blocked. Who hides is not named: anybody can be blocked, also unseen."""
    seen = User.objects.visible_to(request.user).filter(pk=OuterRef("blocked"))
    found = Block.objects.filter(blocker=request.user).select_related("blocked").annotate(is_seen=Exists(seen))
    found = found.order_by("-is_seen", Case(When(is_seen=True, then="blocked__display_name")), "created")
    return render(request, "members/blocks.html", {"blocks": found})


@login_required
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What an applicant hears about what happens next; a member has nothing to wait for."""
    if request.user.is_member:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "members/waiting.html")


@require_safe
def policy(request: HttpRequest, kind: str) -> HttpResponse:
    """The privacy notice or the community rules, as they count today."""
    policy = policies.current(kind)
    if policy is None:
        raise Http404
    return render(request, "members/policy.html", {"policy": policy, "text": markdown.render_page(policy.body)})
