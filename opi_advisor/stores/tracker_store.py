"""Rasa's SQL tracker store, made fit for long conversations, several servers and databases that fail.

- A turn reads what it needs, and no more: its cost does not grow with the conversation.
- A turn is written whole or not at all, and only right after the events that it was made from: neither two servers nor one
  that comes back from a long sleep can write over each other. This does not rest on the lock store, which only sees to it
  that such a thing is rare.
- The database is used in threads: while it is slow, other people's messages go on.
- What fails is told to whoever answers; see opi_advisor/stores/__init__.py.
"""
from __future__ import annotations

import asyncio
import json
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Set, Type, Union

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, Restarted, SessionStarted, SlotSet, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import ConnectionException
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from opi_advisor.settings import read_settings
from opi_advisor.stores import NotKept, NotRead, Overtaken, StoreError, current_outcome
from opi_advisor.stores.database import CONNECTIONS, is_postgresql, make_table, open_database, reason

logger = logging.getLogger(__name__)

TIMEOUT = 4.0  # seconds for reading a conversation, and for writing a turn
TURNS = 1  # earlier turns that are read: the rules look no further back, and each turn sets all slots
FIRST_READ = 16  # events; a turn has about 11
_STARTS_ANEW = (SessionStarted.type_name, Restarted.type_name)  # nothing before one of these matters
_events = SQLTrackerStore.SQLEvent.__table__


@dataclass(frozen=True)
class _Kept:
    """How much of a tracker is in the database: its first `count` events, of which the last has the id `last`."""

    last: Optional[int] = None
    count: int = 0


