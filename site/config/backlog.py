"""How the job queue is doing: asked by the admin's home page, the worker's health check and the tests."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

LATE_AFTER = timedelta(minutes=5)
SILENT_AFTER = timedelta(seconds=60)
FAILURES_OF = timedelta(days=7)

_OLDEST_DUE = """
    SELECT min(greatest(job.scheduled_at, event.at))
    FROM procrastinate_jobs AS job
    JOIN procrastinate_events AS event ON event.job_id = job.id AND event.type = 'deferred'
    WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= %s)
"""


@dataclass(frozen=True)
class QueueState:
    """`waiting`: for how long the oldest job that could run has waited; None where none waits."""

    waiting: timedelta | None
    workers: int
    failed: int

    @property
    def is_late(self) -> bool:
        return self.waiting is not None and self.waiting > LATE_AFTER

    @property
    def minutes(self) -> int:
        return int(self.waiting.total_seconds() // 60) if self.waiting else 0

    @property
    def needs_a_person(self) -> bool:
        return self.is_late or not self.workers or bool(self.failed)


def state() -> QueueState:
    """The queue as it is now: three quick queries."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_DUE, [now])
        (oldest,) = cursor.fetchone()
    failed = ProcrastinateJob.objects.filter(
        status="failed", procrastinateevent__type="failed", procrastinateevent__at__gt=now - FAILURES_OF
    )
    return QueueState(
        waiting=now - oldest if oldest else None,
        workers=ProcrastinateWorker.objects.filter(last_heartbeat__gt=now - SILENT_AFTER).count(),
        failed=failed.distinct().count(),
    )
