"""What a group's facilitators change about it, and its picture."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.groups.membership import locked
from community.groups.models import Group
from community.groups.permissions import may_look_after
from community.groups.refusals import GroupRefused
from community.members.models import User
from core import audit
from core.files import Served

EDITABLE = frozenset(
    ["name", "purpose", "region", "time_zone", "cadence", "agenda", "joining", "size_limit", "tint", "listed"]
)
PICTURES = "group-pictures/"


def edit(group: Group, *, by: User, changes: Mapping[str, Any]) -> Group:
    """Change those fields of a group that its facilitators decide on (`EDITABLE`). Its address and kind stay.

    Raises ValidationError, by field, for what cannot be, and GroupRefused where `by` neither leads the group nor looks
    after it in the admin, or where it is archived.
    """
    with transaction.atomic():
        group = _led(group, by)
        changed = [name for name in sorted(EDITABLE & changes.keys()) if getattr(group, name) != changes[name]]
        for name in changed:
            setattr(group, name, changes[name])
        _must_seat_everybody(group)
        group.full_clean()
        if changed:
            group.save(update_fields=changed)
            audit.write("group.changed", by=by, on=group)
    return group


def set_picture(group: Group, picture: ContentFile | None, *, by: User) -> None:
    """Give a group a picture that `core.uploads.clean_picture` made, or none; the file before it is deleted.

    Raises GroupRefused where `by` does not lead the group, or where it is archived.
    """
    with transaction.atomic():
        row = _led(group, by)
        old = row.picture.name
        if picture is None:
            row.picture = ""
        else:
            row.picture.save(str(picture.name), picture, save=False)
        row.save(update_fields=["picture"])
        audit.write("group.changed", by=by, on=row)
        if old:
            transaction.on_commit(partial(default_storage.delete, old), robust=True)
    group.picture = row.picture.name


def picture_for(viewer, name: str) -> Served | None:
    """Pictures are for those who may know of the group; that of one that is not listed is kept by no browser."""
    group = Group.objects.visible_to(viewer).filter(picture=name).first()
    return Served.picture(name, is_private=not group.listed) if group else None


def _led(group: Group, by: User) -> Group:
    group = locked(group, by)
    if not may_look_after(by, group):
        raise GroupRefused(_("Only its facilitators change a group."))
    if group.archived_at:
        raise GroupRefused(_("This group is archived. Open it again before you change it."))
    return group


def _must_seat_everybody(group: Group) -> None:
    if group.size_limit is None or group.size_limit >= group.members_count:
        return
    sentence = ngettext(
        "One person is in this group, so it cannot have fewer places than that.",
        "%(count)s people are in this group, so it cannot have fewer places than that.",
        group.members_count,
    )
    raise ValidationError({"size_limit": sentence % {"count": group.members_count}})
