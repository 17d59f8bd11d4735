"""Letters about groups. Each is written when it is sent, from what its reader may see then.

A subject names no group, and neither does the letter where the group is one that not every member may know.
"""

from community.groups.agreements import text_of
from community.groups.models import Agreement, Group, Membership, Signature
from community.notices import kinds


def added(recipient, target_id: int) -> dict | None:
    """That somebody was brought into a group, as long as they are in it and have not signed."""
    own = Membership.objects.of(recipient).filter(pk=target_id).select_related("group").first()
    if own is None or own.has_signed or own.group.archived_at:
        return None
    return {"group": own.group, "name": known_name(own.group, recipient)}


def removed(recipient, target_id: int) -> dict | None:
    """That somebody is out of a group, with the reason, as long as they are."""
    ended = Membership.objects.filter(pk=target_id, user=recipient, ending=Membership.Ending.REMOVED)
    member = ended.select_related("group").first()
    return {"member": member, "name": known_name(member.group, recipient)} if member else None


def signed(recipient, target_id: int) -> dict | None:
    """The signer's own copy of what they signed; none once they have left."""
    found = Signature.objects.filter(pk=target_id, user=recipient).select_related("group", "agreement", "addition")
    signature = found.first()
    if signature is None or not Group.objects.belonged_to(recipient).filter(pk=signature.group_id).exists():
        return None
    return {"signature": signature, "name": known_name(signature.group, recipient), "text": text_of(signature)}


def agreement_changed(recipient, target_id: int) -> dict | None:
    """That the association's text changed, as long as it is the present one and not signed everywhere."""
    agreement = Agreement.objects.current().filter(pk=target_id).first()
    if agreement is None:
        return None
    groups = _to_sign(recipient).filter(kind=agreement.kind)
    named = [group for group in groups if known_name(group, recipient)]
    return {"groups": named, "count": len(groups)} if groups else None


def addition_changed(recipient, target_id: int) -> dict | None:
    """That a group changed what it adds, as long as the reader has not signed it."""
    group = _to_sign(recipient).filter(additions=target_id).first()
    return {"group": group, "name": known_name(group, recipient)} if group else None


def register() -> None:
    for name, context in {
        "group_added": added,
        "group_removed": removed,
        "group_signed": signed,
        "agreement_changed": agreement_changed,
        "addition_changed": addition_changed,
    }.items():
        kinds.register(kinds.Kind(name, f"groups/mail/{name}", context))


def _to_sign(recipient):
    waiting = Group.objects.belonged_to(recipient).exclude(pk__in=Group.objects.entered_by(recipient).values("pk"))
    return waiting.filter(archived_at=None)


def known_name(group: Group, recipient) -> str:
    """The name, where every visitor may know it, or every member and they are one.

    Nothing for a consultation group, which is only "your group".
    """
    if group.kind == Group.Kind.CHAPTER:
        return group.name
    return group.name if group.kind == Group.Kind.COMMUNITY and getattr(recipient, "is_member", False) else ""
