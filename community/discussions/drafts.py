"""Drafts: what is being written and not posted yet, kept on the server so that it is there on every device.

One a person and place. Saving names the version that it goes on from; where another device has saved since, it is
refused, and both texts are there to choose from. A draft goes when the post is there, when it is emptied, and 14 days
after it was last saved. Read by its writer alone.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community.discussions import pacing
from community.discussions.models import Draft, Forum, Post, Topic
from community.discussions.places import Place
from community.discussions.refusals import DiscussionRefused
from community.groups.audience import shared_by
from core import markdown
from core.audience import Audience
from core.prepared import Prepared

KEPT_FOR = timedelta(days=14)
LONGEST = 2 * markdown.MAX_LENGTH  # what is too long to post is kept all the same, while it is being shortened
LONGEST_SUBJECT = 255
LONGEST_FIELD = 2_000
MOST_FIELDS = 60
A_PAGE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DraftElsewhere(DiscussionRefused):
    """Another device has changed the draft since; `draft` is what it has now, None where it is posted or discarded."""

    def __init__(self, draft: Draft | None) -> None:
        self.draft = draft
        if draft is None:
            words = _("This draft was posted or discarded in another window. What stands here is not saved.")
        else:
            words = _("You went on writing this in another window. What stands here is not saved.")
        super().__init__(words)


def version(draft: Draft | None) -> str:
    """Names one saved state of a draft; empty for none."""
    return str((draft.saved_at - _EPOCH) // timedelta(microseconds=1)) if draft else ""


def find(place: Place, user) -> Draft | None:
    """The draft of `user` for a place that they write in now. No query for a topic that says it `has_draft=False`."""
    if not getattr(place.thing, "has_draft", True):
        return None
    return _for_places[place.kind].first(user.pk, place.thing.pk)


def save(
    place: Place, *, by, subject: str = "", body: str = "", more: Mapping[str, list[str]] | None = None, based_on: str
) -> Draft | None:
    """Keep what is being written; None where there is nothing (any more).

    `more` has the other fields of the form by name. Whether `by` may write there is asked by `places.find`. Raises
    DraftElsewhere unless `based_on` is the version that is kept, TooOften after many savings, and DiscussionRefused for
    more than anybody posts.
    """
    words = {
        "subject": markdown.without_controls(subject)[:LONGEST_SUBJECT],
        "body": markdown.without_controls(body),
        "more": _kept(more or {}),
    }
    if len(words["body"]) > LONGEST:
        raise DiscussionRefused(_("This is too long to be kept as a draft. Please keep it elsewhere, and shorten it."))
    with transaction.atomic():
        pacing.count("drafts", by)
        draft = _locked(place, by)
        _must_go_on_from(draft, based_on, words)
        if not _says_anything(words) and (draft is None or not draft.attachments.exists()):
            if draft is not None:
                draft.delete()
            return None
        if draft is None:
            draft = begin(place, by=by)
            _must_go_on_from(draft, based_on, words)
        if any(getattr(draft, name) != value for name, value in words.items()):
            for name, value in words.items():
                setattr(draft, name, value)
            draft.saved_at = timezone.now()
            draft.save(update_fields=["saved_at", *words])
    return draft


def begin(place: Place, *, by) -> Draft:
    """The draft for a place with its row locked, empty where nothing is written yet: something for files to hang on.

    Another window may begin it at this moment, and whatever is posted meanwhile takes it along: then a new one.
    """
    draft = None
    while draft is None:
        Draft.objects.bulk_create([Draft(user=by, **place.columns)], ignore_conflicts=True)
        draft = _locked(place, by)
    return draft


def posted(*, by, forum: Forum | None = None, topic: Topic | None = None, post: Post | None = None) -> None:
    """The draft for this place is posted, or not wanted any more: it goes, with its files."""
    Draft.objects.filter(user=by, forum=forum, topic=topic, post=post).delete()


def of(user) -> models.QuerySet[Draft]:
    """The drafts of `user` for places that they still read, newest first."""
    here = Q()
    for way in ("forum", "topic__forum", "post__topic__forum"):
        here |= shared_by(user, f"{way}__") & Q(**{f"{way}__opened": True})
    there = Q(topic=None) | Q(topic__approved=True)
    unchanged = Q(post=None) | Q(post__approved=True, post__topic__approved=True, post__poster=user.pk)
    drafts = Draft.objects.filter(here, there, unchanged, user=user.pk)
    places = ("forum__group", "topic__forum__group", "post__topic__forum__group")
    return drafts.select_related(*places).defer("post__search", "post__content_html").order_by("-saved_at", "-pk")


def may_go_on(place: Place, user) -> bool:
    """Whether what `of` found can be gone on with: without a query, since who reads there is asked already."""
    group = place.forum.group if place.forum.audience == Audience.GROUP else None
    is_closed = place.thread is not None and place.thread.is_locked
    return user.is_member and not is_closed and (group is None or group.archived_at is None)


def forget_old() -> int:
    """Delete what nobody has gone on with for 14 days; how many those were."""
    return Draft.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _locked(place: Place, by) -> Draft | None:
    return Draft.objects.select_for_update().filter(user=by, **place.columns).first()


def _kept(more: Mapping[str, list[str]]) -> dict[str, list[str]]:
    fields = sorted(more.items())[:MOST_FIELDS]
    return {
        name: [markdown.without_controls(value)[:LONGEST_FIELD] for value in values][:MOST_FIELDS]
        for name, values in fields
        if any(values)
    }


def _says_anything(words: Mapping) -> bool:
    return bool(words["subject"].strip() or words["body"].strip() or words["more"])


def _must_go_on_from(draft: Draft | None, based_on: str, words: Mapping) -> None:
    if draft is None:
        if based_on and _says_anything(words):
            raise DraftElsewhere(None)
        return
    kept = {"subject": draft.subject, "body": draft.body, "more": draft.more}
    if version(draft) != based_on and _says_anything(kept) and kept != words:
        raise DraftElsewhere(draft)


def _prepared(column: str) -> Prepared[Draft]:
    return Prepared(lambda user_id, pk: Draft.objects.filter(**{"user": user_id, column: pk})[:1])


_for_places = {kind: _prepared(kind) for kind in ("forum", "topic", "post")}
