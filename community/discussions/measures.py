"""How soon conversations are answered, week by week: of those that members started outside of groups. No names."""

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from community.safety import figures
from community.safety.figures import Series, Week
from core.audience import Audience

# For each topic of these weeks the first answer that somebody else wrote and that is read.
SQL = """
SELECT date_trunc('week', topic.created)::date,
    extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY answer.at - topic.created)) / 3600,
    count(*) FILTER (WHERE answer.at - topic.created <= interval '24 hours'),
    count(*) FILTER (WHERE answer.at - topic.created <= interval '72 hours'),
    count(*) FILTER (
        WHERE topic.created < now() - interval '24 hours' OR answer.at - topic.created <= interval '24 hours'
    ),
    count(*) FILTER (
        WHERE topic.created < now() - interval '72 hours' OR answer.at - topic.created <= interval '72 hours'
    ),
    count(answer.at)
FROM forum_conversation_topic topic
JOIN forum_forum forum ON forum.id = topic.forum_id AND forum.audience <> %(group)s AND forum.opened
LEFT JOIN LATERAL (
    SELECT post.created AS at FROM forum_conversation_post post
    WHERE post.topic_id = topic.id AND post.position > 1 AND post.approved
        AND post.poster_id IS DISTINCT FROM topic.poster_id
    ORDER BY post.position LIMIT 1
) answer ON true
WHERE topic.created >= %(since)s AND topic.approved
GROUP BY 1
"""


def weekly(weeks: Sequence[date]) -> list[Series]:
    """Hours to the first answer, and the shares answered within a day and within three. One query.

    A share counts the topics that are old enough for it, and those that were answered sooner.
    """
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"since": weeks[0], "group": Audience.GROUP})
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    hours, day, three_days = [], [], []
    for monday in weeks:
        median, in_day, in_three, of_day, of_three, answered = rows.get(monday, (None, 0, 0, 0, 0, 0))
        hours.append(Week(monday, None if median is None else float(median), answered))
        day.append(_share(monday, in_day, of_day))
        three_days.append(_share(monday, in_three, of_three))
    return [
        Series(
            "first-answer",
            _("Time to the first answer"),
            _("Half of the conversations that were answered had their first answer within this time."),
            "hours",
            hours,
        ),
        Series(
            "in-a-day",
            _("Answered within 24 hours"),
            _("Of the conversations that began in that week, the share that somebody answered within a day."),
            "percent",
            day,
        ),
        Series(
            "in-three-days",
            _("Answered within 72 hours"),
            _("The same within three days."),
            "percent",
            three_days,
        ),
    ]


def register() -> None:
    figures.register(weekly)


def _share(monday: date, answered: int, of: int) -> Week:
    return Week(monday, 100 * answered / of if of else None, of)
