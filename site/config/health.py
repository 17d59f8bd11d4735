"""/livez and /readyz: answered before any other middleware, so without session, cookies, host check or log line."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

_migrated = False


def is_migrated() -> bool:
    """Whether every migration of this version is applied. Once true it stays true for the life of the process."""
    global _migrated  # one answer for a process: loading all migrations takes a second
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def is_ready() -> bool:
    """Whether the database answers and is up to this version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return is_migrated()
    except DatabaseError:
        connection.close()  # the next question may find a new server
        return False


class HealthMiddleware:
    """Answers the two health checks. The first middleware of all."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/livez":
            return _answer(200, "alive")
        if request.path_info == "/readyz":
            return _answer(200, "ready") if is_ready() else _answer(503, "not ready")
        return self.get_response(request)


def _answer(status: int, word: str) -> HttpResponse:
    return HttpResponse(word, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
