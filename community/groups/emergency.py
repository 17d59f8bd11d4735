"""Breaking the glass: two of the staff together read inside a group they are not in, for a written reason and a day.

One asks, another one grants, and neither belongs to the group. From the grant on both of them read what stands on the
group's own pages, and take part in nothing; its members get a letter, and find on its home who reads, why and until
when. `GroupQuerySet.opened_to` asks at each request whether the access is open, and whether both may still do it.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.groups.models import EmergencyAccess, Group
from community.groups.models.access import LASTS
from community.groups.permissions import glass_breakers, is_inside
from community.groups.refusals import GroupRefused
from community.members.models import User
from community.notices import outbox
from core import audit
from core.models import AuditEntry
from core.prepared import Prepared

READ = "group.glass.read"


def are_enough() -> bool:
    """Whether there are two people who may do it. A site with one administrator cannot."""
    return glass_breakers()[:2].count() == 2


def find(words: str) -> Group:
    """The group that staff name by its number, or, where it is listed, by its name.

    Whoever may ask learns that a number is taken, and nothing else: no name of a hidden group is ever looked for.
    Raises GroupRefused where there is none, or more than one of the name.
    """
    words = words.strip()
    if words.isascii() and words.isdigit() and len(words) <= 18:
        found = list(Group.objects.filter(pk=int(words)))
    else:
        found = list(Group.objects.filter(listed=True, archived_at=None, name__iexact=words)[:2])
    if not found:
        raise GroupRefused(_("There is no group with this number, and no listed one of this name."))
    if len(found) > 1:
        raise GroupRefused(_("More than one group has this name. Please give the number."))
    return found[0]


def ask(group: Group, *, by: User, reason: str) -> EmergencyAccess:
    """Ask for an access. Another of the staff grants it, or it falls away after three days.

    Raises GroupRefused for those who may not, or belong to the group; where nobody else could grant it; without a
    reason; and where `by` has asked already, or reads the group already.
    """
    with transaction.atomic():
        _must_be_let(by)
        if not are_enough():
            raise GroupRefused(_("It takes two people who may do this, and here is one."))
        _must_be_outside(group, by)
        if not reason.strip():
            raise GroupRefused(_("Please write down the reason. The group reads it."))
        if group.accesses.open().of(by).exists():
            raise GroupRefused(_("You can read this group already."))
        now = timezone.now()
        asked = group.accesses.filter(asked_by=by, granted_at=None, ended_at=None)
        asked.exclude(pk__in=group.accesses.waiting().values("pk")).update(ended_at=now)
        try:
            with transaction.atomic():
                access = EmergencyAccess.objects.create(group=group, asked_by=by, asked_at=now, reason=reason.strip())
        except IntegrityError as error:
            raise GroupRefused(_("You have asked for this already. Somebody else has to grant it.")) from error
        audit.write("group.glass.asked", by=by, on=access)
        others = glass_breakers().exclude(pk=by.pk).exclude(pk__in=_belonging(group))
        outbox.queue_all("glass_asked", others, target_id=access.pk)
    return access


def grant(access: EmergencyAccess, *, by: User) -> EmergencyAccess:
    """Open the group to the one who asked and to `by`, for 24 hours, and tell its members.

    Raises GroupRefused for those who may not, for the one who asked, for people who belong to the group, and once the
    request is answered or has fallen away.
    """
    with transaction.atomic():
        access = _locked(access)
        _must_be_let(by)
        if access.asked_by_id == by.pk:
            raise GroupRefused(_("It takes two people. Somebody else has to grant what you asked for."))
        _must_be_outside(access.group, by)
        _must_wait(access)
        asker_may = glass_breakers().exclude(pk__in=_belonging(access.group))
        if not asker_may.filter(pk=access.asked_by_id).exists():
            raise GroupRefused(_("The one who asked may not do this any more."))
        access.granted_by, access.granted_at = by, timezone.now()
        access.expires_at = access.granted_at + LASTS
        access.save(update_fields=["granted_by", "granted_at", "expires_at"])
        audit.write("group.glass.granted", by=by, on=access, person=access.asked_by)
        outbox.queue_all("glass_broken", _told(access.group), target_id=access.pk)
        outbox.queue("glass_answered", access.asked_by, target_id=access.pk)
    return access


def decline(access: EmergencyAccess, *, by: User) -> None:
    """Say no to somebody else's request. Raises GroupRefused as `grant` does."""
    with transaction.atomic():
        access = _locked(access)
        _must_be_let(by)
        if access.asked_by_id == by.pk:
            raise GroupRefused(_("This is your own request. You can take it back."))
        _must_be_outside(access.group, by)
        _must_wait(access)
        _close(access, by)
        audit.write("group.glass.declined", by=by, on=access, person=access.asked_by)
        outbox.queue("glass_answered", access.asked_by, target_id=access.pk)


