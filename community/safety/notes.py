"""Notes between moderators, on a thing or a person. Members never read them; on a person, staff hand them out where
the law has somebody ask for all that is kept about them."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from community.members.models import User
from community.safety.models import Note, Report
from community.safety.permissions import may_moderate
from core import markdown

LONGEST = 1000
Thing = tuple[str, int]


class NoteRefused(Exception):
    """Why not, in a sentence for the person who asked."""


def write(kind: str, target_id: int, *, by: User, words: str) -> Note:
    """Leave a note for the other moderators. Raises NoteRefused for those who don't moderate, and without words."""
    words = markdown.without_controls(words).strip()
    if not may_moderate(by) or (kind == "member" and target_id == by.pk):
        raise NoteRefused(_("This is for another moderator."))
    if not words or len(words) > LONGEST:
        raise NoteRefused(_("A note has a word at least, and 1,000 characters at most."))
    return Note.objects.create(kind=kind, target_id=target_id, by=by, words=words)


def about(things: Iterable[Thing], *, reader: User) -> dict[Thing, list[Note]]:
    """The notes on these things, the oldest first, for a moderator; none on themselves, nor on a thing of
    which a report names them. One query."""
    asked = defaultdict(set)
    for kind, target_id in things:
        if (kind, target_id) != ("member", reader.pk):
            asked[kind].add(target_id)
    found: dict[Thing, list[Note]] = defaultdict(list)
    if not asked or not may_moderate(reader):
        return found
    wanted = Q()
    for kind, ids in asked.items():
        wanted |= Q(kind=kind, target_id__in=ids)
    named = Report.objects.filter(kind=OuterRef("kind"), target_id=OuterRef("target_id"), named=reader.pk)
    for note in Note.objects.filter(wanted).exclude(Exists(named)).select_related("by"):
        found[note.kind, note.target_id].append(note)
    return found
