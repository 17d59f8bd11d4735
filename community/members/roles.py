"""What somebody may do in the admin: their groups of permissions, and whether they are an administrator."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from community.members.models import User
from core import audit


class RoleRefused(Exception):
    """Why the roles stay as they are, as a sentence for staff."""


def set_roles(user: User, *, by: User, groups: Iterable[Group], administrator: bool) -> None:
    """Give `user` exactly these roles. Only administrators do, or somebody could make themselves one."""
    if not (by.is_active and by.is_superuser):
        raise RoleRefused(_("Only administrators decide who may do what."))
    if user.pk == by.pk and not administrator:
        raise RoleRefused(_("Another administrator has to take this role from you."))
    with transaction.atomic():
        row = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if row.standing == User.Standing.REMOVED:
            raise RoleRefused(_("Moderators removed this member, so nothing is changed until they are let in again."))
        row.groups.set(groups)
        row.is_superuser = administrator
        row.is_staff = administrator or User.objects.get(pk=row.pk).has_perm("wagtailadmin.access_admin")
        row.save(update_fields=["is_superuser", "is_staff"])
        log(row, "members.roles", user=by)
        audit.write("members.roles", by=by, person=row)
    user.is_superuser, user.is_staff = row.is_superuser, row.is_staff
