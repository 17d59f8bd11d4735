"""/livez and /readyz: what a proxy and a container ask."""

import os
import time

import pytest
from django.db import connection

from config import health, probe


@pytest.fixture(autouse=True)
def _ask_anew(monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)


def test_livez_needs_no_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/livez", headers={"host": "10.0.0.7"})

    assert response.status_code == 200
    assert not response.cookies


def test_readyz_once_the_database_is_migrated(client, db):
    assert client.get("/readyz").status_code == 200


def test_readyz_asks_one_query_once_it_knows(client, db, django_assert_num_queries):
    client.get("/readyz")

    with django_assert_num_queries(1):
        response = client.get("/readyz", headers={"host": "10.0.0.7"})

    assert response.content == b"ready"


def test_not_ready_while_a_migration_is_missing(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    assert client.get("/readyz").status_code == 503


def test_not_ready_without_a_database(client, fresh_database, settings):
    connection.close()
    connection.settings_dict["NAME"] = "no_such_database"

    assert client.get("/readyz").status_code == 503


def test_probe_of_a_worker_believes_a_fresh_heartbeat_only(tmp_path, monkeypatch):
    heartbeat = tmp_path / "heartbeat"
    monkeypatch.setenv("WORKER_HEARTBEAT", str(heartbeat))

    assert not probe.worker_is_alive()
    heartbeat.touch()
    assert probe.worker_is_alive()
    os.utime(heartbeat, (0, time.time() - probe.SILENT_AFTER_SECONDS - 1))
    assert not probe.worker_is_alive()


def test_probe_of_a_server_that_is_not_there():
    assert not probe.web_is_ready("127.0.0.1:9")