class ConversationStore(SQLTrackerStore):
    """Conversations in the database of the settings, in the table that Rasa's own store has."""

    def __init__(self, domain: Optional[Domain] = None, event_broker: Optional[EventBroker] = None,
                 database: Union[Path, str, None] = None, **_: Any):
        """Open the database and make its table where it is missing.

        Args:
            database: A SQLite file or a PostgreSQL URL; without it, that of the settings.

        Raises:
            ConnectionException: it can't be used. (Rasa's own store would try for ever, and hold the server up.)
        """
        TrackerStore.__init__(self, domain, event_broker)
        self.engine = open_database(database or read_settings(os.environ).database)
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="conversations")
        try:
            self._make_table()
        except (SQLAlchemyError, OSError) as error:
            raise ConnectionException(f"The database {self.engine.url!r} can't be used ({reason(error)}). Mend it, or have "
                                      "OPI_ADVISOR_DATABASE name another.") from None

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The tracker as after the last turn, with that turn's events only; None for a new conversation."""
        return await self._in_thread(NotRead, self._read, sender_id, False)

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """The tracker with all events; None for a new conversation."""
        return await self._in_thread(NotRead, self._read, conversation_id, True)

    async def keys(self) -> Sequence[str]:
        """The ids of all conversations."""
        return await self._in_thread(NotRead, self._senders) or []

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that were added since the tracker was read or saved."""
        outcome, kept = current_outcome(), _kept(tracker)
        added = list(islice(tracker.events, kept.count, None))
        if not added or (outcome and outcome.failure):
            return
        last = await self._in_thread(NotKept, self._append, tracker.sender_id, kept.last, added)
        if last is None:
            return
        tracker.kept = _Kept(last, len(tracker.events))
        if self.event_broker:
            await self._stream_new_events(self.event_broker, added, tracker.sender_id)

    async def _in_thread(self, failure: Type[StoreError], work: Callable[..., Any], *arguments: Any) -> Any:
        """What `work` returns; None where it failed and somebody watches the turn.

        Raises:
            StoreError: it failed, and nobody watches.
        """
        running = asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        try:
            done, _ = await asyncio.wait({running}, timeout=TIMEOUT)
            if not done:
                running.cancel()
                raise asyncio.TimeoutError(f"no answer for {TIMEOUT:.0f} seconds")
            return running.result()
        except asyncio.CancelledError:  # the client is gone: what is being written must be there before the next turn begins
            await asyncio.wait({running}, timeout=TIMEOUT)
            raise
        except Exception as error:  # every driver has its own, and those of wrong text in ids are no database errors at all
            failed = error if isinstance(error, StoreError) else failure(f"The database failed: {reason(error)}")
        logger.error("%s: %s", type(failed).__name__, failed)
        outcome = current_outcome()
        if outcome is None:
            raise failed
        outcome.failure = outcome.failure or failed
        return None

    def _make_table(self) -> None:
        if isinstance(self.engine.url.database, str) and not is_postgresql(self.engine):
            Path(self.engine.url.database).parent.mkdir(parents=True, exist_ok=True)
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for each other
        with self.engine.begin() as connection:
            make_table(connection, _events)
            connection.exec_driver_sql("CREATE INDEX IF NOT EXISTS events_in_order ON events (sender_id, id)")

    def _senders(self) -> List[str]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select(_events.c.sender_id).distinct()).scalars())

    def _read(self, sender: str, whole: bool) -> Optional[DialogueStateTracker]:
        slots = {slot.name for slot in self.domain.slots} - {SESSION_START_METADATA_SLOT}  # that one serves the session's start only
        with self.engine.connect() as connection:
            needed, limit = None, None if whole else FIRST_READ
            while needed is None:
                rows = self._last_rows(connection, sender, limit)
                complete = limit is None or len(rows) < limit
                needed = rows if whole else what_a_turn_needs(rows, complete, slots)
                limit = limit and 4 * limit
        if not rows:
            return None
        events = deserialise_events([json.loads(row.data) for row in needed])
        tracker = DialogueStateTracker.from_events(sender, events, self.domain.slots)
        tracker.kept = _Kept(rows[-1].id, len(tracker.events))
        return tracker

    def _last_rows(self, connection: Connection, sender: str, limit: Optional[int]) -> List[Row]:
        newest_first = (sa.select(_events.c.id, _events.c.type_name, _events.c.action_name, _events.c.data)
                        .where(_events.c.sender_id == sender).order_by(_events.c.id.desc()).limit(limit))
        return connection.execute(newest_first).all()[::-1]

    def _append(self, sender: str, last: Optional[int], added: List[Event]) -> int:
        """Write events after the one with the id `last` (None: as the first). Returns the id of the last one now.

        Raises:
            Overtaken: that one is not the last any more.
        """
        rows = [_row(sender, event) for event in added]
        try:
            return self._append_rows(sender, last, rows)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # The connection broke, perhaps after the rows were written: look, and write them where they are not there.
            return self._append_rows(sender, last, rows, again=True)

    def _append_rows(self, sender: str, last: Optional[int], rows: List[Dict[str, Any]], again: bool = False) -> int:
        with self.engine.begin() as connection:
            if is_postgresql(connection):  # SQLite has one writer at a time anyway
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sender, 0))))
            found = self._last_rows(connection, sender, 1)
            if (found[0].id if found else None) == last:
                connection.execute(_events.insert(), rows)
                return self._last_rows(connection, sender, 1)[0].id
            if again and found and found[0].data == rows[-1]["data"]:
                return found[0].id
        raise Overtaken("The conversation changed while its message was being answered.")


def what_a_turn_needs(rows: Sequence[Row], complete: bool, slots: Set[str]) -> Optional[List[Row]]:
    """Of the last events of a conversation, those that make up its state: the last turn, and the newest value of each slot.

    Args:
        rows: The events, the newest at the end.
        complete: Whether these are all.
        slots: The names of the slots whose values matter.

    Returns:
        The events; None where `rows` do not reach back far enough.
    """
    for index in range(len(rows) - 1, -1, -1):
        if rows[index].type_name in _STARTS_ANEW:
            rows, complete = rows[index:], True
            break
    waits = [index for index, row in enumerate(rows)
             if row.type_name == ActionExecuted.type_name and row.action_name == ACTION_LISTEN_NAME]
    if len(waits) <= TURNS:
        return list(rows) if complete else None
    start = waits[-1 - TURNS]
    newest = {row.action_name: row for row in rows if row.type_name == SlotSet.type_name}  # the column has a slot's name too
    if not complete and not slots <= newest.keys():
        return None
    return sorted((row for row in newest.values() if row.id < rows[start].id), key=lambda row: row.id) + list(rows[start:])


def _kept(tracker: DialogueStateTracker) -> _Kept:
    return getattr(tracker, "kept", _Kept())  # Rasa makes the tracker of a new conversation itself


def _row(sender: str, event: Event) -> Dict[str, Any]:
    data = event.as_dict()
    intent = data.get("parse_data", {}).get("intent", {}).get("name")
    return {"sender_id": sender, "type_name": event.type_name, "timestamp": data.get("timestamp"), "intent_name": intent,
            "action_name": data.get("name"), "data": json.dumps(data)}
