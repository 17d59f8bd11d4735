"""The files that come with posts: they are put to a draft, go over to the post with its words, and leave with it.

Their bytes are read through one view that asks `Attachment.objects.visible_to` each time. A row that goes takes its
bytes along, whichever room deletes it and by whatever cascade.
"""

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from PIL import Image

from community.discussions import drafts, pacing
from community.discussions.models import Attachment, Draft, Post
from community.discussions.models.writing import LONGEST_ALT
from community.discussions.permissions import may_edit
from community.discussions.places import Place
from community.discussions.refusals import DiscussionRefused
from community.groups import emergency
from core import lines, markdown
from core.audience import Audience
from core.documents import ending_of, size_words
from core.files import Served, download_name
from core.uploads import PICTURE_ENDINGS, Upload

FOLDER = "discussions/"
MOST_FILES = 5  # a post
MOST_BYTES = 50 * 1024 * 1024  # a post
MOST_WAITING = 20  # of one person, in all of their drafts

HAS_FILES = Exists(Attachment.objects.filter(post=OuterRef("pk")))  # for posts of a page: most have none


def attach(place: Place, *, by, upload: Upload, name: str, alt: str = "") -> Attachment:
    """Keep a file that `core.uploads.clean_upload` let through, for what `by` is writing at this place.

    `name` is what readers see; it ends in what the file is, whatever it said. Raises DiscussionRefused where `by` may
    not write there any more, and where there are too many files; TooOften after many of them.
    """
    width, height = _sides(upload)
    pacing.count("uploads", by)
    stored = default_storage.save(f"{FOLDER}{upload.content.name}", upload.content)
    try:
        with transaction.atomic():
            if not place.may_write(by):
                raise DiscussionRefused(_("You can't write here any more."))
            draft = drafts.begin(place, by=by)
            _must_fit([*Attachment.objects.filter(draft=draft).values_list("size", flat=True), upload.size])
            if Attachment.objects.filter(draft__user=by).count() >= MOST_WAITING:
                raise DiscussionRefused(
                    _("You have %(count)s files in drafts that are not posted. Post or discard one of those first.")
                    % {"count": MOST_WAITING}
                )
            kept = Attachment.objects.create(
                draft=draft,
                name=_named(name, upload),
                file=stored,
                content_type=upload.content_type,
                size=upload.size,
                alt=check_alt(alt),
                width=width,
                height=height,
                added_by=by,
            )
    except BaseException:
        default_storage.delete(stored)
        raise
    return kept


def describe(attachment: Attachment, alt: str, *, by) -> None:
    """Say what a picture shows. Raises DiscussionRefused where it is not `by`'s to change, and for too many words."""
    alt = check_alt(alt)
    with transaction.atomic():
        found = Attachment.objects.select_for_update(of=("self",), no_key=True).filter(pk=attachment.pk)
        kept = found.select_related("draft", "post__topic__forum__group").first()
        if kept is None or not _may_change(by, kept):
            raise DiscussionRefused(_("This file can't be changed any more."))
        Attachment.objects.filter(pk=kept.pk).update(alt=alt)


def rename(attachment: Attachment, name: str, *, by) -> None:
    """Call a file something else; it keeps its ending. Raises DiscussionRefused where it is not `by`'s to change."""
    name = download_name(name, PurePosixPath(attachment.name).suffix)
    with transaction.atomic():
        found = Attachment.objects.select_for_update(of=("self",), no_key=True).filter(pk=attachment.pk)
        kept = found.select_related("draft", "post__topic__forum__group").first()
        if kept is None or not _may_change(by, kept):
            raise DiscussionRefused(_("This file can't be changed any more."))
        Attachment.objects.filter(pk=kept.pk).update(name=name)
    attachment.name = name


def remove(attachment: Attachment, *, by) -> None:
    """Take a file out of what is being written, or out of one's own post; a second time changes nothing.

    Raises DiscussionRefused where it is not `by`'s to change.
    """
    with transaction.atomic():
        found = Attachment.objects.select_for_update(of=("self",)).filter(pk=attachment.pk)
        kept = found.select_related("draft", "post__topic__forum__group").first()
        if kept is None:
            return
        if not _may_change(by, kept):
            raise DiscussionRefused(_("This file can't be changed any more."))
        kept.delete()


