"""What a report of a post discloses: the post, and what its reporter ticks of the thread around it.

Who reads by an emergency access reports nothing: what they read is not passed on to others.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from html import escape

from django.db.models import Exists, OuterRef
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.discussions import attachments, first_posts, moderation, undoing
from community.discussions.models import Attachment, Forum, Post
from community.safety import kinds
from community.safety.kinds import Beside
from core.addresses import address
from core.audience import Audience

HIDDEN, RESTORED = "discussions.post.hidden", "discussions.post.restored"
BEFORE, AFTER = 5, 2  # how many posts around a reported one can be shown with it
FIRST_WORDS = 12
_MARKUP = re.compile(r"[*_`~#]+")


def may_see(user, post_id: int) -> bool:
    return Post.objects.shared_with(user).filter(pk=post_id).exists()


def beside(user, post_id: int) -> list[Beside]:
    """What the reporter of a post may show too, in the order of the thread: its subject, the post that it answers,
    and the posts just before and after it. All of it is read by `user`."""
    post = Post.objects.shared_with(user).select_related("topic").filter(pk=post_id).first()
    if post is None:
        return []
    around = post.topic.posts.filter(approved=True).exclude(pk=post.pk).select_related("poster").defer("search")
    before = list(around.filter(position__lt=post.position).order_by("-position")[:BEFORE])
    after = list(around.filter(position__gt=post.position).order_by("position")[:AFTER])
    answered = [] if post.quoted_id in {each.pk for each in before} else list(around.filter(pk=post.quoted_id))
    posts = sorted([*answered, *before, *after], key=lambda each: each.position)
    return [_subject(post), *(_beside(each, post) for each in posts)]


def disclose(things: Mapping[int, Collection[str]], moderator) -> dict[int, kinds.Disclosed]:
    """Reported posts, for a moderator, each with what is named beside it in the same thread. One query, and one more
    where files came with them.

    Of a group they learn no more than that it is one; where they read the forum anyway, they are shown the way.
    """
    ticked = {int(key.removeprefix("post-")) for keys in things.values() for key in keys if key.startswith("post-")}
    reads = Forum.objects.visible_to(moderator).exclude(audience=Audience.GROUP).filter(pk=OuterRef("topic__forum"))
    posts = Post.objects.filter(pk__in=things.keys() | ticked)
    posts = posts.annotate(is_read=Exists(reads), has_files=attachments.HAS_FILES)
    known = posts.select_related("topic__forum", "poster").defer("search").order_by("position")
    by_id = {post.pk: post for post in known}
    attachments.dress(list(by_id.values()))
    return {pk: _disclosed(by_id[pk], keys, by_id.values()) for pk, keys in things.items() if pk in by_id}


def insiders(post_ids: Collection[int], user_ids: Collection[int]) -> set[tuple[int, int]]:
    """Which of these posts stand in a group that which of these people belong to."""
    members = "topic__forum__group__memberships"
    posts = Post.objects.filter(
        **{"pk__in": post_ids, "topic__forum__audience": Audience.GROUP},
        **{f"{members}__user__in": user_ids, f"{members}__left_at": None},
    )
    return set(posts.order_by().values_list("pk", f"{members}__user"))


def hide(post_id: int, by) -> None:
    post = Post.objects.filter(pk=post_id).first()
    if post is not None:
        moderation.hide_post(post, by=by)


def may_see_file(user, attachment_id: int) -> bool:
    """A file of a post that `user` may report."""
    posts = Post.objects.shared_with(user).values("pk")
    return Attachment.objects.filter(pk=attachment_id, post__in=posts).exists()


def disclose_files(things: Mapping[int, Collection[str]], moderator) -> dict[int, kinds.Disclosed]:
    """Files of posts: their name and what they are said to show, and whose post it is. The bytes are read where the
    moderator reads the forum anyway."""
    files = Attachment.objects.filter(pk__in=things, post__isnull=False).order_by().select_related("post")
    posts = disclose({file.post.pk: () for file in files if file.post}, moderator)
    return {
        file.pk: replace(
            posts[file.post.pk],
            html=format_html("<p>{}: {}</p><p>{}</p>", _("A file"), file.name, file.alt),
            url=address("discussions:attachment", file.pk) if posts[file.post.pk].url else "",
            part_of=("post", file.post.pk),
        )
        for file in files
        if file.post
    }


def file_insiders(attachment_ids: Collection[int], user_ids: Collection[int]) -> set[tuple[int, int]]:
    files = list(Attachment.objects.filter(pk__in=attachment_ids, post__isnull=False).values_list("pk", "post"))
    inside = insiders({post for _pk, post in files}, user_ids)
    return {(pk, person) for pk, post in files for other, person in inside if other == post}


def hide_with_post(attachment_id: int, by) -> None:
    """A file goes with the post that it belongs to."""
    post = Post.objects.filter(attachments=attachment_id).first()
    if post is not None:
        moderation.hide_post(post, by=by)


def put_back_with_post(attachment_id: int, by) -> None:
    post = Post.objects.filter(attachments=attachment_id).first()
    if post is None:
        raise kinds.Refused(_("It is not there any more."))
    undoing.put_back(post.pk, by)


def register() -> None:
    kinds.register(
        kinds.Kind(
            "attachment",
            may_see=may_see_file,
            disclose=disclose_files,
            hide=hide_with_post,
            restore=put_back_with_post,
            insiders=file_insiders,
            hidden_as=HIDDEN,
            restored_as=RESTORED,
            label=gettext_lazy("a file"),
        )
    )
    kinds.register(
        kinds.Kind(
            "post",
            may_see=may_see,
            disclose=disclose,
            hide=hide,
            restore=undoing.put_back,
            beside=beside,
            insiders=insiders,
            hidden_as=HIDDEN,
            restored_as=RESTORED,
            url=lambda post_id: address("discussions:post", post_id),
            label=gettext_lazy("a post"),
            waiting=kinds.Waiting(
                rows=first_posts.waiting_for,
                since=first_posts.since,
                approve=first_posts.approve,
                decline=first_posts.decline,
            ),
        )
    )


def _disclosed(post: Post, keys: Collection[str], known: Iterable[Post]) -> kinds.Disclosed:
    forum = post.topic.forum
    in_group = forum.audience == Audience.GROUP
    around = [each for each in known if each.topic_id == post.topic_id and each.pk != post.pk]
    shown = [_subject(post), *(_beside(each, post) for each in around)]
    place = f"{forum.name}: {post.topic.subject}" if post.is_read else forum.name
    return kinds.Disclosed(
        author_id=post.poster_id,
        author=_name(post),
        html=post.content_html + _files(post),
        place=_("a group") if in_group else place,
        is_hidden=not post.approved,
        url=post.topic.get_absolute_url() if post.is_read and post.topic.approved else "",
        in_group=in_group,
        circle_id=forum.group_id if in_group else None,
        beside=tuple(each for each in shown if each.key in keys),
    )


def _files(post) -> str:
    """The files that came with a post, by name; a way to them where the moderator reads the forum anyway."""
    files = [*post.pictures, *post.files]
    if not files:
        return ""
    line = '<a href="{}">{}</a>' if post.is_read else "{1}"
    names = format_html_join(", ", line, ((file.get_absolute_url(), file.name) for file in files))
    return format_html("<p>{} {}</p>", _("With it came:"), names)


def _subject(post: Post) -> Beside:
    subject = post.topic.subject
    return Beside("subject", post.topic_id, _("the subject of the thread"), subject, f"<p>{escape(subject)}</p>")


def _beside(other: Post, post: Post) -> Beside:
    if other.pk == post.quoted_id:
        where = _("what it answers")
    else:
        where = _("before it") if (other.position or 0) < (post.position or 0) else _("after it")
    return Beside(
        "post", other.pk, where, _first_words(other.content), other.content_html, other.poster_id, _name(other)
    )


def _first_words(body: str) -> str:
    """The author's own, without markup: what they quote is somebody else's."""
    own = " ".join(line for line in body.splitlines() if not line.lstrip().startswith(">"))
    return Truncator(" ".join(_MARKUP.sub("", own).split())[:200]).words(FIRST_WORDS)


def _name(post: Post) -> str:
    return post.poster.display_name if post.poster else _("A former member")
