"""Letters and notices of the moderation. They go at once, whatever somebody chose for other mail, and hold no words of
a report; a reason that was given inside of a group is read on the site alone."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.notices import kinds
from community.notices.kinds import Line
from community.safety import appeals, decisions, reports, sanctions
from community.safety import kinds as reportable
from community.safety.models import Appeal, Decision, Report
from community.safety.permissions import may_moderate

_UNJUDGED = gettext_lazy("A report waits, and no moderator is left who may judge it.")
ABOUT_A_PERSON = "safety.member."


def report_context(recipient, target_id):
    made = Report.objects.filter(pk=target_id, closed_at=None).first()
    if made is None or not reports.may_judge(recipient, made):
        return None
    return {"reason": made.get_reason_display(), "is_urgent": made.reason == Report.Reason.DANGER}


def unjudged_context(recipient, target_id):
    """That a report waits which no moderator may judge, for those who say who moderates."""
    if not _unjudged(recipient, [target_id]):
        return None
    said = [_UNJUDGED, _("Please give another member the role of a moderator. They are told within the hour.")]
    return _word(
        _("A report waits for a moderator"),
        [str(words) for words in said],
        reverse("wagtailusers_users:index"),
        _("People"),
    )


def decision_context(recipient, target_id):
    """What was done to something of the recipient's, and why; who did it is not named."""
    made = decisions.of_person(recipient).filter(pk=target_id).first()
    if made is None:
        return None
    said = [_told(made)]
    if made.circle_id is None and made.words:
        said.append(made.words)
    elif made.circle_id is not None:
        said.append(_("The reason stands on the site: it is your group's, so it is not in this letter."))
    sanction = sanctions.in_force(recipient) if made.action in sanctions.LASTING else None
    if sanction is not None:
        said.append(sanctions.until_words(sanction))
    if decisions.is_appealable(made):
        said.append(_("If you see it differently, you may ask once that another person looks at it."))
    return _word(_title(made), said, made.get_absolute_url(), _("Read it"))


def inside_context(recipient, target_id):
    """That moderators did something in a group, for those who lead it. What and why stands on the site alone."""
    made = _led_decisions(recipient, [target_id]).first()
    if made is None:
        return None
    said = [
        _sentence(made),
        _("Somebody of your group reported it. What it is stands on the site: it is your group's, so it is not here."),
    ]
    return _word(_("Moderators acted on a report from your group"), said, reverse("notices:list"), _("Read it"))


def inside_lines(reader, notices, *, for_mail: bool = False) -> dict[int, Line]:
    """The same as notices, with the reason: on the site alone."""
    found = {row.pk: row for row in _led_decisions(reader, {notice.target_id for notice in notices})}
    return {
        notice.pk: Line(_sentence(row), _inside_url(row), title="" if for_mail else row.words)
        for notice in notices
        if (row := found.get(notice.target_id)) is not None
    }


def appeal_context(recipient, target_id):
    asked = Appeal.objects.filter(pk=target_id, closed_at=None).select_related("decision").first()
    if asked is None or not appeals.may_judge(recipient, asked):
        return None
    said = [_("A member asks that another person looks at a decision, and you may.")]
    return _word(_("An appeal is waiting"), said, asked.get_absolute_url(), _("Read it"))


def appeal_answered_context(recipient, target_id):
    asked = Appeal.objects.filter(pk=target_id, decision__person=recipient).exclude(closed_at=None).first()
    if asked is None:
        return None
    said = [_("Another person looked at the decision that you asked about."), f"{asked.get_outcome_display()}."]
    if asked.decision.circle_id is None:
        said.append(asked.answer)
    return _word(_("Your appeal was decided"), said, asked.decision.get_absolute_url(), _("Read it"))


def report_answered_context(recipient, target_id):
    made = Report.objects.filter(pk=target_id, reporter=recipient).exclude(closed_at=None).first()
    if made is None:
        return None
    said = [_answered(made)]
    if made.answer:
        said.append(made.answer)
    return _word(_("What became of your report"), said, reverse("safety:reported"), _("Your reports"))


def waiting_context(recipient, target_id):
    """That something waits since long; none once it is decided."""
    if not may_moderate(recipient) or not _still_waits(target_id):
        return None
    said = [_("Something has waited for more than 12 hours to be let through. Whoever wrote it waits too.")]
    return _word(_("Somebody's words are waiting"), said, reverse("safety:queue"), _("Read it"))


def _of(rows: Callable, sentence: Callable, url: Callable):
    """A function that says what notices about such rows say: `rows(reader, ids)` are those that they may see."""

    def lines(reader, notices, *, for_mail: bool = False) -> dict[int, Line]:
        found = {row.pk: row for row in rows(reader, {notice.target_id for notice in notices})}
        return {
            notice.pk: Line(sentence(row), url(row))
            for notice in notices
            if (row := found.get(notice.target_id)) is not None
        }

    return lines


