import asyncio

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import autoreload

from config import worker


class Command(BaseCommand):
    help = "Runs queued and periodic jobs until it is told to stop."
    requires_system_checks = []  # they ran when the site was released; the worker starts a second sooner

    def add_arguments(self, parser):
        parser.add_argument("--concurrency", type=int, default=worker.CONCURRENCY, help="jobs at the same time")
        parser.add_argument("--once", action="store_true", help="stop when nothing is left to do")
        parser.add_argument("--reload", action="store_true", help="start again when a source file changes")

    def handle(self, *, concurrency, once, reload, **options):
        if reload:
            autoreload.run_with_reloader(self._work, concurrency=concurrency, wait=not once, signals=False)
        else:
            self._work(concurrency=concurrency, wait=not once, signals=True)

    @staticmethod
    def _work(**options):
        asyncio.run(worker.run(heartbeat=settings.WORKER_HEARTBEAT, **options))
