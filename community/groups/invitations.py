"""Ways into a group: a letter to one person, or a link that is passed on. Both run out and can be taken back.

An address of an invitation holds its signed key, so that it can be shown again and nothing secret is stored. Whoever
holds it may take it up, a letter too: colleagues have more than one address. The one who made it is told who did.
Everything happens behind the group's lock, so that neither a link nor a group takes one person too many.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from community.groups.membership import enter, locked
from community.groups.models import Group, Invitation, Membership
from community.groups.models.joining import MOST_USES
from community.groups.permissions import is_facilitator
from community.groups.refusals import GroupRefused
from community.members.models import User
from community.notices import outbox
from core import audit

OPEN_AT_ONCE = 50  # invitations of one group
LETTERS_A_DAY = 40  # of one person, in all groups
MOST_DAYS = 90

_signer = Signer(salt="community.groups.invitations", sep=".")


def token(invitation: Invitation) -> str:
    """What stands in the invitation's address; always the same for the same invitation."""
    return _signer.sign(str(invitation.pk))


def from_token(text: str) -> Invitation | None:
    """The invitation of this token, whatever became of it; None for a text that is none."""
    try:
        key = int(_signer.unsign(text))
    except (BadSignature, ValueError):
        return None
    return Invitation.objects.filter(pk=key).select_related("group", "made_by").first()


def invite(group: Group, *, by: User, email: str, words: str = "") -> Invitation:
    """Invite one person by a letter. Raises GroupRefused as `invite_all` does."""
    [made] = invite_all(group, by=by, emails=[email], words=words)
    return made


def invite_all(group: Group, *, by: User, emails: Iterable[str], words: str = "") -> list[Invitation]:
    """Invite each of these addresses by a letter of its own, all or none of them.

    Raises GroupRefused where `by` does not lead the group, where it is archived, where a letter to one of them is open
    already, and for more than the group or the person may have.
    """
    addresses = list(dict.fromkeys(email.strip().lower() for email in emails))
    with transaction.atomic():
        group = _led(group, by, more=len(addresses))
        _must_have_letters_left(by, len(addresses))
        for address in addresses:
            if group.invitations.open().filter(email__iexact=address).exists():
                raise GroupRefused(_("An invitation to %(email)s is open already.") % {"email": address})
        made = [group.invitations.create(email=address, words=words.strip(), made_by=by) for address in addresses]
        for invitation in made:
            audit.write("group.invitation.made", by=by, on=group)
            outbox.queue_to_address("group_invitation", invitation.email, target_id=invitation.pk, actor=by)
    return made


def make_link(group: Group, *, by: User, uses_allowed: int, days: int) -> Invitation:
    """Make a link that lets `uses_allowed` people in within so many days.

    Raises GroupRefused where `by` does not lead the group, where it is archived, and for too many, too long or none.
    """
    if not (1 <= uses_allowed <= MOST_USES and 1 <= days <= MOST_DAYS):
        limits = {"people": MOST_USES, "days": MOST_DAYS}
        raise GroupRefused(_("A link is for 1 to %(people)s people and 1 to %(days)s days.") % limits)
    with transaction.atomic():
        group = _led(group, by, more=1)
        until = timezone.now() + timedelta(days=days)
        made = group.invitations.create(uses_allowed=uses_allowed, expires_at=until, made_by=by)
        audit.write("group.invitation.made", by=by, on=group)
    return made


def revoke(invitation: Invitation, *, by: User) -> None:
    """Take an invitation back: from now on it lets nobody in, not even those who took it up and still wait.

    Raises GroupRefused where `by` does not lead the group; taking it back twice changes nothing.
    """
    with transaction.atomic():
        group = locked(invitation.group, by)
        if not is_facilitator(by, group):
            raise GroupRefused(_("Only its facilitators take an invitation back."))
        if group.invitations.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=timezone.now()):
            audit.write("group.invitation.revoked", by=by, on=group)


def accept(invitation: Invitation, *, by: User) -> Membership | None:
    """Take an invitation up: a member of the association comes in and has yet to sign, anybody else waits (None) until
    they are a member and take it up once more, which needs no second place in the link.

    Raises GroupRefused where the invitation is not open to them any more, or the group is full. Who is in the group
    already uses nothing up.
    """
    with transaction.atomic():
        group = locked(invitation.group, by)
        own = group.memberships.of(by).first()
        if own:
            return own
        offered = Invitation.objects.offered_to(by).filter(pk=invitation.pk).select_related("made_by").first()
        if offered is None:
            raise GroupRefused(_("This invitation does not work any more. Please ask for another one."))
        if not offered.acceptances.filter(user=by).exists():
            Invitation.objects.filter(pk=offered.pk).update(uses=F("uses") + 1)
            taken = offered.acceptances.create(user=by)
            audit.write("group.invitation.accepted", by=by, on=group, person=by)
            outbox.queue("invitation_taken", offered.made_by, target_id=taken.pk, actor=by)
        return enter(group, by, by=by) if by.is_member else None


def end_letters(group: Group, person: User) -> None:
    """Letters of before lead nobody back who is out, and links that they made let nobody else in: called in the
    transaction that ends a membership. Who waits with such a link keeps their place."""
    letters = group.invitations.filter(email__iexact=person.email, revoked_at=None)
    letters.update(revoked_at=timezone.now())
    group.invitations.open().filter(made_by=person, email="").update(expires_at=timezone.now())


def _led(group: Group, by: User, *, more: int) -> Group:
    """The group's row, locked, for somebody who may invite so many more."""
    group = locked(group, by)
    if not is_facilitator(by, group):
        raise GroupRefused(_("Only its facilitators invite people into a group."))
    if group.archived_at:
        raise GroupRefused(_("This group is archived. Nobody joins it any more."))
    if group.invitations.open().count() + more > OPEN_AT_ONCE:
        raise GroupRefused(
            _("A group has at most %(count)s open invitations. Take some back first.") % {"count": OPEN_AT_ONCE}
        )
    return group


def _must_have_letters_left(by: User, more: int) -> None:
    # The person's row is held, so that letters for two groups at the same moment are counted together.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    today = Invitation.objects.filter(made_by=by, made_at__gt=timezone.now() - timedelta(days=1)).exclude(email="")
    if today.count() + more > LETTERS_A_DAY:
        raise GroupRefused(
            _("You can send %(count)s invitations a day. Tomorrow there are more, or make a link.")
            % {"count": LETTERS_A_DAY}
        )
