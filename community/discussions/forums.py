"""Making and changing forums. A forum's audience widens only while nothing is written in it."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from community.discussions.models import Forum
from community.discussions.refusals import DiscussionRefused
from community.groups.models import Group
from core.audience import NOT_A_GROUP, Audience, is_wider

GROUP_PREFIX = "g-"  # the addresses of groups' forums: a taken address tells staff nothing about a hidden group
RESERVED = {  # first parts of other addresses below /discussions/
    "all",
    "drafts",
    "feed",
    "file",
    "group",
    "mentions",
    "poll",
    "post",
    "preview",
    "removed",
    "saved",
    "search",
    "tag",
    "unfollow",
    "unread",
    "watch",
}
TREE_LOCK = 7_265_012  # advisory: two new roots of the tree would get the same place in it


def create_forum(
    name: str,
    *,
    description: str = "",
    category: str = "",
    audience: str = Audience.MEMBERS,
    slug: str = "",
    group: Group | None = None,
    retention_days: int | None = None,
    opened: bool = True,
) -> Forum:
    """A forum for the world, members or practitioners; `group` names the chapter that it belongs to, if any. One that
    is not `opened` is read by nobody.

    `category` is the heading that it stands under, made where there is none of this name. Raises DiscussionRefused
    where `slug` is taken or reserved; without one it is made from the name. What only a group reads is made by
    `forum_for_group`.
    """
    if audience not in dict(NOT_A_GROUP):
        raise DiscussionRefused(_("Choose who can read this forum: everybody, members or practitioners."))
    forum = Forum(type=Forum.FORUM_POST, name=name, description=description, audience=audience, group=group)
    forum.retention_days, forum.opened = retention_days, opened
    with transaction.atomic():
        _lock_tree()
        check_slug(slug)
        forum.slug = slug or _free_slug(name)
        forum.parent = _category(category)
        forum.save()
    return forum


def check_slug(slug: str) -> None:
    """Raise DiscussionRefused unless a forum may have this address; an empty one is made from the name."""
    try:
        Forum._meta.get_field("slug").run_validators(slug)
    except ValidationError:
        raise DiscussionRefused(
            _("An address has letters from a to z, digits and hyphens, at most %(most)s of them: old-list.")
            % {"most": Forum._meta.get_field("slug").max_length}
        ) from None
    if slug.lower() in RESERVED or slug.lower().startswith(GROUP_PREFIX):
        raise DiscussionRefused(_("This address is kept for something else. Please choose another."))
    if slug and Forum.objects.filter(slug=slug).exists():
        raise DiscussionRefused(_("Another forum has this address."))


def forum_for_group(group: Group) -> Forum:
    """The forum that only the members of `group` read, made when it is first needed, and called what they are."""
    forum = Forum.objects.filter(group=group, audience=Audience.GROUP).first()
    if forum is None:
        forum = _insert_for_group(group)
    if forum.name != group.name:
        Forum.objects.filter(pk=forum.pk).update(name=group.name)
        forum.name = group.name
    return forum


def change(
    forum: Forum, *, name: str, description: str, category: str, audience: str, retention_days: int | None
) -> None:
    """Change what a forum is called, under which heading it stands, who reads it and how long it keeps conversations.
    Its address stays.

    Raises DiscussionRefused where more people would read what was written for fewer.
    """
    with transaction.atomic():
        _lock_tree()
        change_audience(forum, audience)
        forum = Forum.objects.get(pk=forum.pk)
        parent = _category(category)
        if forum.parent_id != (parent and parent.pk):
            forum.move_to(parent, "last-child")
        Forum.objects.filter(pk=forum.pk).update(name=name, description=description, retention_days=retention_days)


def change_audience(forum: Forum, audience: str) -> None:
    """Choose anew who can read a forum.

    Raises DiscussionRefused where more people would read what was written for fewer.
    """
    with transaction.atomic():
        # the full lock waits for topics that are being started, and those wait for it
        forum = Forum.objects.select_for_update().get(pk=forum.pk)
        check_audience(forum, audience)
        Forum.objects.filter(pk=forum.pk).update(audience=audience)


def check_audience(forum: Forum, audience: str) -> None:
    """Raise DiscussionRefused where `audience` would let more people read what was written in `forum` for fewer."""
    written_for = Forum.objects.values_list("audience", flat=True).get(pk=forum.pk)
    if audience == written_for:
        return
    if Audience.GROUP in (written_for, audience):
        raise DiscussionRefused(_("What a group reads stays within the group."))
    if is_wider(audience, than=written_for) and forum.topics.exists():
        raise DiscussionRefused(
            _("What is written here was written for fewer people, so it can't be opened to more. Start a new forum.")
        )


def _insert_for_group(group: Group) -> Forum:
    with transaction.atomic():
        _lock_tree()
        forum, _created = Forum.objects.get_or_create(
            group=group,
            audience=Audience.GROUP,
            defaults={"type": Forum.FORUM_POST, "name": group.name, "slug": f"{GROUP_PREFIX}{group.slug}"},
        )
    return forum


def _category(name: str) -> Forum | None:
    """The heading of this name, new if need be; none for an empty name."""
    if not name:
        return None
    category = Forum.objects.categories().filter(name__iexact=name).first()
    if category is None:
        category = Forum(type=Forum.FORUM_CAT, name=name, slug=_free_slug(f"about {name}"), audience=Audience.WORLD)
        category.save()
    return category


def _lock_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def _free_slug(name: str) -> str:
    """An address made from the name, with a number where it is taken."""
    base = slugify(name)[:70].strip("-") or "forum"
    if base in RESERVED or base.startswith(GROUP_PREFIX):
        base = f"forum-{base}"
    taken = set(Forum.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
