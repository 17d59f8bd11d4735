"""What the moderation keeps about a post in words of its own: reports, decisions, appeals and notes. Who writes those
may quote the post, so what is removed from it for good is removed there too."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from community.discussions.models import Attachment, Post
from community.safety.models import Appeal, Decision, Disclosure, Note, Report, Sanction
from community.safety.sanctions import PERSON


def hold(post: Post) -> None:
    """Lock what may be decided about it at this moment. Before its topic, as whoever decides does (`reports.close`,
    `appeals.close`)."""
    about, _author = _about(post)
    for rows in (Report.objects.filter(about | _near(post)), Appeal.objects.filter(decision__in=_decisions(about))):
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def clean(post: Post, without: Callable[[str], str], *, of_author: bool) -> None:
    """Write all of it anew by `without`, within the transaction that removes the words.

    With `of_author` also what is said about the post's author: it is for moderators alone, since whoever removes words
    from their own post is not to choose what others noted about them.
    """
    about, author = _about(post)
    if of_author and author is not None:
        about |= Q(kind=PERSON, target_id=author)
        _rewrite(Sanction.objects.filter(person=author), ["words"], without)
    _rewrite(Report.objects.filter(about | _near(post)), ["words", "answer"], without)
    _rewrite(_decisions(about), ["words"], without)
    _rewrite(Appeal.objects.filter(decision__in=_decisions(about)), ["words", "answer"], without)
    _rewrite(Note.objects.filter(about), ["words"], without)


def _about(post: Post) -> tuple[Q, int | None]:
    """What names the post or one of its files; and who wrote it."""
    files = list(Attachment.objects.filter(post=post).values_list("pk", flat=True))
    return Q(kind="post", target_id=post.pk) | Q(kind="attachment", target_id__in=files), post.poster_id


def _near(post: Post) -> Q:
    """Reports of other things beside which it is shown, or was: what a closed one showed is not kept, so all of those
    about the same conversation."""
    shown = Disclosure.objects.filter(kind="post", target_id=post.pk).values("report")
    posts = Post.objects.filter(topic=post.topic_id).order_by().values("pk")
    files = Attachment.objects.filter(post__in=posts).order_by().values("pk")
    return Q(pk__in=shown) | Q(kind="post", target_id__in=posts) | Q(kind="attachment", target_id__in=files)


def _decisions(about: Q) -> QuerySet[Decision]:
    return Decision.objects.filter(about)


def _rewrite(rows: QuerySet, columns: list[str], without: Callable[[str], str]) -> None:
    for row in list(rows.order_by("pk").values("pk", *columns)):
        changed = {name: without(row[name]) for name in columns if without(row[name]) != row[name]}
        if changed:
            rows.model.objects.filter(pk=row["pk"]).update(**changed)
