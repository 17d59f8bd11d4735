"""What a reader may do with the posts of a page, beyond what everybody does: lines of the menu "More"."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from community.discussions.models import Post, Topic
from community.discussions.permissions import hidden_over


@dataclass(frozen=True)
class Line:
    """One line: the end of an address below the post's, an icon, and what happens."""

    path: str
    icon: str
    words: str


def dress(posts: Sequence[Post], topic: Topic, user, *, takes_part: bool) -> None:
    """Give posts their `ways`. Asks for `with_moves_by` on the topic. What the pages behind them let through is said by
    `community.discussions.permissions`; this is the same, without a query a post."""
    reader = user.pk
    for post in posts:
        post.ways = ()
    looks_after = takes_part and topic.is_looked_after
    theirs = posts if looks_after else [post for post in posts if takes_part and post.poster_id == reader]
    if not theirs:
        return
    group = topic.forum.group if topic.forum.audience == "group" else None
    in_use = group is None or group.archived_at is None
    lines = {
        "remove": Line("remove/", "trash-2", _("Remove")),
        "amend": Line("amend/", "pencil", _("Edit as a moderator")),
        "split": Line("split/", "split", _("Split off from here")),
        "hide": Line("hide/", "eye-off", _("Hide")),
        "restore": Line("restore/", "undo-2", _("Put it back")),
        "history": Line("history/", "history", _("Earlier versions")),
        "purge": Line("details/", "eraser", _("Remove client details")),
    }
    hidden = [post.pk for post in theirs if post.removed == Post.Removed.MODERATOR and looks_after]
    for_others = set(hidden_over(user).filter(pk__in=hidden).values_list("pk", flat=True)) if hidden else set()
    for post in theirs:
        is_own = post.poster_id == reader
        judges = looks_after and not is_own
        says_something = bool(post.content_html)
        by_author = post.removed == Post.Removed.AUTHOR
        allowed = {
            "amend": judges and in_use and not post.removed,
            "split": looks_after and in_use and bool(post.approved) and post.position != 1,
            "remove": is_own and not post.removed,
            "hide": judges and not post.removed,
            "restore": bool(post.removed)
            and says_something
            and (is_own and in_use if by_author else judges and post.pk not in for_others),
            "history": (is_own or looks_after) and post.updates_count > 0,
            "purge": (is_own or looks_after) and says_something,
        }
        post.ways = [line for name, line in lines.items() if allowed[name]]
