"""What moderators do about a member: warn, pause, remove from discussions. It counts from their next request on, and
the clock lifts it. Inside groups it does not count: who takes part there is said by those who lead them. Who is a
member at all is said by staff."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.members.models import User
from community.safety import decisions, kinds
from community.safety.kinds import Disclosed
from community.safety.models import Decision, Sanction
from community.safety.permissions import may_moderate
from core import audit, lines

LONGEST_REASON = 500
PERSON = "member"


class SanctionRefused(Exception):
    """Why not, in a sentence for the person who asked."""


def impose(person: User, kind: str, *, by: User, words: str, until: datetime | None = None) -> Sanction:
    """Warn, pause or remove a member (`Sanction.Kind`), with a reason that they read. `until` is aware.

    A new pause or removal takes the place of the one in force. Raises SanctionRefused for people who don't moderate or
    mean themselves, and for dates that make no sense.
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
        person = User.objects.select_for_update(no_key=True).order_by().get(pk=person.pk)
        if kind != Sanction.Kind.WARN:
            in_force = Sanction.objects.filter(person=person).in_force()
            in_force.update(lifted_at=timezone.now(), lifted_by=by)
        made = Sanction.objects.create(person=person, kind=kind, words=words, by=by, until=until)
        audit.write(f"safety.member.{kind}", by=by, on=person, person=person)
        decisions.record(f"safety.member.{kind}", by=by, person=person, kind=PERSON, target_id=person.pk, words=words)
    return made


def lift(made: Sanction, *, by: User) -> None:
    """End a sanction before its time; its person is told. A second time changes nothing. Raises SanctionRefused."""
    if not may_moderate(by) or by.pk == made.person_id:
        raise SanctionRefused(_("This is for another moderator."))
    with transaction.atomic():
        made = Sanction.objects.select_for_update(of=("self",)).select_related("person").get(pk=made.pk)
        if not made.is_in_force:
            return
        _lift(made, by)
        words = _("You can write again. Welcome back.")
        decisions.record(
            "safety.member.lifted", by=by, person=made.person, kind=PERSON, target_id=made.person_id, words=words
        )


def in_force(person: User) -> Sanction | None:
    """What keeps somebody from writing now."""
    return Sanction.objects.filter(person=person.pk).in_force().first()


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


def _undo(made: Decision, by: User) -> None:
    kind = made.action.rpartition(".")[2]
    rows = Sanction.objects.filter(person=made.person_id, kind=kind, made_at__lte=made.made_at)
    for one in rows.select_for_update().filter(lifted_at=None).order_by("-made_at")[:1]:
        _lift(one, by)


def _lift(made: Sanction, by: User) -> None:
    Sanction.objects.filter(pk=made.pk).update(lifted_at=timezone.now(), lifted_by=by)
    audit.write("safety.member.lifted", by=by, on=made.person, person=made.person)


def _profile(person: User) -> str:
    return format_html("<p>{}</p>", person.byline or person.display_name) + linebreaks(person.bio, autoescape=True)
