"""What moderators do about a member: warn, pause, remove. It counts from their next request on, and the clock lifts it.

A pause forbids writing where everybody reads, and nothing inside groups: who writes there is said by those who lead
them. Whoever is removed is out of all that is not the world's, groups too (`members.standing`), and keeps their account
and the appeal. Of standing, moderators have no other power.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import formats, timezone
from django.utils.html import format_html, linebreaks
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.members import standing
from community.members.models import User
from community.safety import decisions, kinds
from community.safety.kinds import Disclosed
from community.safety.models import Decision, Sanction
from community.safety.permissions import may_moderate
from core import audit, lines

LONGEST_REASON = 500
PERSON = "member"
LASTING = {f"safety.member.{kind}" for kind in (Sanction.Kind.PAUSE, Sanction.Kind.REMOVE)}


class SanctionRefused(Exception):
    """Why not, in a sentence for the person who asked."""


def impose(person: User, kind: str, *, by: User, words: str, until: datetime | None = None) -> Sanction:
    """Warn, pause or remove a member (`Sanction.Kind`), with a reason that they read. `until` is aware.

    A new pause or removal takes the place of the one in force. Raises SanctionRefused for people who don't moderate or
    mean themselves, for dates that make no sense, and for the removal of an administrator or of somebody who is no
    member.
    """
    words = lines.tidy(words)
    if not may_moderate(by) or by.pk == person.pk:
        raise SanctionRefused(_("This is for another moderator."))
    if kind not in Sanction.Kind.values:
        raise SanctionRefused(_("Choose one of these."))
    if not words or len(words) > LONGEST_REASON:
        raise SanctionRefused(_("Write a sentence that tells them why, of at most 500 characters."))
    if kind == Sanction.Kind.PAUSE and until is None:
        raise SanctionRefused(_("Say until when the pause lasts."))
    if kind == Sanction.Kind.WARN:
        until = None
    if until is not None and until <= timezone.now():
        raise SanctionRefused(_("Choose a date that is still to come."))
    with transaction.atomic():
        row = _locked(person.pk)
        if kind != Sanction.Kind.WARN:
            Sanction.objects.filter(person=row).in_force().update(lifted_at=timezone.now(), lifted_by=by)
        made = Sanction.objects.create(person=row, kind=kind, words=words, by=by, until=until)
        if kind != Sanction.Kind.WARN:
            _settle(row, by)
        audit.write(f"safety.member.{kind}", by=by, on=row, person=row)
        decisions.record(f"safety.member.{kind}", by=by, person=row, kind=PERSON, target_id=row.pk, words=words)
    person.standing = row.standing
    return made


def lift(made: Sanction, *, by: User) -> None:
    """End a sanction before its time; its person is told. A second time changes nothing. Raises SanctionRefused."""
    if not may_moderate(by) or by.pk == made.person_id:
        raise SanctionRefused(_("This is for another moderator."))
    with transaction.atomic():
        person = _locked(made.person_id)
        made = Sanction.objects.get(pk=made.pk)
        if not made.is_in_force:
            return
        _lift(made, person, by)
        words = _("Everything is as it was. Welcome back.")
        decisions.record("safety.member.lifted", by=by, person=person, kind=PERSON, target_id=person.pk, words=words)


def end_removals() -> int:
    """Let those in again whose time out is over; how many. For the worker: whoever comes before it does is let in
    by their own request (`look_at_removed`)."""
    out = User.objects.filter(~kept_out(OuterRef("pk")), standing=User.Standing.REMOVED).order_by("pk")
    return sum(_end_removal(person) for person in out)


def look_at_removed(person: User) -> None:
    """Somebody who is removed is here: their time out may be over."""
    if not is_kept_out(person):
        _end_removal(person)


def in_force(person: User) -> Sanction | None:
    """What keeps somebody from writing, or out, now."""
    return Sanction.objects.filter(person=person.pk).in_force().select_related("by").first()


def all_in_force(*, reader: User) -> QuerySet[Sanction]:
    """Who is paused or removed now, the newest first, but for `reader`. That they moderate is asked by the caller."""
    people = User.objects.members_or_removed().exclude(pk=reader.pk)
    return Sanction.objects.in_force().filter(person__in=people).select_related("person", "by")


def until_words(made: Sanction) -> str:
    """How long it lasts, in a sentence."""
    if made.last_day is None:
        return _("It lasts until a moderator lifts it.")
    day = formats.date_format(made.last_day)
    return _("It lasts until and including %(day)s, and ends by itself.") % {"day": day}


def is_kept_out(user) -> bool:
    """Whether `user` may not write outside of groups now. No query for whom the request knows."""
    known = getattr(user, "is_kept_out", None)
    return Sanction.objects.filter(person=user.pk).in_force().exists() if known is None else known


def kept_out(user_ref: OuterRef) -> Exists:
    """The same as an expression, for the query that loads a person (a reference to the outer row's key)."""
    return Exists(Sanction.objects.filter(person=user_ref).in_force())


def disclose(things, reader) -> dict[int, Disclosed]:
    """People, as moderators read of them in a report: as their page shows them."""
    people = User.objects.filter(pk__in=things).order_by()
    return {
        person.pk: Disclosed(
            author_id=person.pk,
            author=person.display_name,
            html=_profile(person),
            place=_("a member"),
            is_hidden=False,
            url=person.get_absolute_url() if person.is_listed else "",
        )
        for person in people
    }


def may_see(user, person_id: int) -> bool:
    """Members report members whom they may look up; nobody reports themselves."""
    is_member = getattr(user, "is_member", False)
    return is_member and user.pk != person_id and User.objects.visible_to(user).filter(pk=person_id).exists()


def register() -> None:
    kinds.register(kinds.Kind(PERSON, may_see=may_see, disclose=disclose, label=gettext_lazy("a member")))
    decisions.register(dict.fromkeys(["safety.member.warn", "safety.member.pause", "safety.member.remove"], _undo))
    decisions.register_told(
        {
            "safety.member.warn": gettext_lazy("warned you"),
            "safety.member.pause": gettext_lazy("paused you"),
            "safety.member.remove": gettext_lazy("removed you"),
            "safety.member.lifted": gettext_lazy("ended your pause or removal"),
        }
    )


def _undo(made: Decision, by: User) -> None:
    kind = made.action.rpartition(".")[2]
    with transaction.atomic():
        person = _locked(made.person_id)
        rows = Sanction.objects.filter(person=person, kind=kind, made_at__lte=made.made_at, lifted_at=None)
        for one in rows.order_by("-made_at")[:1]:
            _lift(one, person, by)


def _locked(person_id: int) -> User:
    """Somebody's row, which guards their sanctions and their standing."""
    return User.objects.select_for_update(no_key=True).order_by().get(pk=person_id)


def _lift(made: Sanction, person: User, by: User) -> None:
    Sanction.objects.filter(pk=made.pk).update(lifted_at=timezone.now(), lifted_by=by)
    _settle(person, by)
    audit.write("safety.member.lifted", by=by, on=person, person=person)


def _end_removal(person: User) -> bool:
    """Whether it was this call that let them in again: the worker and their own request may come at once."""
    with transaction.atomic():
        row = _locked(person.pk)
        was_out = row.standing == User.Standing.REMOVED
        _settle(row, None)
        is_back = was_out and row.standing != User.Standing.REMOVED
        if is_back:
            audit.write("safety.member.over", by=None, on=row, person=row)
    person.standing = row.standing
    return is_back


def _settle(person: User, by: User | None) -> None:
    """Have a locked person's standing be what their sanctions say: out as long as a removal is in force."""
    is_out = Sanction.objects.filter(person=person, kind=Sanction.Kind.REMOVE).in_force().exists()
    try:
        if not is_out:
            standing.readmit(person, by=by)
        elif by is not None:
            standing.remove(person, by=by)
    except standing.StandingRefused as refusal:
        raise SanctionRefused(str(refusal)) from refusal


def _profile(person: User) -> str:
    return format_html("<p>{}</p>", person.byline or person.display_name) + linebreaks(person.bio, autoescape=True)
