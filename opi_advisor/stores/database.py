"""The database of conversations and feedback: SQLite or PostgreSQL, by the same code."""
from __future__ import annotations

from pathlib import Path
from typing import Any, Union

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

CONNECTIONS = 8  # of one process at most
# Seconds that a write waits for those of other processes, and a new connection for PostgreSQL. Less than tracker_store.TIMEOUT:
# a write that was given up for lost must not be made after all.
BUSY_TIMEOUT = 3
_POSTGRESQL = {
    "connect_timeout": BUSY_TIMEOUT,
    # A process that is stopped in the middle of a write must not keep the others out of its conversation.
    "options": "-c statement_timeout=10s -c idle_in_transaction_session_timeout=5s",
    # A host that is gone without a word is noticed, and its connections are given up.
    "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2, "tcp_user_timeout": 10_000,
}


def open_database(database: Union[Path, str]) -> Engine:
    """An engine for the SQLite file or PostgreSQL URL `database` (see settings.py). Nothing is opened yet.

    On both, `engine.begin()` is a transaction that may write, and `engine.connect()` is for reading. Errors never quote the
    parameters of a statement, which are what people wrote.
    """
    options: Any = {"hide_parameters": True, "pool_size": CONNECTIONS, "max_overflow": 0, "pool_timeout": BUSY_TIMEOUT}
    if isinstance(database, str):
        return sa.create_engine(database, pool_pre_ping=True, connect_args=_POSTGRESQL, **options)
    engine = sa.create_engine(sa.engine.URL.create("sqlite", database=str(database)), poolclass=QueuePool,
                              connect_args={"timeout": BUSY_TIMEOUT, "check_same_thread": False}, **options)
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def is_postgresql(connection: Union[Connection, Engine]) -> bool:
    """Whether this is PostgreSQL, and not SQLite."""
    return connection.dialect.name == "postgresql"


def make_table(connection: Connection, table: sa.Table) -> None:
    """Make `table` where it is missing, also where several processes do so at the same moment; in a transaction that may write."""
    if is_postgresql(connection):  # SQLite has one writer at a time anyway
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(0)))
    table.create(connection, checkfirst=True)


def reason(error: BaseException) -> str:
    """What went wrong, in one line, without the statement and its parameters."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _set_up_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # Python's module would begin transactions by itself, and later than we do
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten in the file
    # Nobody waits for the disk. Nothing is lost when a process is killed; when the machine loses its power, the last few turns may be,
    # but never a part of one, nor the database (SQLite's documentation of this setting, for a write-ahead log).
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin_sqlite(connection: Connection) -> None:
    # With a plain BEGIN, one that reads first and then writes is refused at once where another one wrote in between.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
