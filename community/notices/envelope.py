"""The headers of a letter about something of the site: threads for the reader's mail program, and the one-click way out
(RFC 8058). They hold numbers and no words, since every server on the way reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "notices.stop"


@dataclass(frozen=True)
class Thread:
    """Where a letter stands among others: `about` names its thing ("post-12"), and is the same for every recipient;
    `answers` are the things before it, the oldest first; `list_name` names the place that it comes from ("forum-3")."""

    about: str
    answers: Sequence[str] = ()
    list_name: str = ""


def host() -> str:
    return urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"


def message_id(about: str) -> str:
    return f"<{about}@{host()}>"


def headers(thread: Thread | None, stop_path: str) -> dict[str, str]:
    """What goes into the head of the letter."""
    found = {
        "List-Unsubscribe": f"<{settings.WAGTAILADMIN_BASE_URL}{stop_path}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    if thread is not None:
        found["Message-ID"] = message_id(thread.about)
        if thread.list_name:
            found["List-Id"] = f"<{thread.list_name}.{host()}>"
        if thread.answers:
            found["In-Reply-To"] = message_id(thread.answers[-1])
            found["References"] = " ".join(message_id(each) for each in thread.answers)
    return found


def stop_token(kind: str, target_id: int | None, user_id: int) -> str:
    """What a letter carries so that its reader can stop such letters without logging in. It does nothing else, and does
    not run out."""
    return signing.dumps([kind, target_id, user_id], salt=SALT)


def stop_path(kind: str, target_id: int | None, user_id: int) -> str:
    """Where that leads."""
    return reverse("notices:stop", args=[stop_token(kind, target_id, user_id)])


def read_stop(token: str) -> tuple[str, int | None, int]:
    """What such a token is for: kind, target and person. ValueError where it is none of ours."""
    try:
        kind, target_id, user_id = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise ValueError("Not ours.") from error
    return kind, target_id, user_id
