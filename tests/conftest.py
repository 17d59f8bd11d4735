"""The suite runs on real PostgreSQL: the embedded server, or the one that DATABASE_URL names.

Migrating from nothing takes many seconds, so it is done once for a given set of migrations, into a template database
that no test touches; every xdist worker, and every transactional test, gets a clone of it (some 0.2 s).
"""

import ipaddress
import os
import re
import socket
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site"), str(ROOT / "tests")]

from config import stamps  # noqa: E402 - after the path is set

TEMPLATE_LOCK = 7_265_011


# The machine --------------------------------------------------------------------------------------------------------


class OutsideNetwork(Exception):
    """A test tried to reach something that is not on this machine."""


def _stay_home(connect):
    def checked(sock, address):
        if sock.family != socket.AF_UNIX and address[0] != "localhost":
            try:
                at_home = ipaddress.ip_address(address[0]).is_loopback
            except ValueError:
                at_home = False
            if not at_home:
                raise OutsideNetwork(f"Tests reach nothing outside of this machine, and {address[0]} is.")
        return connect(sock, address)

    return checked


def pytest_configure(config):
    """No test reaches the outside, by whatever library."""
    socket.socket.connect = _stay_home(socket.socket.connect)
    socket.socket.connect_ex = _stay_home(socket.socket.connect_ex)


def pytest_sessionstart(session):
    """Drop the databases of runs that were killed; their names hold the process id."""
    from django.conf import settings

    if not settings.EMBEDDED_DATABASE:
        return  # an xdist worker; or a server that others use, where a process id of theirs says nothing here
    with psycopg.connect(settings.EMBEDDED_DATABASE.url(), autocommit=True) as admin:
        for (name,) in admin.execute("SELECT datname FROM pg_database").fetchall():
            process = re.match(r"collegial_test_\w+?_(\d+)(_own)?$", name)
            if process and not psutil.pid_exists(int(process[1])):
                admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def pytest_unconfigure(config):
    """Stop the embedded server, unless another run uses it too."""
    from django.conf import settings

    if settings.configured and getattr(settings, "EMBEDDED_DATABASE", None):
        settings.EMBEDDED_DATABASE.release()


# Databases ----------------------------------------------------------------------------------------------------------


def _admin():
    """A connection on which databases can be created and dropped."""
    from django.db import connection

    settings = connection.settings_dict
    return psycopg.connect(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    )


def _use(name: str) -> None:
    from django.db import connections

    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    connections.settings["default"]["NAME"] = name


def _ensure_template(name: str) -> None:
    """Migrate a new template database, unless another worker or an earlier run has done it."""
    from django.core.management import call_command
    from django.db import connection

    with _admin() as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]).fetchone():
            return
        stale = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'collegial_template_%'").fetchall()
        for (old,) in stale:
            admin.execute(f'ALTER DATABASE "{old}" IS_TEMPLATE false')
            admin.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
        _use(name)
        call_command("release", verbosity=0)
        connection.close()
        admin.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true')


def _clone(template: str, name: str) -> None:
    with _admin() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')


@pytest.fixture(scope="session")
def template_database() -> str:
    return f"collegial_template_{stamps.migrations()[:12]}"


@pytest.fixture(scope="session")
def django_db_setup(template_database, django_db_blocker):
    """Replaces pytest-django's: a clone of the template instead of a migration."""
    name = f"collegial_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with django_db_blocker.unblock():
        _ensure_template(template_database)
        _clone(template_database, name)
        _use(name)
    yield name
    with django_db_blocker.unblock():
        _use("postgres")
        with _admin() as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def fresh_database(django_db_setup, template_database, django_db_blocker):
    """A database of its own for a test that commits, thrown away after it: nothing is flushed, so rows that
    migrations made stay where they are."""
    from django.db import connections

    name = f"{django_db_setup}_own"
    with django_db_blocker.unblock():
        _clone(template_database, name)
        _use(name)
        yield name
        for connection in connections.all():
            connection.close()
        _use(django_db_setup)
        with _admin() as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


# Around each test ---------------------------------------------------------------------------------------------------


@pytest.fixture
def run_jobs(request):
    """Run the queued jobs now, on the test's own connection; returns how many ran."""
    from jobs import run_queued

    if "fresh_database" not in request.fixturenames:
        request.getfixturevalue("db")
    return run_queued


@pytest.fixture
def without_limits(monkeypatch):
    """For a test in which one person writes more than one may in a while."""
    from community.safety import limits  # models are ready only now

    boundless = {name: limits.Limit(limit.within, (10_000,) * 4, "") for name, limit in limits.LIMITS.items()}
    monkeypatch.setattr(limits, "LIMITS", boundless)


@pytest.fixture(autouse=True)
def _clean_cache(settings):
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
