from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from config import stamps


class Command(BaseCommand):
    help = "Brings the database up to this version: migrations and the cache table. Safe to run again."

    def handle(self, *, verbosity, **options):
        call_command("migrate", interactive=False, verbosity=verbosity)
        call_command("createcachetable", verbosity=verbosity)
        with connection.cursor() as cursor:  # read by the supervisor, which saves itself a no-op migration
            cursor.execute(f"COMMENT ON TABLE django_migrations IS '{stamps.migrations()}'")
