"""Letters on a developer's machine, in the browser. Elsewhere these addresses are 404."""

from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.notices import letterbox


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
