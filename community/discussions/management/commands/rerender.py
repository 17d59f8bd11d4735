"""`manage.py rerender`: what an older renderer made of the posts, made anew by the one of today."""

from django.core.management.base import BaseCommand

from community.discussions import rendering


class Command(BaseCommand):
    """It may be stopped at any moment and run again: each post says which renderer made it."""

    help = "Renders posts anew whose HTML an older version of the renderer made; while others go on writing."

    def handle(self, *args, **options):
        count = 0
        for done in rendering.render_all_again():
            count += done
            self.stdout.write(f"\r{count:,} posts", ending="")
            self.stdout.flush()
        self.stdout.write(f"\r{count:,} posts are rendered anew." if count else "Every post is of today's renderer.")
