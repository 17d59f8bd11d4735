"""The one way to uploaded files: each is served by a view that asks who may see it, at every request."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, TypeVar

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from core.lines import tidy

OCTETS = "application/octet-stream"
PICTURES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
LONGEST_NAME = 120  # characters; file systems take 255 bytes


@dataclass(frozen=True)
class Served:
    """How a file goes out to somebody who may read it.

    `name` is what it is saved as, by default its stored name. A private file is kept by nobody on the way, nor by the
    browser. Only a picture that this site encoded itself is shown in place; all else is for saving.
    """

    name: str = ""
    content_type: str = OCTETS
    is_private: bool = True
    is_shown: bool = False

    @classmethod
    def picture(cls, name: str, *, is_private: bool) -> "Served":
        """A picture that the site made, by its stored name."""
        content_type = PICTURES.get(PurePosixPath(name).suffix.lower(), OCTETS)
        return cls(content_type=content_type, is_private=is_private, is_shown=True)


Response = TypeVar("Response", bound=HttpResponseBase)
Rule = Callable[[Any, str], Served | None]

_rules: dict[str, Rule] = {}


def register(folder: str, rule: Rule) -> None:
    """Say who reads the files below `folder` ("pictures/"), and how: `rule(user, name)` is asked at each request.

    It returns None to whoever may not know of the file. A folder that nobody registered is read by nobody.
    """
    _rules[folder] = rule


def asked(user, name: str) -> Served | None:
    """How `user` gets the stored file `name`, if at all; a name that climbs out of its folder is nobody's."""
    if "\x00" in name or ".." in PurePosixPath(name).parts:
        return None
    rule = _rules.get(name.split("/", 1)[0] + "/")
    return rule(user, name) if rule else None


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """A stored file, for those who may see it; for all others there is no such file."""
    served = asked(request.user, name)
    if served is None:
        raise Http404
    return send(request, name, served)


def send(request: HttpRequest, name: str, served: Served) -> HttpResponseBase:
    """The stored file `name`, whole or in part (RFC 9110, 13 and 14). Whether it may be read has been asked before.

    One range is answered with 206, one beyond the end with 416; several at once get the whole file, as section 14.2
    allows. Raises Http404 where nothing is stored under the name.
    """
    try:
        file = default_storage.open(name)
        modified = int(default_storage.get_modified_time(name).timestamp())
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404 from error
    size = file.size
    headers = _headers(request, name, served, size, modified)
    unchanged = get_conditional_response(request, headers["ETag"], modified, _saying(HttpResponse(), headers))
    if unchanged is not None and unchanged.status_code != 200:
        file.close()
        return unchanged
    part = _part(request, headers, size)
    if part is not None and not part:
        file.close()
        return _saying(HttpResponse(status=416), headers | {"Content-Range": f"bytes */{size}"})
    if request.method == "HEAD":
        file.close()
        return _saying(HttpResponse(), headers | {"Content-Length": str(size)})
    if part is None:
        return _saying(FileResponse(file), headers | {"Content-Length": str(size)})
    file.seek(part.start)
    partly = {"Content-Range": f"bytes {part.start}-{part.stop - 1}/{size}", "Content-Length": str(len(part))}
    return _saying(FileResponse(_Slice(file, len(part)), status=206), headers | partly)


def download_name(name: str, ending: str = "") -> str:
    """`name` as a person's computer can save it: one line, no folders, no hidden file; it ends in `ending` if given."""
    words = tidy(name.encode(errors="ignore").decode().replace("\x00", ""))
    words = re.sub(r'[/\\:*?"<>|]+', "-", words).strip(" .-")
    stem, suffix = (words, ending) if ending else (PurePosixPath(words).stem, PurePosixPath(words).suffix)
    if ending and stem.lower().endswith(ending):
        stem = stem[: -len(ending)]
    return f"{stem[: LONGEST_NAME - len(suffix)].strip() or 'file'}{suffix}"


def _headers(request: HttpRequest, name: str, served: Served, size: int, modified: int) -> dict[str, str]:
    """What every answer about the file says, 206, 304 and 416 too."""
    is_shown = served.is_shown and served.content_type in PICTURES.values()
    saved_as = download_name(served.name or PurePosixPath(name).name)
    if served.is_private:
        kept = "private, no-store"
    else:
        kept = f"{'private' if request.user.is_authenticated else 'public'}, max-age=3600"
    # A stored name is never written twice, so name, size and time tell one content from another (a strong validator).
    tag = hashlib.sha256(f"{name}\n{size}\n{modified}".encode()).hexdigest()[:32]
    return {
        "Content-Type": served.content_type,
        "Content-Disposition": content_disposition_header(not is_shown, saved_as) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": kept,
        "Accept-Ranges": "bytes",
        "ETag": f'"{tag}"',
        "Last-Modified": http_date(modified),
    }


def _saying(response: Response, headers: dict[str, str]) -> Response:
    """`response` with `headers`, whatever Django guessed before."""
    for name, value in headers.items():
        response.headers[name] = value
    return response


_ONE_RANGE = re.compile(r"bytes=\s*(?P<first>\d{0,18})-(?P<last>\d{0,18})\s*", re.ASCII | re.IGNORECASE)


def _part(request: HttpRequest, headers: dict[str, str], size: int) -> range | None:
    """The bytes that were asked for; an empty range where the file has none of them, None where all of it goes out."""
    asked_for = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or asked_for is None or not _still_meant(request, headers):
        return None
    first, last = asked_for["first"], asked_for["last"]
    if first:
        if last and int(last) < int(first):
            return None
        return range(int(first), min(int(last) + 1, size) if last else size)
    return range(max(0, size - int(last)), size) if last else None


def _still_meant(request: HttpRequest, headers: dict[str, str]) -> bool:
    """Whether the file is still the one of which `If-Range` says that the reader has the beginning (13.1.5)."""
    condition = request.headers.get("If-Range", "").strip()
    if not condition or condition == headers["ETag"]:
        return True
    moment = parse_http_date_safe(condition)
    return moment is not None and http_date(moment) == headers["Last-Modified"]


class _Slice:
    """The next `length` bytes of an open file."""

    def __init__(self, file, length: int) -> None:
        self._file = file
        self._left = length
        self.close = file.close

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(chunk)
        return chunk
