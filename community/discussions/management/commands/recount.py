"""`manage.py recount`: the counters of the discussions, proven from their rows, and written anew where wrong."""

from django.core.management.base import BaseCommand

from community.discussions import counters

MOST_SHOWN = 50


class Command(BaseCommand):
    """With --check nothing is written, and the exit code is 1 where a counter is wrong."""

    help = "Compares the counters of forums, topics, posts, marks and polls with their rows, and repairs them."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Only say which are wrong; exit 1 if any are.")

    def handle(self, *args, **options):
        count = 0
        for count, found in enumerate(counters.differences(), 1):
            if count <= MOST_SHOWN:
                self.stdout.write(
                    f"{found.table} {found.pk}: {found.column} is {found.stored}, rows say {found.counted}"
                )
        if count > MOST_SHOWN:
            self.stdout.write(f"... and {count - MOST_SHOWN:,} more")
        if not count:
            self.stdout.write("Every counter is what its rows say.")
        elif options["check"]:
            self.stdout.write(f"{count:,} counters are wrong. `manage.py recount` writes them anew.")
            raise SystemExit(1)
        else:
            self.stdout.write(f"{counters.repair():,} counters are written anew.")
