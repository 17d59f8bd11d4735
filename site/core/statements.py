"""A statement that PostgreSQL has planned, asked through libpq without one of psycopg's cursors.

A cursor finds out at each query whether it is prepared, waits in Python for the answer, and looks whether it ended a
transaction: twice the CPU of asking. So it is left out where nothing hangs on it, outside of transactions; the values
still go through psycopg's own conversion, both ways (https://www.psycopg.org/psycopg3/docs/api/pq.html).
"""

from collections.abc import Sequence
from itertools import count
from typing import Any

from psycopg import Connection, OperationalError, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

_numbers = count(1)
# What is no longer there, or not as it was planned: somebody said DEALLOCATE, as psycopg does after a rollback; a
# migration changed a column meanwhile.
GONE = (errors.InvalidSqlStatementName, errors.FeatureNotSupported)


class _Known:
    """What one connection has prepared, and which types it has met. It stands on the connection, and ends with it."""

    def __init__(self, connection: Connection) -> None:
        self.adapted = Transformer(connection.adapters)  # and not the connection, which would keep itself alive
        self.names: dict[Statement, bytes] = {}


class Statement:
    """One text of SQL with places $1, $2, ...; prepared on each connection when it is first asked there."""

    def __init__(self, sql: bytes, *, is_binary: bool) -> None:
        self.sql = sql
        self.format = int(is_binary)

    @staticmethod
    def is_for(connection: Connection) -> bool:
        """Whether it may be asked there now: in a transaction a statement that is gone would end it."""
        return connection.autocommit and connection.pgconn.transaction_status == TransactionStatus.IDLE

    def ask(self, connection: Connection, parameters: Sequence[Any]) -> list[tuple]:
        """All rows. Raises what psycopg raises."""
        known = connection.__dict__.get(_KEY) or connection.__dict__.setdefault(_KEY, _Known(connection))
        values = known.adapted.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        if self in known.names:
            try:
                result = self._execute(connection, known, values)
            except GONE:
                result = self._prepare_and_execute(connection, known, values)
        else:
            result = self._prepare_and_execute(connection, known, values)
        known.adapted.set_pgresult(result)
        return known.adapted.load_rows(0, result.ntuples, tuple)

    def _prepare_and_execute(self, connection: Connection, known: _Known, values: Sequence[Any]) -> PGresult:
        name = b"statement_%d" % next(_numbers)
        _checked(connection, connection.pgconn.prepare(name, self.sql, known.adapted.types), ExecStatus.COMMAND_OK)
        known.names[self] = name
        return self._execute(connection, known, values)

    def _execute(self, connection: Connection, known: _Known, values: Sequence[Any]) -> PGresult:
        result = connection.pgconn.exec_prepared(known.names[self], values, known.adapted.formats, self.format)
        return _checked(connection, result, ExecStatus.TUPLES_OK)


_KEY = "_collegial_statements"


def _checked(connection: Connection, result: PGresult, expected: ExecStatus) -> PGresult:
    if result.status == expected:
        return result
    if connection.pgconn.status == ConnStatus.BAD:
        raise OperationalError(connection.pgconn.get_error_message())
    raise errors.error_from_result(result, encoding=connection.info.encoding)
