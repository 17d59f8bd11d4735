from django.core.management.base import BaseCommand, CommandError

from config import backlog


class Command(BaseCommand):
    help = "Says how the job queue is doing; fails when no worker is alive or a job waits too long."

    def handle(self, **options):
        state = backlog.state()
        waiting = f"{state.waiting.total_seconds():.0f} s" if state.waiting else "none waits"
        words = f"workers alive: {state.workers}, oldest waiting job: {waiting}, failed this week: {state.failed}"
        if state.is_late or not state.workers:
            raise CommandError(words)
        self.stdout.write(words)
