"""The one way to uploaded files: each is served by a view that asks who may see it, at every request."""

from collections.abc import Callable
from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

MayRead = Callable[[object, str], bool]
INLINE_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
}

_rules: dict[str, MayRead] = {}


def register(folder: str, may_read: MayRead) -> None:
    """Say who may read the files below `folder` ("pictures/"): `may_read(user, name)` is asked at each request.

    A folder that nobody registered is read by nobody.
    """
    _rules[folder] = may_read


def may_read(user, name: str) -> bool:
    """Whether `user` may read the stored file `name`; a name that climbs out of its folder is nobody's."""
    if "\x00" in name or ".." in PurePosixPath(name).parts:
        return False
    rule = _rules.get(name.split("/", 1)[0] + "/")
    return rule is not None and rule(user, name)


@require_safe
def serve(request: HttpRequest, name: str) -> FileResponse:
    """A stored file, for those who may see it; for all others there is no such file."""
    if not may_read(request.user, name):
        raise Http404
    try:
        handle = default_storage.open(name)
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404 from error
    content_type = INLINE_TYPES.get(PurePosixPath(name).suffix.lower())
    response = FileResponse(
        handle, content_type=content_type or "application/octet-stream", as_attachment=content_type is None
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600" if request.user.is_authenticated else "public, max-age=3600"
    return response
