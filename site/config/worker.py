"""The job worker: takes jobs from PostgreSQL and runs them, two at a time."""

import asyncio
import contextlib
import copy
from pathlib import Path
from typing import cast

from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.periodic import PeriodicTask

CONCURRENCY = 2
HEARTBEAT_SECONDS = 10
GRACE_SECONDS = 10


def worker_app() -> DjangoApp:
    """An application with the same tasks and a queue connection of its own.

    The tasks stay tied to the first application, whose connection is Django's: so a job that queues another one does
    it inside its own transaction, as a view does. (Procrastinate's own command swaps that connection for all.)
    """
    connector = cast(DjangoConnector, app.connector)
    twin = DjangoApp(connector=connector.get_worker_connector())
    twin.tasks = app.tasks
    for key, periodic in app.periodic_registry.periodic_tasks.items():
        task = copy.copy(periodic.task)
        task.blueprint = twin  # the clock defers on the worker's connections, which mend themselves
        twin.periodic_registry.periodic_tasks[key] = PeriodicTask(
            task=task,
            cron=periodic.cron,
            periodic_id=periodic.periodic_id,
            configure_kwargs=copy.copy(periodic.configure_kwargs),
        )
    return twin


async def run(*, heartbeat: Path, concurrency: int = CONCURRENCY, wait: bool = True, signals: bool = True) -> None:
    """Work until a SIGTERM, or, with `wait=False`, until nothing is left to do.

    `heartbeat` is touched every few seconds while the worker lives; `signals` may be set in a main thread only.
    """
    twin = worker_app()
    beating = asyncio.create_task(_beat(heartbeat))
    try:
        async with twin.open_async():
            await twin.run_worker_async(
                concurrency=concurrency,
                wait=wait,
                install_signal_handlers=signals,
                shutdown_graceful_timeout=GRACE_SECONDS,
            )
    finally:
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating
        heartbeat.unlink(missing_ok=True)


async def _beat(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        path.touch()
        await asyncio.sleep(HEARTBEAT_SECONDS)
