"""Rasa's SQL tracker store, made fit for long conversations, several servers and databases that fail.

- A turn is one small row (opi_advisor/stores/turns.py), and reads the last one: its cost does not grow with the conversation.
- A turn is written whole or not at all, and only right after the one that it was made from: neither two servers nor one
  that comes back from a long sleep can write over each other. This does not rest on the lock store, which only sees to it
  that such a thing is rare.
- What Rasa's own store has kept, in the table `events` with a row for each event, is read where a conversation has no turns yet.
- The database is used in threads: while it is slow, other people's messages go on.
- What fails is told to whoever answers; see opi_advisor/stores/__init__.py.
"""
from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Callable, List, Optional, Sequence, Tuple, Type, Union

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import ConnectionException
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from opi_advisor.settings import read_settings
from opi_advisor.stores import NotKept, NotRead, Overtaken, StoreError, current_outcome
from opi_advisor.stores.database import CONNECTIONS, is_postgresql, make_table, open_database, reason
from opi_advisor.stores.turns import pack, turns, unpack

logger = logging.getLogger(__name__)

TIMEOUT = 4.0  # seconds for reading a conversation, and for writing a turn
PAUSE = 0.1  # seconds until the next try where a database server takes no connection: perhaps it has just been started again
_GONE = (None, "57P01", "57P02", "57P03")  # PostgreSQL's codes: no connection; shut down by an administrator, by a crash; starting
_events = SQLTrackerStore.SQLEvent.__table__
# The rows of a conversation, and so many of them. Made once: making a statement takes longer than carrying it out.
_NEWEST_FIRST = {table: sa.select(table.c.id, table.c.data).where(table.c.sender_id == sa.bindparam("sender")).order_by(table.c.id.desc())
                 for table in (turns, _events)}
_NEWEST = {table: statement.limit(sa.bindparam("limit", type_=sa.Integer)) for table, statement in _NEWEST_FIRST.items()}

Place = Tuple[str, int]  # in the database: the name of a table, and the id of a row in it


@dataclass(frozen=True)
class _Kept:
    """How much of a tracker is in the database: its first `count` events, of which the last row is at `last`."""

    last: Optional[Place] = None
    count: int = 0