def register() -> None:
    queue = "safety:queue"
    kinds.register(
        kinds.Kind(
            "report",
            "safety/mail/report",
            report_context,
            lines=_of(
                _open_reports, lambda row: _("A report is waiting: %(reason)s") % {"reason": _reason(row)}, _to(queue)
            ),
        )
    )
    for name, context, lines in [
        ("decision", decision_context, _of(_own_decisions, _told, lambda row: row.get_absolute_url())),
        (
            "appeal",
            appeal_context,
            _of(_judged_appeals, lambda row: _("An appeal is waiting"), lambda row: row.get_absolute_url()),
        ),
        (
            "appeal_answered",
            appeal_answered_context,
            _of(
                _own_appeals,
                lambda row: _("Your appeal was decided: %(outcome)s") % {"outcome": row.get_outcome_display()},
                lambda row: row.decision.get_absolute_url(),
            ),
        ),
        ("inside", inside_context, inside_lines),
        ("unjudged", unjudged_context, _of(_unjudged, lambda row: str(_UNJUDGED), _to("wagtailusers_users:index"))),
        ("report_answered", report_answered_context, _of(_own_reports, _answered, _to("safety:reported"))),
        (
            "waiting",
            waiting_context,
            _of(_waiting, lambda row: _("Somebody's words have waited for more than 12 hours"), _to(queue)),
        ),
    ]:
        kinds.register(kinds.Kind(name, "safety/mail/word", context, lines=lines))


def _word(title: str, said: list[str], path: str, button: str) -> dict:
    return {"title": title, "said": said, "path": path, "button": button}


def _title(made: Decision) -> str:
    if made.action.startswith(ABOUT_A_PERSON):
        return _("About your membership")
    return _("About something that you wrote") if made.kind == "post" else _("About something of yours")


def _sentence(made: Decision) -> str:
    """ "A moderator: hid a post"."""
    return _("%(who)s %(did)s.") % {"who": decisions.who_decided(made), "did": decisions.words_of(made)}


def _told(made: Decision) -> str:
    """The same, to whom it concerns: "A moderator hid your post." """
    return _("%(who)s %(did)s.") % {"who": decisions.who_decided(made), "did": decisions.told(made)}


def _answered(made: Report) -> str:
    if made.outcome == Report.Outcome.HIDDEN:
        return _("A moderator read what you reported, and hid it. Thank you.")
    return _("A moderator read what you reported, and left it as it is. Thank you for looking after the place.")


def _reason(made: Report) -> str:
    return made.get_reason_display()


def _to(name: str):
    return lambda row: reverse(name)


def _open_reports(reader, ids):
    return reports.waiting(reader).filter(pk__in=ids) if may_moderate(reader) else []


def _unjudged(reader, ids):
    if not reader.is_superuser:
        return []
    rows = Report.objects.filter(pk__in=ids, closed_at=None).select_related("reporter")
    return [row for row in rows if reader in reports.administrators(row) and not reports.judges(row)]


def _own_decisions(reader, ids):
    return decisions.of_person(reader).filter(pk__in=ids)


def _led_decisions(reader, ids):
    """Decisions in groups that `reader` leads, which are not about them and not of a report that names them."""
    rows = Decision.objects.filter(pk__in=ids, circle_id__isnull=False, report__isnull=False).exclude(person=reader.pk)
    rows = rows.exclude(report__named=reader.pk)
    circles = set(rows.values_list("circle_id", flat=True))
    led = [pk for pk in circles if any(leader.pk == reader.pk for leader in reportable.leaders(pk))]
    return rows.filter(circle_id__in=led)


def _inside_url(made: Decision) -> str:
    kind = reportable.get(made.kind)
    return kind.url(made.target_id) if kind and kind.url else reverse("notices:list")


def _judged_appeals(reader, ids):
    rows = Appeal.objects.filter(pk__in=ids, closed_at=None).select_related("decision")
    return [row for row in rows if appeals.may_judge(reader, row)]


def _own_appeals(reader, ids):
    rows = Appeal.objects.filter(pk__in=ids, decision__person=reader.pk).exclude(closed_at=None)
    return rows.select_related("decision")


def _own_reports(reader, ids):
    return Report.objects.filter(pk__in=ids, reporter=reader.pk).exclude(closed_at=None)


def _waiting(reader, ids):
    if not may_moderate(reader):
        return []
    return [row for _kind, waiting in reportable.that_wait() for row in waiting.rows(reader).filter(pk__in=ids)]


def _still_waits(target_id: int) -> bool:
    return any(waiting.since(target_id) is not None for _kind, waiting in reportable.that_wait())
