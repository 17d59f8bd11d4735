from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from community.members.models import User
from config import demo


class Command(BaseCommand):
    help = "Fill an empty site with the demonstration community. Refuses where people are, and in production."

    def handle(self, *args, **options) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError("The demonstration belongs on a developer's machine: these settings do not allow it.")
        if User.objects.exists():
            raise CommandError("There are people here already. The demonstration fills an empty site only.")
        demo.build(progress=self._progress)
        self.stdout.write("")

    def _progress(self, done: int, total: int, words: str) -> None:
        width = 28
        filled = round(width * done / total)
        bar = "█" * filled + "░" * (width - filled)
        end = "\n" if not self.stdout.isatty() else ""
        self.stdout.write(f"\r  {bar} {words:<32}", ending=end)
        self.stdout.flush()
