"""The files of a group: putting one there, taking it away, and who gets its bytes."""

from functools import partial
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from community.groups import emergency
from community.groups.membership import locked
from community.groups.models import Group, GroupFile
from community.groups.models.file import HIDDEN, RESTORED
from community.groups.permissions import is_inside
from community.groups.refusals import GroupRefused
from community.members.models import User
from community.safety import limits
from community.safety.hiding import Hiding
from core import audit
from core.documents import ending_of, size_words
from core.files import Served, download_name
from core.uploads import PICTURE_ENDINGS, Upload

FOLDER = "groups/"
MOST_FILES = 200
MOST_BYTES = 500 * 1024 * 1024
NEWEST = 5
SHOWN_IN_A_LINE = (
    "name",
    "file",
    "content_type",
    "size",
    "added_at",
    "hidden_at",
    "added_by__display_name",
    "added_by__email",
)

# Nobody gets a hidden file any more but whoever added it and those who lead the group. Moderators act on it from
# outside of the group, and do nothing else there.
_files = Hiding(
    GroupFile,
    HIDDEN,
    RESTORED,
    about=lambda file: (file.group, file.added_by),
    is_inside=lambda by, file: is_inside(by, file.group),
)
hide, put_back = _files.hide, _files.put_back


def add_file(group: Group, *, by: User, upload: Upload, name: str) -> GroupFile:
    """Keep a file that `core.uploads.clean_upload` let through, for those in the group to read.

    `name` is what they see; it ends in what the file is, whatever it said. Raises GroupRefused where `by` is not
    inside, where the group is archived or has no room left, and after many files within an hour.
    """
    try:
        limits.tally("uploads", by=by)
    except limits.LimitReached as refusal:
        raise GroupRefused(f"{refusal}") from refusal
    stored = default_storage.save(f"{FOLDER}{upload.content.name}", upload.content)
    try:
        with transaction.atomic():
            group = locked(group, by)
            _must_have_room(group, by, upload.size)
            file = GroupFile.objects.create(
                group=group,
                name=_named(name, upload),
                file=stored,
                content_type=upload.content_type,
                size=upload.size,
                added_by=by,
            )
            audit.write("group.file.added", by=by, on=group)
    except BaseException:
        default_storage.delete(stored)
        raise
    return file


def remove_file(file: GroupFile, *, by: User) -> None:
    """Take a file away for everybody, its bytes too; a second time changes nothing.

    Raises GroupRefused unless `by` added it or leads the group, or where the group is archived.
    """
    with transaction.atomic():
        group = locked(file.group, by)
        kept = GroupFile.objects.filter(pk=file.pk, group=group).select_related("added_by").first()
        if kept is None:
            return
        if group.archived_at:
            raise GroupRefused(_("This group is archived. Its files stay as they are."))
        if not GroupFile.objects.removable_by(by).filter(pk=kept.pk).exists():
            raise GroupRefused(_("A file is removed by whoever added it, or by a facilitator of the group."))
        stored = str(kept.file.name)
        kept.delete()
        audit.write("group.file.removed", by=by, on=group, person=kept.added_by)
        transaction.on_commit(partial(default_storage.delete, stored), robust=True)


def newest(group: Group, reader) -> QuerySet[GroupFile]:
    """The last few files of a group, for its home: none for whoever does not read inside."""
    files = GroupFile.objects.visible_to(reader).filter(group=group)
    files = files.select_related("group", "added_by").only(*SHOWN_IN_A_LINE, "group__slug").with_reasons()
    return files[:NEWEST]


def file_for(reader, stored_name: str) -> Served | None:
    """How `reader` gets the file that is stored under this name, if they read inside of its group."""
    file = GroupFile.objects.visible_to(reader).filter(file=stored_name).select_related("group").first()
    return served(file, to=reader) if file else None


def served(file: GroupFile, *, to: User) -> Served:
    """How a file goes out to somebody who may read it; that they read it by an emergency access is noted."""
    emergency.reading(file.group, to)
    return Served(file.name, file.content_type, is_private=True, is_shown=file.is_picture)


def may_add(user, group: Group) -> bool:
    """Whether `user` may put files there: those inside, as long as the group is not archived."""
    return group.archived_at is None and is_inside(user, group)


def _named(name: str, upload: Upload) -> str:
    """What the file is called: as it was, with the ending of what it is. A picture that came as JPEG is one no more."""
    was_picture = upload.is_picture and ending_of(name) in PICTURE_ENDINGS
    return download_name(PurePosixPath(name).stem if was_picture else name, f".{upload.ending}")


def _must_have_room(group: Group, by: User, size: int) -> None:
    if not is_inside(by, group):
        raise GroupRefused(_("Only those who are in a group add files to it."))
    if group.archived_at:
        raise GroupRefused(_("This group is archived. Its files stay as they are."))
    kept = group.files.aggregate(count=Count("pk"), size=Sum("size", default=0))
    if kept["count"] >= MOST_FILES:
        message = _("This group has %(count)s files, and that is all it can keep. Remove one that nobody needs first.")
        raise GroupRefused(message % {"count": MOST_FILES})
    if kept["size"] + size > MOST_BYTES:
        message = _("This group's files would take up more than %(size)s. Remove one that nobody needs first.")
        raise GroupRefused(message % {"size": size_words(MOST_BYTES)})
