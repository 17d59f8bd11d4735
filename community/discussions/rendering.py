"""The HTML of posts, which is stored with the version of the renderer that made it, made anew after that has changed.

Nothing else stores HTML of it: earlier versions of posts, drafts, agreements, policies and events keep their text.
"""

from collections.abc import Iterator

from community.discussions import mentions
from community.discussions.models import Post
from core import markdown

AT_ONCE = 200


def render_all_again() -> Iterator[int]:
    """Render all posts anew that another version made, by their numbers; yields how many after each few.

    Nobody waits for it: a post that somebody changes meanwhile has the new HTML by that, and is left alone here.
    """
    last = 0
    old = Post.objects.exclude(renderer=markdown.VERSION).order_by("pk")
    while posts := list(old.filter(pk__gt=last).only("content", "renderer")[:AT_ONCE]):
        yield sum(_render_again(post) for post in posts)
        last = posts[-1].pk


def _render_again(post: Post) -> int:
    """Whether it is still what was read: with the words and the renderer that it had then."""
    html = mentions.render_again(post)
    same = Post.objects.filter(pk=post.pk, renderer=post.renderer, content=post.content)
    return same.update(content_html=html, renderer=markdown.VERSION)
