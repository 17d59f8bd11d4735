"""The one path that mail takes: queued with the change that it tells of, then claimed, sent, marked.

Mail can't be both never lost and never doubled across a kill. We choose never doubled: a letter that was claimed and
not marked is in doubt, and is named in the log instead of sent again.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

import css_inline
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from procrastinate.types import JSONValue

from community.notices import envelope, kinds
from community.notices.models import Mail

IN_DOUBT_AFTER = timedelta(minutes=15)
BATCH = 1000

_is_quiet: ContextVar[bool] = ContextVar("outbox_is_quiet", default=False)


@contextmanager
def quietly() -> Iterator[None]:
    """Queue nothing within this block: for building a demonstration or importing what happened long ago."""
    token = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(token)


def is_quiet() -> bool:
    return _is_quiet.get()


def queue(kind: str, recipient, *, target_id: int | None = None, actor=None) -> None:
    """Queue a letter of a registered kind. It and its job are written in the caller's transaction.

    `actor` is the person whose doing it tells of: a recipient who blocks them gets nothing.
    """
    queue_all(kind, [recipient], target_id=target_id, actor=actor)


def queue_all(kind: str, recipients: Iterable, *, target_id: int | None = None, actor=None) -> None:
    """Queue the same letter for many: two writes, however many they are."""
    queue_each(kind, [(recipient.pk, target_id) for recipient in recipients], actor=actor)


def queue_each(kind: str, letters: Iterable[tuple[int, int | None]], *, actor=None) -> None:
    """Queue letters of one kind to the people with these ids, each about another thing."""
    kinds.get(kind)
    actor_id = actor.pk if actor else None
    _save_and_defer([Mail(kind=kind, recipient_id=pk, target_id=target, actor_id=actor_id) for pk, target in letters])


def queue_to_address(kind: str, address: str, *, target_id: int | None = None, actor=None) -> None:
    """Queue a letter to an address that may have no account here. Its kind is one that goes `to_addresses`.

    Who has an account with this address when it is sent is its recipient, with their zone, their blocks and their
    door: a closed account gets nothing. Raises ValueError for any other kind.
    """
    if not kinds.get(kind).to_addresses:
        raise ValueError(f"Letters of the kind {kind!r} go to people with an account.")
    _save_and_defer([Mail(kind=kind, address=address, target_id=target_id, actor_id=actor.pk if actor else None)])


def queue_words(*, address: str, subject: str, text: str, html: str = "", recipient=None) -> None:
    """Queue a letter that brings its own words: for the account system's links only."""
    mail = Mail(kind="account", recipient=recipient, address=address, subject=subject, text=text, html=html)
    _save_and_defer([mail])


def _save_and_defer(mails: list[Mail]) -> None:
    from community.notices.tasks import send_mail  # the task module imports this one

    if _is_quiet.get() or not mails:
        return
    with transaction.atomic():
        Mail.objects.bulk_create(mails, batch_size=BATCH)
        jobs: list[dict[str, JSONValue]] = [{"mail_id": mail.pk} for mail in mails]
        send_mail.batch_defer(*jobs)


def send(mail_id: int) -> None:
    """Send one queued letter, or withhold it. A letter that somebody else claimed or sent is left alone."""
    with transaction.atomic():
        mail = Mail.objects.select_for_update().filter(pk=mail_id, state=Mail.State.QUEUED).first()
        if mail is None:
            return
        message = compose(mail)
        mail.state = Mail.State.SENDING if message else Mail.State.WITHHELD
        mail.claimed_at = timezone.now()
        mail.save(update_fields=["state", "claimed_at"])
    if message is None:
        return
    try:
        message.send()
    except OSError:  # the server was not reached or refused: certainly not sent, so the job may try again
        Mail.objects.filter(pk=mail_id).update(state=Mail.State.QUEUED, claimed_at=None)
        raise
    Mail.objects.filter(pk=mail_id).update(state=Mail.State.SENT, sent_at=timezone.now(), subject="", text="", html="")


def compose(mail: Mail) -> EmailMultiAlternatives | None:
    """The letter as it stands now, or None where it must not go out."""
    if mail.kind == "account":
        return _message(mail.address, mail.subject, mail.text, mail.html)
    kind = kinds.get(mail.kind)
    recipient = mail.recipient
    if recipient is None and kind.to_addresses:
        recipient = get_user_model().objects.at_address(mail.address).first()
    elif recipient is None:
        return None
    if recipient and not recipient.is_active:
        return None
    if recipient and mail.actor_id and recipient.has_blocked(mail.actor_id):
        return None
    zone = recipient.time_zone if recipient else settings.TIME_ZONE
    with translation.override(settings.LANGUAGE_CODE), timezone.override(zone):
        context = kind.context(recipient, mail.target_id)
        if context is None:
            return None
        context = {"recipient": recipient, "base_url": settings.WAGTAILADMIN_BASE_URL} | context
        subject = " ".join(render_to_string(f"{kind.template}_subject.txt", context).split())
        text = render_to_string(f"{kind.template}.txt", context)
        html = render_to_string(f"{kind.template}.html", context)
    head = envelope.headers(context.get("thread"), context["stop_path"]) if "stop_path" in context else {}
    return _message(recipient.email if recipient else mail.address, subject, text, html, head)


def _message(address: str, subject: str, text: str, html: str, head: dict | None = None) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(subject=subject, body=text, to=[address], headers=head)
    if html:
        message.attach_alternative(css_inline.inline(html), "text/html")
    return message


def in_doubt():
    """Letters that were claimed a while ago and never marked: a person decides what becomes of them."""
    return Mail.objects.filter(state=Mail.State.SENDING, claimed_at__lt=timezone.now() - IN_DOUBT_AFTER)
