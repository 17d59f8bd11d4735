"""The worker: jobs run, stalled ones run again, and a queue that stands still is noticed."""

import asyncio
import datetime

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from config import backlog, worker
from config.wagtail_hooks import warn_of_the_queue
from factories.members import UserFactory


@pytest.fixture
def tasks():
    """Tasks for a test alone, on the real application; they are forgotten after it."""
    known = dict(app.tasks)
    yield app
    app.tasks.clear()
    app.tasks.update(known)


def work(tmp_path) -> None:
    asyncio.run(worker.run(heartbeat=tmp_path / "heartbeat", wait=False, signals=False))


def test_a_job_runs_and_its_heartbeat_is_seen(fresh_database, tasks, tmp_path):
    seen = []

    @tasks.task(name="look")
    def look():
        seen.append((tmp_path / "heartbeat").exists())
        UserFactory(email="made-by-a-job@collegial.test")

    look.defer()
    work(tmp_path)

    assert seen == [True]
    assert ProcrastinateJob.objects.get(task_name="look").status == "succeeded"
    assert not (tmp_path / "heartbeat").exists()


def test_a_job_that_fails_takes_the_jobs_it_queued_with_it(fresh_database, tasks, tmp_path):
    """A job's own transaction holds what it defers: nothing is sent about a change that was rolled back."""

    @tasks.task(name="second")
    def second():
        raise AssertionError("was never queued")

    @tasks.task(name="first")
    def first():
        with transaction.atomic():
            second.defer()
            raise ValueError("changed its mind")

    first.defer()
    work(tmp_path)

    assert ProcrastinateJob.objects.get(task_name="first").status == "failed"
    assert not ProcrastinateJob.objects.filter(task_name="second").exists()


def test_stalled_job_is_given_to_another_worker(fresh_database, tasks, tmp_path):
    ran = []

    @tasks.task(name="long")
    def long():
        ran.append(1)

    long.defer()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = 1", [cursor.fetchone()[0]]
        )
    app.tasks["config.tasks.retry_stalled_jobs"].defer(timestamp=0)

    work(tmp_path)
    work(tmp_path)

    assert ran == [1]


def test_nothing_waits_in_an_empty_queue(db):
    state = backlog.state()

    assert (state.waiting, state.failed) == (None, 0)


def test_a_job_for_later_is_not_late(db, tasks):
    @tasks.task(name="later")
    def later():
        pass

    later.configure(schedule_in={"hours": 1}).defer()

    assert backlog.state().waiting is None


def test_old_job_is_late_and_the_health_check_says_so(db, tasks):
    @tasks.task(name="old")
    def old():
        pass

    old.defer()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '11 minutes'")

    assert backlog.state().is_late
    assert backlog.state().minutes == 11
    with pytest.raises(CommandError, match="workers alive: 0"):
        call_command("worker_health")


def test_health_is_good_while_a_worker_lives(db, capsys):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")

    call_command("worker_health")

    assert "workers alive: 1" in capsys.readouterr().out


def test_administrator_is_warned_when_no_worker_runs(db, rf):
    request = rf.get("/admin/")
    request.user = UserFactory(is_superuser=True, is_staff=True)
    panels = []

    warn_of_the_queue(request, panels)

    assert "No worker is running" in panels[0].render_html({})


def test_editor_is_not_warned_of_what_an_editor_cannot_mend(db, rf):
    request = rf.get("/admin/")
    request.user = UserFactory(is_staff=True)
    panels = []

    warn_of_the_queue(request, panels)

    assert panels == []


def test_sessions_that_ran_out_are_forgotten(db):
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - datetime.timedelta(days=1))

    app.tasks["config.tasks.clear_sessions"].func(timestamp=0)

    assert not Session.objects.exists()


def test_warning_stands_on_the_admin_home_page(db, client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))

    response = client.get("/admin/")

    assert "No worker is running" in response.content.decode()