def withdraw(access: EmergencyAccess, *, by: User) -> None:
    """Take one's own request back. Raises GroupRefused for others, and once it is answered or has fallen away."""
    with transaction.atomic():
        access = _locked(access)
        if access.asked_by_id != by.pk:
            raise GroupRefused(_("Only the one who asked takes a request back."))
        _must_wait(access)
        _close(access, by)
        audit.write("group.glass.withdrawn", by=by, on=access)


def end(access: EmergencyAccess, *, by: User) -> None:
    """Shut the group again, for both, from the next request on. Ending what is over changes nothing.

    Raises GroupRefused for those who may not, for people who belong to the group, and where nothing was granted.
    """
    with transaction.atomic():
        access = _locked(access)
        _must_be_let(by)
        if by.pk not in (access.asked_by_id, access.granted_by_id):
            _must_be_outside(access.group, by)
        if access.granted_at is None:
            raise GroupRefused(_("This was not granted."))
        if access.is_over:
            return
        _close(access, by)
        audit.write("group.glass.ended", by=by, on=access)


def reading(group: Group | None, user) -> EmergencyAccess | None:
    """The access by which `user` reads inside of `group`, noted in the audit trail once for each person and hour.

    None for those inside, and for everybody who is not staff, whom it costs no query.
    """
    if group is None or not getattr(user, "is_staff", False):
        return None
    accesses = group.accesses.open().of(user).select_related("asked_by", "granted_by")
    access = accesses.order_by("-expires_at").first()
    if access is None or is_inside(user, group):
        return None
    _note_reading(access, by=user)
    return access


def told(group: Group) -> list[EmergencyAccess]:
    """By what accesses the group was and is read, newest first, with the two people of each: for those inside."""
    return _granted(group.pk)


_granted = Prepared(
    lambda group_id: (
        EmergencyAccess.objects.granted()
        .filter(group=group_id)
        .select_related("asked_by", "granted_by")
        .order_by("-granted_at")
    )
)


def _note_reading(access: EmergencyAccess, *, by: User) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    target = {"target_kind": EmergencyAccess._meta.label_lower, "target_id": access.pk}
    noted = AuditEntry.objects.filter(**target, action=READ, actor_id=by.pk, at__gte=hour)
    if noted.exists():
        return
    with transaction.atomic():
        _locked(access)  # two pages that are opened at once write one row
        if not noted.exists():
            audit.write(READ, by=by, on=access)


def _locked(access: EmergencyAccess) -> EmergencyAccess:
    rows = EmergencyAccess.objects.select_for_update(of=("self",)).select_related("group", "asked_by")
    return rows.get(pk=access.pk)


def _close(access: EmergencyAccess, by: User) -> None:
    access.ended_at, access.ended_by = timezone.now(), by
    access.save(update_fields=["ended_at", "ended_by"])


def _belonging(group: Group):
    return group.memberships.filter(left_at=None).values("user")


def _told(group: Group):
    """Everybody in the group, those too who have yet to sign: what they wrote is read as well."""
    return User.objects.members().filter(pk__in=_belonging(group))


def _must_be_let(by: User) -> None:
    if not glass_breakers().filter(pk=by.pk).exists():
        raise GroupRefused(_("You may not open a group."))


def _must_be_outside(group: Group, by: User) -> None:
    if _belonging(group).filter(user=by).exists():
        raise GroupRefused(_("You belong to this group. Two people from outside of it open it."))


def _must_wait(access: EmergencyAccess) -> None:
    if not EmergencyAccess.objects.waiting().filter(pk=access.pk).exists():
        raise GroupRefused(_("This request is answered already, or has fallen away."))
