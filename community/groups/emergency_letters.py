"""Letters about emergency accesses. None names a group or holds a reason: both stand on the site, for those who may
read them."""

from community.groups.models import EmergencyAccess, Group
from community.groups.permissions import glass_breakers
from community.notices import kinds


def asked(recipient, target_id: int) -> dict | None:
    """That somebody asks, for those who could grant it, as long as it waits."""
    waiting = EmergencyAccess.objects.waiting().filter(pk=target_id).exclude(asked_by=recipient)
    access = waiting.exclude(group__in=Group.objects.belonged_to(recipient).values("pk")).select_related("asked_by")
    return {"access": found} if (found := access.first()) and _may(recipient) else None


def answered(recipient, target_id: int) -> dict | None:
    """That a request was granted or declined, for the one who asked."""
    own = EmergencyAccess.objects.filter(pk=target_id, asked_by=recipient)
    access = own.exclude(granted_at=None, ended_at=None).select_related("granted_by").first()
    return {"access": access} if access and _may(recipient) else None


def broken(recipient, target_id: int) -> dict | None:
    """That two of the staff read, or read, inside the recipient's group: also once it is over."""
    mine = EmergencyAccess.objects.granted().filter(group__in=Group.objects.belonged_to(recipient).values("pk"))
    access = mine.filter(pk=target_id).select_related("asked_by", "granted_by").first()
    return {"access": access} if access else None


def register() -> None:
    for name, context in {"glass_asked": asked, "glass_answered": answered, "glass_broken": broken}.items():
        kinds.register(kinds.Kind(name, f"groups/mail/{name}", context))


def _may(recipient) -> bool:
    return glass_breakers().filter(pk=recipient.pk).exists()