def settle(post: Post, place: Place, *, by, without: Collection[int] = ()) -> None:
    """What `by` wrote at this place is posted: the files of the draft are the post's now, and the draft goes. Of the
    post's own files those `without` go.

    Called in the transaction that posts, with the topic's row locked. Raises DiscussionRefused for too many files.
    """
    if without:
        Attachment.objects.filter(post=post, pk__in=without).delete()
    draft = Draft.objects.select_for_update().filter(user=by, **place.columns).first()
    if draft is None:
        return
    if Attachment.objects.filter(draft=draft).update(draft=None, post=post):
        _must_fit(list(Attachment.objects.filter(post=post).values_list("size", flat=True)))
    draft.delete()


def dress(posts: Sequence[Post]) -> None:
    """Give posts of a page their `pictures` and `files`, in the order in which they were added. One query at most:
    none where the posts were asked for `has_files=HAS_FILES` and say that they have none."""
    with_files = [post.pk for post in posts if getattr(post, "has_files", True)]
    found: dict[int, list[Attachment]] = {}
    rows = Attachment.objects.filter(post__in=with_files).order_by("pk") if with_files else []
    for attachment in rows:
        found.setdefault(attachment.post_id or 0, []).append(attachment)
    for post in posts:
        post.pictures = post.files = ()
        if own := found.get(post.id):
            post.pictures = [each for each in own if each.is_picture]
            post.files = [each for each in own if not each.is_picture]


def check_alt(alt: str) -> str:
    """What a picture shows, on one line. Raises DiscussionRefused for too many words."""
    alt = lines.tidy(markdown.without_controls(alt))
    if len(alt) > LONGEST_ALT:
        raise DiscussionRefused(
            _("Say what the picture shows in at most %(most)s characters; these are %(count)s.")
            % {"most": LONGEST_ALT, "count": len(alt)}
        )
    return alt


def file_for(reader, stored_name: str) -> Served | None:
    """How `reader` gets the file that is stored under this name, if they read the post that it came with."""
    files = Attachment.objects.visible_to(reader).select_related("post__topic__forum__group", "draft")
    file = files.filter(file=stored_name).first()
    return served(file, to=reader) if file else None


def served(file: Attachment, *, to) -> Served:
    """How a file goes out to somebody who may read it; that they read it by an emergency access is noted."""
    forum = file.post.topic.forum if file.post else None
    if forum is not None and forum.audience == Audience.GROUP:
        emergency.reading(forum.group, to)
    return Served(file.name, file.content_type, is_private=True, is_shown=file.is_picture)


def on_delete(sender, instance: Attachment, **kwargs) -> None:
    """A row goes, by itself or with its post, topic, draft or forum: once that is sure, so do its bytes."""
    transaction.on_commit(partial(default_storage.delete, str(instance.file.name)), robust=True)


def _may_change(by, attachment: Attachment) -> bool:
    if attachment.draft is not None:
        return attachment.draft.user_id == by.pk
    return attachment.post is not None and may_edit(by, attachment.post)


def _must_fit(sizes: Sequence[int]) -> None:
    if len(sizes) > MOST_FILES:
        raise DiscussionRefused(
            _("A post carries up to %(most)s files. Leave one out, or put it into another post.") % {"most": MOST_FILES}
        )
    if sum(sizes) > MOST_BYTES:
        raise DiscussionRefused(
            _("The files of a post take up to %(size)s together. Leave one out, or put it into another post.")
            % {"size": size_words(MOST_BYTES)}
        )


def _sides(upload: Upload) -> tuple[int, int] | tuple[None, None]:
    """How wide and high a picture is, so that a page keeps its place; read from its header."""
    if not upload.is_picture:
        return None, None
    with Image.open(upload.content) as picture:
        width, height = picture.size
    upload.content.seek(0)
    return width, height


def _named(name: str, upload: Upload) -> str:
    """What the file is called: as it was, with the ending of what it is. A picture that came as JPEG is one no more."""
    was_picture = upload.is_picture and ending_of(name) in PICTURE_ENDINGS
    return download_name(PurePosixPath(name).stem if was_picture else name, f".{upload.ending}")
