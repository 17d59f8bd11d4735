"""The rows of groups: who is in them, how people come in, what they sign and keep, and who broke the glass."""

from community.groups.models.access import EmergencyAccess
from community.groups.models.agreement import Addition, Agreement, Signature
from community.groups.models.file import GroupFile
from community.groups.models.group import Group, Membership
from community.groups.models.joining import Acceptance, Invitation, JoinRequest

__all__ = [
    "Acceptance",
    "Addition",
    "Agreement",
    "EmergencyAccess",
    "Group",
    "GroupFile",
    "Invitation",
    "JoinRequest",
    "Membership",
    "Signature",
]
