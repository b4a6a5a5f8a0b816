"""Conversations as they lie in the database: deleted for good, deleted when old, exported, and found for the data officer.

The table is Rasa's own, one row for each event. Feedback is kept beside it without anything that leads to a conversation.
"""
from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Set, Union

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from opi_advisor.stores.database import is_postgresql, open_database

CHUNK = 5000  # rows read at once
_events = sa.table("events", *map(sa.column, ("id", "sender_id", "type_name", "timestamp", "data")))


@dataclass
class Summary:
    """What a data officer needs to tell one conversation from the others."""

    id: str
    first: float  # seconds since 1970
    last: float
    messages: int = 0
    found: List[str] = field(default_factory=list)  # the messages that contain what was looked for


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
        erased = self._delete(_events.c.sender_id == conversation)
        self.wipe()
        return erased

    def erase_if_silent(self, conversation: str, since: float) -> bool:
        """Delete one conversation if its last event was before `since` (seconds since 1970); `wipe` afterwards."""
        other = _events.alias()
        later = sa.select(other.c.id).where(other.c.sender_id == conversation, other.c.timestamp >= since)
        return self._delete(sa.and_(_events.c.sender_id == conversation, ~later.exists()))

    def wipe(self) -> None:
        """Have what was deleted leave the files as well: SQLite keeps old pages in its write-ahead log until they are put back.

        (The pages themselves are overwritten, see stores/database.py. PostgreSQL cleans up by itself: autovacuum.)
        """
        if self._is_there() and not is_postgresql(self._engine):
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def silent_since(self, since: float) -> Set[str]:
        """Conversations that have an event before `since` (seconds since 1970); most of them have none after it."""
        found: Set[str] = set()
        for first in range(self._last_id() + 1)[::CHUNK]:
            old = sa.select(_events.c.sender_id).where(_events.c.id.between(first, first + CHUNK - 1), _events.c.timestamp < since)
            with self._engine.connect() as connection:  # for each chunk: nobody waits for the whole
                found.update(connection.execute(old.distinct()).scalars())
        return found

    def export(self, conversation: str) -> Optional[Dict[str, Any]]:
        """Everything that is stored of one conversation, as plain JSON; None where there is none."""
        events = [json.loads(row.data) for row in self._rows(_events.c.sender_id == conversation)]
        if not events:
            return None
        return {"conversation": conversation, "messages": [_message(event) for event in events if event["event"] in ("user", "bot")],
                "events": events}

    def summaries(self, contains: Optional[str] = None) -> List[Summary]:
        """All conversations, or those in which the person wrote `contains` (in small or capital letters), the newest first."""
        found: Dict[str, Summary] = {}
        for row in self._rows():
            summary = found.setdefault(row.sender_id, Summary(row.sender_id, row.timestamp, row.timestamp))
            summary.last = row.timestamp
            if row.type_name == "user":
                text = json.loads(row.data).get("text") or ""
                summary.messages += 1
                if contains and contains.casefold() in text.casefold():
                    summary.found.append(text)
        wanted = [summary for summary in found.values() if summary.found or not contains]
        return sorted(wanted, key=lambda summary: summary.last, reverse=True)

    def _delete(self, which: Any) -> bool:
        if not self._is_there():
            return False
        with self._engine.begin() as connection:
            return connection.execute(sa.delete(_events).where(which)).rowcount > 0

    def _rows(self, *which: Any) -> Iterator[Any]:
        """Rows in the order of writing, read in chunks."""
        last = 0
        while self._is_there():
            with self._engine.connect() as connection:
                rows = self._chunk(connection, last, which)
            yield from rows
            if len(rows) < CHUNK:
                return
            last = rows[-1].id

    def _chunk(self, connection: Connection, last: int, which: Any) -> List[Any]:
        return connection.execute(sa.select(_events).where(_events.c.id > last, *which).order_by(_events.c.id).limit(CHUNK)).all()

    def _last_id(self) -> int:
        if not self._is_there():
            return -1
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.max(_events.c.id))).scalar() or -1

    def _is_there(self) -> bool:
        # SQLite would make the file that it can't find.
        return (isinstance(self._database, str) or self._database.is_file()) and sa.inspect(self._engine).has_table(_events.name)


def _message(event: Dict[str, Any]) -> Dict[str, Any]:
    time = datetime.fromtimestamp(event["timestamp"]).astimezone().isoformat(timespec="seconds")
    return {"time": time, "from": {"user": "person", "bot": "advisor"}[event["event"]], "text": event["text"]}
