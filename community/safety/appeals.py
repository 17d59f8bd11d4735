"""Appeals: whom a decision touches asks once, with a word, that another person looks at it.

In a group another one who leads it judges; where nobody else does, and outside of groups, a moderator. Moderators from
outside of the group see what the appeal shows: the text, the reason that was given, and the author's word. Recused are
who decided, who appeals, moderators who belong to the group, and those who made the report that it came of or whom
that names, in a group as well.
"""

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from community.members.models import User
from community.notices import bell
from community.safety import decisions, kinds
from community.safety.models import Appeal, Decision, Report
from community.safety.permissions import may_moderate, moderators
from core import audit


class AppealRefused(Exception):
    """Why not, in a sentence for the person who asked."""


def appeal(made: Decision, *, by: User, words: str) -> Appeal:
    """Ask that another person looks at a decision. Raises AppealRefused a second time, and for everybody else."""
    if made.person_id != by.pk or not by.is_active:
        raise AppealRefused(_("That is not there any more."))
    words = words.strip()
    if not words:
        raise AppealRefused(_("Write a word or two about what should be looked at again."))
    try:
        with transaction.atomic():
            if not decisions.is_appealable(Decision.objects.select_related("appeal").get(pk=made.pk)):
                raise AppealRefused(_("This can't be looked at again, or it was already."))
            is_led = bool(_other_leaders(made))
            asked = Appeal.objects.create(decision=made, words=words, by_moderators=not is_led)
            decisions.tell("appeal", asked.pk, judges(asked))
    except IntegrityError as error:
        raise AppealRefused(_("This can't be looked at again, or it was already.")) from error
    return asked


def judges(asked: Appeal) -> list[User]:
    """Who may decide it."""
    made = asked.decision
    if not asked.by_moderators:
        return _other_leaders(made)
    people = moderators().exclude(pk__in=_with_a_part_in(made))
    return [person for person in people if not _belongs(person, made.circle_id) and not _partakes(person, made)]


def may_judge(user, asked: Appeal) -> bool:
    made = asked.decision
    if user.pk in (made.by_id, made.person_id) or not getattr(user, "is_member", False):
        return False
    if not asked.by_moderators:
        return any(user.pk == leader.pk for leader in _other_leaders(made))
    if not may_moderate(user) or user.pk in _with_a_part_in(made):
        return False
    return not _belongs(user, made.circle_id) and not _partakes(user, made)


def waiting(user) -> QuerySet[Appeal]:
    """Those that wait for the moderator `user`, the oldest first. That they moderate is asked by the caller."""
    rows = _without_part_of(user, Appeal.objects.filter(closed_at=None, by_moderators=True))
    return rows.select_related("decision__person").order_by("made_at", "pk")


def decided(user) -> QuerySet[Appeal]:
    """Those that were decided, without those that `user` has a part in."""
    return _without_part_of(user, Appeal.objects.exclude(closed_at=None))


def _without_part_of(user, rows: QuerySet[Appeal]) -> QuerySet[Appeal]:
    rows = rows.exclude(decision__person=user.pk).exclude(Q(decision__by=user.pk, decision__by__isnull=False))
    rows = rows.exclude(decision__report__named=user.pk)
    rows = rows.exclude(Q(decision__report__reporter=user.pk, decision__report__isnull=False))
    for circles in kinds.circles_of(user):
        rows = rows.exclude(Q(decision__circle_id__in=circles) & Q(decision__circle_id__isnull=False))
    for kind, ids in kinds.partaken_by(user):
        rows = rows.exclude(decision__kind=kind, decision__target_id__in=ids)
    return rows


def close(asked: Appeal, *, by: User, outcome: str, words: str) -> None:
    """Decide an appeal: leave the decision as it is, or lift it, which undoes it. Its author is told, and also where
    that can't be done any more. Raises AppealRefused for people who may not judge it, and once it is decided.
    """
    words = words.strip()
    if not words:
        raise AppealRefused(_("Write a sentence that tells them why."))
    with transaction.atomic():
        asked = Appeal.objects.select_for_update(of=("self",)).select_related("decision__person").get(pk=asked.pk)
        if not may_judge(by, asked):
            raise AppealRefused(_("This one is for another person."))
        if asked.closed_at is not None:
            raise AppealRefused(_("Somebody else has decided this one."))
        if outcome == Appeal.Outcome.LIFTED:
            try:
                with transaction.atomic():  # a savepoint
                    decisions.undo(asked.decision, by=by)
            except kinds.Refused as refusal:
                words = f"{words} {refusal}"
        asked.outcome, asked.answer, asked.closed_at, asked.closed_by = outcome, words, timezone.now(), by
        asked.save(update_fields=["outcome", "answer", "closed_at", "closed_by"])
        audit.write(f"safety.appeal.{outcome}", by=by, on=asked, person=asked.decision.person)
        bell.forget("appeal", asked.pk)
        decisions.tell("appeal_answered", asked.pk, [asked.decision.person])


def pass_on() -> int:
    """Have moderators judge what nobody who leads the group can judge any more; returns how many."""
    count = 0
    for asked in Appeal.objects.filter(closed_at=None, by_moderators=False).select_related("decision"):
        if not _other_leaders(asked.decision):
            with transaction.atomic():
                Appeal.objects.filter(pk=asked.pk).update(by_moderators=True)
                asked.by_moderators = True
                decisions.tell("appeal", asked.pk, judges(asked))
            count += 1
    return count


def _other_leaders(made: Decision) -> list[User]:
    if made.circle_id is None:
        return []
    left_out = _with_a_part_in(made)
    return [person for person in kinds.leaders(made.circle_id) if person.pk not in left_out]


def _with_a_part_in(made: Decision) -> set[int]:
    """Who decided, whom it touches, who made the report that it came of, and whom that names."""
    found = {made.person_id} | ({made.by_id} if made.by_id else set())
    if made.report_id is not None:
        reporter = Report.objects.filter(pk=made.report_id).order_by().values_list("reporter", flat=True)
        named = Report.named.through.objects.filter(report=made.report_id).values_list("user", flat=True)
        found.update(reporter.union(named))
    return found


def _partakes(user: User, made: Decision) -> bool:
    return any(kind == made.kind and made.target_id in set(ids) for kind, ids in kinds.partaken_by(user))


def _belongs(user: User, circle_id: int | None) -> bool:
    return circle_id is not None and any(circle_id in set(circles) for circles in kinds.circles_of(user))
