"""Posts that somebody keeps for later. Nobody else knows, and what they may not see any more is not in the list."""

from dataclasses import dataclass

from community.discussions.models import Post, SavedPost
from core.paging import cursor, read_cursor

A_PAGE = 20


@dataclass
class Page:
    """Some saved posts, the last saved first; `older` is the cursor of the next page."""

    saved: list[SavedPost]
    older: str = ""


def save(post: Post, *, by) -> None:
    """Keep a post. Twice is once."""
    SavedPost.objects.bulk_create([SavedPost(post=post, user=by)], ignore_conflicts=True)


def let_go(post: Post, *, by) -> None:
    """Keep it no longer."""
    SavedPost.objects.filter(post=post, user=by).delete()


def page(user, *, before: str = "") -> Page:
    """One page of what `user` saved and may still see. ValueError for a bad cursor."""
    rows = SavedPost.objects.filter(user=user, post__in=Post.objects.shared_with(user))
    if before:
        moment, pk = read_cursor(before)
        rows = rows.filter(saved_at__lte=moment).exclude(saved_at=moment, pk__gte=pk)
    rows = rows.select_related("post__topic__forum", "post__poster").defer("post__content", "post__search")
    found = list(rows.order_by("-saved_at", "-pk")[: A_PAGE + 1])
    more, found = len(found) > A_PAGE, found[:A_PAGE]
    return Page(found, cursor(found[-1].saved_at, found[-1].pk) if more else "")
