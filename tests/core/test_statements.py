"""Statements that are asked without a cursor: outside of transactions, so on a database of their own."""

import gc
import threading
import weakref
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from core.statements import Statement

ADD = Statement(b"SELECT $1::bigint + 1, $2::text, $3::timestamptz", is_binary=True)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def link(fresh_database):
    connection.ensure_connection()
    return connection.connection


@pytest.mark.parametrize("is_binary", [True, False])
def test_the_rows_are_those_that_a_cursor_gives(link, is_binary):
    sql = b"SELECT n, n::text, now() - now(), $1::text FROM generate_series(1, 3) n"
    statement = Statement(sql, is_binary=is_binary)

    asked = statement.ask(link, ["zwölf\n"])

    assert asked == psycopg.RawCursor(link).execute(sql, ["zwölf\n"], binary=is_binary).fetchall()


def test_it_is_prepared_once_and_takes_other_values_each_time(link):
    assert [ADD.ask(link, [n, f"it {n}", NOON]) for n in (1, 2)] == [[(2, "it 1", NOON)], [(3, "it 2", NOON)]]

    names = psycopg.RawCursor(link).execute(
        b"SELECT name FROM pg_prepared_statements WHERE statement LIKE '%bigint + 1%'"
    )
    assert len(names.fetchall()) == 1


def test_one_that_was_let_go_of_is_prepared_anew(link):
    ADD.ask(link, [1, "a", NOON])
    link.execute("DEALLOCATE ALL")

    assert ADD.ask(link, [2, "b", NOON]) == [(3, "b", NOON)]


def test_one_whose_columns_changed_is_prepared_anew(link):
    link.execute("CREATE TABLE drawer (content integer)")
    link.execute("INSERT INTO drawer VALUES (7)")
    everything = Statement(b"SELECT * FROM drawer", is_binary=False)
    assert everything.ask(link, []) == [(7,)]

    link.execute("ALTER TABLE drawer ALTER content TYPE text")

    assert [everything.ask(link, []) for _ in range(2)] == [[("7",)]] * 2


def test_a_fault_is_the_one_that_a_cursor_raises_and_the_connection_goes_on(link):
    with pytest.raises(psycopg.errors.DivisionByZero):
        Statement(b"SELECT 1 / $1::int", is_binary=True).ask(link, [0])

    assert link.pgconn.transaction_status == TransactionStatus.IDLE
    assert ADD.ask(link, [1, "a", NOON])


def test_inside_of_a_transaction_a_cursor_asks(link):
    assert ADD.is_for(link)
    with transaction.atomic():
        assert not ADD.is_for(link)


def test_a_connection_that_is_gone_says_so(link):
    ADD.ask(link, [1, "a", NOON])
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [link.info.backend_pid])

    with pytest.raises(psycopg.OperationalError):
        ADD.ask(link, [1, "a", NOON])

    connection.close()


def test_a_thread_that_ends_leaves_no_connection_behind(link):
    found = []

    def ask():
        connection.ensure_connection()
        ADD.ask(connection.connection, [1, "a", NOON])
        found.append(weakref.ref(connection.connection))
        connection.close()

    gc.collect()
    gc.disable()
    try:
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()

        assert found[0]() is None
    finally:
        gc.enable()
