"""Running queued jobs inside a test, on its own connection and transaction."""

import datetime

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def run_queued(*, until: datetime.datetime | None = None) -> int:
    """Run every job that waits, those too that the jobs themselves queue; returns how many ran.

    Jobs that are scheduled for later run only when their time is not after `until` (now, unless said otherwise).
    """
    ran = 0
    until = until or timezone.now()
    due = ProcrastinateJob.objects.filter(status="todo").exclude(scheduled_at__gt=until).order_by("id")
    while job := due.first():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [job.pk])
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
        app.tasks[job.task_name].func(**job.args)
        ran += 1
    return ran