class ConversationStore(SQLTrackerStore):
    """Conversations in the database of the settings."""

    def __init__(self, domain: Optional[Domain] = None, event_broker: Optional[EventBroker] = None,
                 database: Union[Path, str, None] = None, **_: Any):
        """Open the database and make its tables where they are missing.

        Args:
            database: A SQLite file or a PostgreSQL URL; without it, that of the settings.

        Raises:
            ConnectionException: it can't be used. (Rasa's own store would try for ever, and hold the server up.)
        """
        TrackerStore.__init__(self, domain, event_broker)
        self.engine = open_database(database or read_settings(os.environ).database)
        # SQLite has one writer at a time: others would ask for their turn again and again, in ever longer steps, and not in order.
        writers = CONNECTIONS if is_postgresql(self.engine) else 1
        self._readers = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="conversations")
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="turns")
        try:
            self._make_tables()
        except (SQLAlchemyError, OSError) as error:
            raise ConnectionException(f"The database {self.engine.url!r} can't be used ({reason(error)}). Mend it, or have "
                                      "OPI_ADVISOR_DATABASE name another.") from None

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The tracker as after the last turn, with that turn's events only; None for a new conversation."""
        return await self._in_thread(NotRead, self._readers, self._read_last, sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """The tracker with all events that are kept; None for a new conversation."""
        return await self._in_thread(NotRead, self._readers, self._read_all, conversation_id)

    async def keys(self) -> Sequence[str]:
        """The ids of all conversations."""
        return await self._in_thread(NotRead, self._readers, self._senders) or []

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that were added since the tracker was read or saved."""
        outcome, kept = current_outcome(), _kept(tracker)
        added = list(islice(tracker.events, kept.count, None))
        if not added or (outcome and outcome.failure):
            return
        until = time.monotonic() + TIMEOUT
        last = await self._in_thread(NotKept, self._writers, self._append, tracker.sender_id, kept.last, standing_alone(added, tracker), until)
        if last is None:
            return
        tracker.kept = _Kept(last, len(tracker.events))
        if self.event_broker:
            await self._stream_new_events(self.event_broker, added, tracker.sender_id)

    async def _in_thread(self, failure: Type[StoreError], threads: ThreadPoolExecutor, work: Callable[..., Any], *arguments: Any) -> Any:
        """What `work` returns; None where it failed and somebody watches the turn.

        Raises:
            StoreError: it failed, and nobody watches.
        """
        until = time.monotonic() + TIMEOUT
        while True:
            try:
                return await self._once_in_thread(until, threads, work, *arguments)
            except Exception as error:  # every driver has its own, and those of wrong text in ids are no database errors at all
                if not (_is_gone(error) and time.monotonic() + PAUSE < until):
                    failed = error if isinstance(error, StoreError) else failure(f"The database failed: {reason(error)}")
                    break
            await asyncio.sleep(PAUSE)
        logger.error("%s: %s", type(failed).__name__, failed)
        outcome = current_outcome()
        if outcome is None:
            raise failed
        outcome.failure = outcome.failure or failed
        return None

    async def _once_in_thread(self, until: float, threads: ThreadPoolExecutor, work: Callable[..., Any], *arguments: Any) -> Any:
        running = asyncio.get_running_loop().run_in_executor(threads, work, *arguments)
        try:
            done, _ = await asyncio.wait({running}, timeout=until - time.monotonic())
            if not done:
                running.cancel()
                raise asyncio.TimeoutError(f"no answer for {TIMEOUT:.0f} seconds")
            return running.result()
        except asyncio.CancelledError:  # the client is gone: what is being written must be there before the next turn begins
            await asyncio.wait({running}, timeout=TIMEOUT)
            raise

    def _make_tables(self) -> None:
        if isinstance(self.engine.url.database, str) and not is_postgresql(self.engine):
            Path(self.engine.url.database).parent.mkdir(parents=True, exist_ok=True)
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for each other
        with self.engine.begin() as connection:
            make_table(connection, turns)
            make_table(connection, _events)

    def _senders(self) -> List[str]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.union(sa.select(turns.c.sender_id), sa.select(_events.c.sender_id))).scalars())

    def _read_last(self, sender: str) -> Optional[DialogueStateTracker]:
        with self.engine.connect() as connection:
            rows = _last_rows(connection, turns, sender, 2)
            before = [] if rows else _last_rows(connection, _events, sender)
        if not rows:
            return self._shortened(self._whole(sender, before, rows)) if before else None
        events = unpack(rows[-1])
        if not any(event["event"] == UserUttered.type_name for event in events):  # only a slot was set after the turn, or the like
            events = [event for row in rows for event in unpack(row)]
        return self._tracker(sender, deserialise_events(events), _place(turns, rows))

    def _read_all(self, sender: str) -> Optional[DialogueStateTracker]:
        with self.engine.connect() as connection:
            before, rows = _last_rows(connection, _events, sender), _last_rows(connection, turns, sender)
        return self._whole(sender, before, rows) if before or rows else None

    def _whole(self, sender: str, before: Sequence[Row], rows: Sequence[Row]) -> DialogueStateTracker:
        events = [json.loads(row.data) for row in before] + [event for row in rows for event in unpack(row)]
        return self._tracker(sender, deserialise_events(events), _place(turns, rows) or _place(_events, before))

    def _shortened(self, whole: DialogueStateTracker) -> DialogueStateTracker:
        """The same with its last turn only; once for each conversation of before, as what is written then is a turn."""
        events = list(whole.events)
        said = [number for number, event in enumerate(events) if isinstance(event, UserUttered)]
        return self._tracker(whole.sender_id, standing_alone(events[said[-1]:] if said else events, whole), _kept(whole).last)

    def _tracker(self, sender: str, events: List[Event], last: Optional[Place]) -> DialogueStateTracker:
        tracker = DialogueStateTracker.from_events(sender, events, self.domain.slots)
        tracker.kept = _Kept(last, len(tracker.events))
        return tracker

    def _append(self, sender: str, last: Optional[Place], events: List[Event], until: float) -> Place:
        """Write a turn after the row at `last` (None: as the first). Returns its own place; that of a turn that is there already,
        as after a connection that broke before it said so.

        Raises:
            Overtaken: that row is not the last any more.
            NotKept: it is later than `until`, when the turn was given up.
        """
        data = pack([event.as_dict() for event in events])
        with self.engine.begin() as connection:
            if is_postgresql(connection):  # SQLite has one writer at a time anyway
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sender, 0))))
            found = _last_rows(connection, turns, sender, 1)
            if found and bytes(found[0].data) == data:
                return turns.name, found[0].id
            if (_place(turns, found) or _place(_events, _last_rows(connection, _events, sender, 1))) != last:
                raise Overtaken("The conversation changed while its message was being answered.")
            if time.monotonic() > until:
                raise NotKept("The turn was given up before the database took it.")
            row = {"sender_id": sender, "timestamp": events[-1].timestamp, "data": data}
            return turns.name, connection.execute(turns.insert().values(row)).inserted_primary_key[0]


def _is_gone(error: Exception) -> bool:
    """Whether a database server has ended or takes no connection, and may be back in a moment."""
    return isinstance(error, OperationalError) and getattr(error.orig, "pgcode", "another database") in _GONE


def standing_alone(events: List[Event], tracker: DialogueStateTracker) -> List[Event]:
    """The last events of `tracker`, and after them the slots that it has from earlier ones: together they give all its slots."""
    alone = DialogueStateTracker.from_events(tracker.sender_id, events, tracker.slots.values())
    return events + [SlotSet(name, slot.value, events[-1].timestamp) for name, slot in tracker.slots.items()
                     if slot.value != alone.slots[name].value]


def _last_rows(connection: Connection, table: sa.Table, sender: str, limit: Optional[int] = None) -> List[Row]:
    """The last rows of a conversation in `table`, the newest at the end."""
    statement = _NEWEST_FIRST[table] if limit is None else _NEWEST[table]
    return connection.execute(statement, {"sender": sender, "limit": limit}).all()[::-1]


def _place(table: sa.Table, rows: Sequence[Row]) -> Optional[Place]:
    return (table.name, rows[-1].id) if rows else None


def _kept(tracker: DialogueStateTracker) -> _Kept:
    return getattr(tracker, "kept", _Kept())  # Rasa makes the tracker of a new conversation itself
