"""Files on their way in and out: with the composer's form, by themselves where it has a script, and as bytes."""

from dataclasses import dataclass, field

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from community.discussions import attachments, drafts, pacing, places
from community.discussions.models import Attachment
from community.discussions.places import Place
from community.discussions.refusals import DiscussionRefused
from core.files import send
from core.statuses import NOT_TAKEN, TOO_OFTEN
from core.uploads import clean_upload


@dataclass
class Received:
    """The files of one text that is being written: those it has so far, and why others were not taken.

    `is_step` is whether a button only asked to add files, so that the rest of the form is not to be posted yet;
    `is_too_often` whether it was enough for now.
    """

    attached: list[Attachment] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    is_step: bool = False
    is_too_often: bool = False


def receive(request: HttpRequest, place: Place) -> Received:
    """Put the files that came with the composer's form to the draft for its place, and note what was said about those
    that are there. So nothing is lost where the rest of the form is refused."""
    found = Received(is_step=request.method == "POST" and "attach" in request.POST)
    if not request.user.is_authenticated:
        return found
    if request.method == "POST":
        _note(request, found, place)
        _take(request, found, place)
    found.attached = _here(request, place)
    return found


@require_POST
@login_required
def attach(request: HttpRequest) -> HttpResponse:
    """Files for what is being written at the `place` that the form names."""
    place = places.find(request.POST.get("place", ""), request.user)
    if place is None:
        raise Http404
    found = receive(request, place)
    files = [_told(each) for each in found.attached if each.draft_id is not None]
    answer = {"files": files, "refused": found.refused}
    return JsonResponse(answer, status=TOO_OFTEN if found.is_too_often else NOT_TAKEN if found.refused else 201)


@require_POST
@login_required
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what one's own picture shows."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk, added_by=request.user)
    try:
        attachments.describe(attachment, request.POST.get("alt", ""), by=request.user)
    except DiscussionRefused as refusal:
        return JsonResponse({"refused": [str(refusal)]}, status=NOT_TAKEN)
    return HttpResponse(status=204)


@require_POST
@login_required
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own file out of what is being written."""
    own = Attachment.objects.visible_to(request.user).filter(draft__user=request.user)
    attachment = get_object_or_404(own, pk=pk)
    try:
        attachments.remove(attachment, by=request.user)
    except DiscussionRefused as refusal:
        return JsonResponse({"refused": [str(refusal)]}, status=NOT_TAKEN)
    return HttpResponse(status=204)


@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One file's bytes."""
    files = Attachment.objects.visible_to(request.user).select_related("post__topic__forum__group", "draft")
    file = get_object_or_404(files, pk=pk)
    return send(request, file.file.name, attachments.served(file, to=request.user))


def _here(request: HttpRequest, place: Place) -> list[Attachment]:
    """The files of the post that is being changed, and those that wait in the draft."""
    draft = drafts.find(place, request.user)
    waiting = list(Attachment.objects.filter(draft=draft)) if draft else []
    return [*Attachment.objects.filter(post=place.post), *waiting] if place.post else waiting


def _note(request: HttpRequest, found: Received, place: Place) -> None:
    """Take out of the draft what was ticked, and keep what was said about the others."""
    without = set(request.POST.getlist("without"))
    for file in _here(request, place):
        alt = request.POST.get(f"alt_{file.pk}", file.alt)
        try:
            if str(file.pk) in without and file.draft_id is not None:
                attachments.remove(file, by=request.user)
            elif alt != file.alt:
                attachments.describe(file, alt, by=request.user)
        except DiscussionRefused as refusal:
            found.refused.append(f"{file.name}: {refusal}")


def _take(request: HttpRequest, found: Received, place: Place) -> None:
    """Put the new files to the draft, each by itself: one that is refused takes no other along."""
    for sent in request.FILES.getlist("files"):
        name = sent.name or ""
        try:
            attachments.attach(place, by=request.user, upload=clean_upload(sent), name=name)
        except ValidationError as error:
            found.refused += [f"{name}: {message}" for message in error.messages]
        except pacing.TooOften as refusal:
            found.refused.append(str(refusal))
            found.is_too_often = True
            return
        except DiscussionRefused as refusal:
            found.refused.append(f"{name}: {refusal}")


def _told(file: Attachment) -> dict:
    return {
        "id": file.pk,
        "name": file.name,
        "size": file.size_words,
        "url": file.get_absolute_url(),
        "is_picture": file.is_picture,
        "alt": file.alt,
    }
