"""Conversations as they lie in the database: deleted for good, deleted when old, exported, and found for the data officer.

They are in two tables: `turns`, where they are written, and `events`, with a row for each event, from Rasa's own store and from
before there were turns. Feedback is kept beside them without anything that leads to a conversation.
"""
from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Set, Union

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from opi_advisor.stores import NotRead
from opi_advisor.stores.database import is_postgresql, open_database
from opi_advisor.stores.turns import turns, unpack

CHUNK = 5000  # rows read at once
_events = sa.table("events", *map(sa.column, ("id", "sender_id", "timestamp", "data")))
_TABLES = (_events, turns)  # in the order in which a conversation stands in them


@dataclass
class Summary:
    """What a data officer needs to tell one conversation from the others."""

    id: str
    first: float  # seconds since 1970
    last: float
    messages: int = 0
    damaged: int = 0  # turns that can't be read
    found: List[str] = field(default_factory=list)  # the messages that contain what was looked for

    def add(self, events: List[Dict[str, Any]], contains: Optional[str]) -> None:
        """Take in the events of the next row."""
        for event in events:
            if event["event"] == "user":
                text = event.get("text") or ""
                self.messages += 1
                if contains and contains.casefold() in text.casefold():
                    self.found.append(text)


class StoredConversations:
    """The conversations in `database`, a SQLite file or the URL of a PostgreSQL database.

    All methods raise SQLAlchemyError where the database can't be used.
    """

    def __init__(self, database: Union[Path, str]):
        self._database = database
        self._engine = open_database(database)

    def erase(self, conversation: str) -> bool:
        """Delete all of one conversation, for good; False where there was none.

        A turn that is being answered meanwhile is not written any more, see opi_advisor/stores/tracker_store.py.
        """
        tables, erased = self._tables(), False
        if tables:
            with self._engine.begin() as connection:
                erased = _delete(connection, tables, conversation)
        self.wipe()
        return erased

    def erase_if_silent(self, conversation: str, since: float) -> bool:
        """Delete one conversation if its last event was before `since` (seconds since 1970); `wipe` afterwards."""
        tables = self._tables()
        with self._engine.begin() as connection:
            if any(_first(connection, table, table.c.sender_id == conversation, table.c.timestamp >= since) for table in tables):
                return False
            return _delete(connection, tables, conversation)

    def wipe(self) -> None:
        """Have what was deleted leave the files as well: SQLite keeps old pages in its write-ahead log until they are put back.

        (The pages themselves are overwritten, see stores/database.py. PostgreSQL cleans up by itself: autovacuum.)
        """
        if self._tables() and not is_postgresql(self._engine):
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def silent_since(self, since: float) -> Set[str]:
        """Conversations that have a row before `since` (seconds since 1970); most of them have none after it."""
        found: Set[str] = set()
        for table in self._tables():
            first, last = self._ids(table)
            for start in range(first, last + 1, CHUNK):
                old = sa.select(table.c.sender_id).where(table.c.id.between(start, start + CHUNK - 1), table.c.timestamp < since)
                with self._engine.connect() as connection:  # for each chunk: nobody waits for the whole
                    found.update(connection.execute(old.distinct()).scalars())
        return found

    def has(self, conversation: str) -> bool:
        """Whether anything is stored of one conversation, be it readable or not."""
        tables = self._tables()
        if not tables:
            return False
        with self._engine.connect() as connection:
            return any(_first(connection, table, table.c.sender_id == conversation) for table in tables)

    def export(self, conversation: str) -> Optional[Dict[str, Any]]:
        """Everything that is stored of one conversation, as plain JSON; None where there is none.

        Raises:
            NotRead: a turn of it is damaged.
        """
        events = [event for table in self._tables() for row in self._rows(table, table.c.sender_id == conversation)
                  for event in _events_of(table, row)]
        if not events:
            return None
        return {"conversation": conversation, "messages": [_message(event) for event in events if event["event"] in ("user", "bot")],
                "events": events}

    def summaries(self, contains: Optional[str] = None) -> List[Summary]:
        """All conversations, or those in which the person wrote `contains` (in small or capital letters), the newest first."""
        found: Dict[str, Summary] = {}
        for table in self._tables():
            for row in self._rows(table):
                summary = found.setdefault(row.sender_id, Summary(row.sender_id, row.timestamp, row.timestamp))
                summary.last = row.timestamp
                try:
                    summary.add(_events_of(table, row), contains)
                except NotRead:
                    summary.damaged += 1
        wanted = [summary for summary in found.values() if summary.found or not contains]
        return sorted(wanted, key=lambda summary: summary.last, reverse=True)

    def _rows(self, table: Any, *which: Any) -> Iterator[Row]:
        """Rows in the order of writing, read in chunks."""
        last = 0
        while True:
            chunk = sa.select(table).where(table.c.id > last, *which).order_by(table.c.id).limit(CHUNK)
            with self._engine.connect() as connection:
                rows = connection.execute(chunk).all()
            yield from rows
            if len(rows) < CHUNK:
                return
            last = rows[-1].id

    def _ids(self, table: Any) -> List[int]:
        """The first and the last id in `table`; of an empty one, such that there is none between them."""
        with self._engine.connect() as connection:
            first, last = connection.execute(sa.select(sa.func.min(table.c.id), sa.func.max(table.c.id))).one()
        return [1, 0] if last is None else [first, last]

    def _tables(self) -> List[Any]:
        """Those that are there: a database of before has no turns yet, and one in which no advisor has run has neither."""
        if not isinstance(self._database, str) and not self._database.is_file():
            return []  # SQLite would make the file that it can't find
        there = sa.inspect(self._engine).get_table_names()
        return [table for table in _TABLES if table.name in there]


def _first(connection: Connection, table: Any, *which: Any) -> Optional[Row]:
    return connection.execute(sa.select(table.c.id).where(*which).limit(1)).first()


def _delete(connection: Connection, tables: List[Any], conversation: str) -> bool:
    return sum(connection.execute(sa.delete(table).where(table.c.sender_id == conversation)).rowcount for table in tables) > 0


def _events_of(table: Any, row: Row) -> List[Dict[str, Any]]:
    return unpack(row) if table is turns else [json.loads(row.data)]


def _message(event: Dict[str, Any]) -> Dict[str, Any]:
    time = datetime.fromtimestamp(event["timestamp"]).astimezone().isoformat(timespec="seconds")
    return {"time": time, "from": {"user": "person", "bot": "advisor"}[event["event"]], "text": event.get("text")}
