"""What groups write into the audit trail, and who reads the names there."""

from django.utils.translation import gettext_lazy as _

from community.groups.models import Agreement, EmergencyAccess, Group
from community.groups.models.file import HIDDEN, RESTORED
from community.groups.permissions import may_break_glass
from community.safety.hiding import INSIDE
from core import audit


def register() -> None:
    audit.register_actions(
        {
            "group.started": _("started a group"),
            "group.changed": _("changed a group"),
            "group.archived": _("archived a group"),
            "group.reopened": _("opened an archived group again"),
            "group.member.joined": _("let somebody into a group"),
            "group.member.left": _("left a group"),
            "group.member.removed": _("removed a member from a group"),
            "group.facilitator.appointed": _("made a member a facilitator"),
            "group.facilitator.stepped_down": _("stepped down as a facilitator"),
            "group.file.added": _("added a file to a group"),
            "group.file.removed": _("removed a file of a group"),
            f"{RESTORED}{INSIDE}": _("put back a file of a group"),
            "group.request.made": _("asked to join a group"),
            "group.request.withdrawn": _("took back a request to join a group"),
            "group.request.declined": _("declined a request to join a group"),
            "group.invitation.made": _("made an invitation to a group"),
            "group.invitation.accepted": _("took up an invitation to a group"),
            "group.invitation.revoked": _("took back an invitation to a group"),
            "group.agreement.changed": _("changed what a group adds to its agreement"),
            "group.agreement.signed": _("signed a group's agreement"),
        }
    )
    audit.register_actions(
        {
            "group.set_up": _("set up a group"),
            "agreement.published": _("published an agreement"),
            "agreement.seen_by_counsel": _("confirmed that counsel has seen an agreement"),
            HIDDEN: _("hid a file of a group"),
            RESTORED: _("put back a file of a group"),
            "group.glass.asked": _("asked for emergency access"),
            "group.glass.granted": _("granted emergency access"),
            "group.glass.declined": _("declined emergency access"),
            "group.glass.withdrawn": _("took back a request for emergency access"),
            "group.glass.ended": _("ended emergency access"),
            "group.glass.read": _("read inside a group by emergency access"),
        },
        by_staff=True,
    )
    audit.register("groups.group", _group_names, insiders=_known_inside, unnamed=_("a group"))
    audit.register("groups.agreement", _agreement_names)
    audit.register("groups.emergencyaccess", _access_names, unnamed=_("a group"))


def _group_names(viewer, ids) -> dict[int, str]:
    return dict(Group.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", "name"))


def _known_inside(viewer, ids):
    """Groups of which the viewer may know the people: those they read inside of, and those they look after."""
    groups = Group.objects.filter(pk__in=ids)
    looked_after = groups.administered_by(viewer).exclude(kind=Group.Kind.CONSULTATION)
    return set(groups.read_by(viewer).values_list("pk", flat=True)) | set(looked_after.values_list("pk", flat=True))


def _agreement_names(viewer, ids) -> dict[int, str]:
    return {agreement.pk: str(agreement) for agreement in Agreement.objects.filter(pk__in=ids)}


def _access_names(viewer, ids) -> dict[int, str]:
    """To which group, by its number, for those who may ask for such an access and grant one."""
    if not may_break_glass(viewer):
        return {}
    accesses = EmergencyAccess.objects.shown_to(viewer).filter(pk__in=ids)
    return {pk: _("group %(group)s") % {"group": group} for pk, group in accesses.order_by().values_list("pk", "group")}
