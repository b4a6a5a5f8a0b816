"""How the store's part of a turn grows with the conversations that are kept, on SQLite and on PostgreSQL.

The conversations are copies of a real one of two turns, as the store has written it. Measured is what the store does in a turn, reading
and writing, for a new conversation and for one that has been kept, in databases of each size in turn. PostgreSQL runs as in the tests,
on this machine and without waiting for the disk.
"""
from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Union

import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from curve_figure import Curve, Line
from opi_advisor.nlu.model_file import require_model
from opi_advisor.project import ROOT
from opi_advisor.stores.database import is_postgresql, open_database
from opi_advisor.stores.tracker_store import ConversationStore
from opi_advisor.stores.turns import turns, unpack
from tests.stores.counted_server import QUESTION, CountedServer
from tests.stores.services import PostgreSQL

CONVERSATIONS = (1, 10, 100, 1_000, 10_000, 100_000)
EACH = 50  # turns that are measured for each figure
AT_ONCE = 1_000  # conversations that are written in one transaction, with their turns among each other as if all went on at the same time
SEED = 20261125
COLUMNS = "timestamp, data"
COPY = f"""
    INSERT INTO turns (sender_id, {COLUMNS})
    WITH RECURSIVE numbers(number) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT number + 1 FROM numbers WHERE number < :last)
    SELECT 'conversation ' || number, {COLUMNS} FROM numbers CROSS JOIN template ORDER BY turn, number"""
_template = sa.Table("template", sa.MetaData(), sa.Column("turn", sa.Integer), sa.Column("timestamp", sa.Float), sa.Column("data", sa.LargeBinary))


def measure() -> Curve:
    """Fill databases of each size, and take turns in them in turn; takes about two minutes and half a GB of disk."""
    require_model()
    postgresql = PostgreSQL()
    try:
        postgresql.start()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            conversation = a_conversation(folder)
            on_sqlite = _fill_and_measure("SQLite", [folder / f"{kept}.db" for kept in CONVERSATIONS], conversation)
        on_postgresql = _fill_and_measure("PostgreSQL", [postgresql.new_database(str(kept)) for kept in CONVERSATIONS], conversation)
    finally:
        postgresql.remove()
    return Curve("Conversations in the store", "conversations in the store", CONVERSATIONS, [
        Line(f"{what} conversation", f"reading and writing a turn in {kind}, ms", values)
        for kind, measured in (("SQLite", on_sqlite), ("PostgreSQL", on_postgresql)) for what, values in measured.items()])


def a_conversation(folder: Path) -> List[dict]:
    """The rows of a real conversation, one for each of its two turns, with the number of the turn."""
    with CountedServer(folder) as server:
        server.turn("a", QUESTION)
        server.turn("a", QUESTION)
    engine = open_database(folder / "conversations.db")
    with engine.connect() as connection:
        rows = connection.execute(sa.select(turns).where(turns.c.sender_id == "a").order_by(turns.c.id)).all()
    engine.dispose()
    return [{"turn": turn, "timestamp": row.timestamp, "data": row.data, "events": unpack(row)} for turn, row in enumerate(rows, 1)]


def _fill_and_measure(name: str, databases: Sequence[Union[Path, str]], conversation: Sequence[dict]) -> Dict[str, List[float]]:
    """The milliseconds of a turn of a new conversation and of a known one in each of the databases, which get CONVERSATIONS."""
    domain = Domain.load(str(ROOT / "domain.yml"))
    stores = [ConversationStore(domain, database=database) for database in databases]
    last = []
    for store, kept in zip(stores, CONVERSATIONS):
        last.append(_fill(store, kept, conversation))
        print(f"  {name}: {kept:,} of {CONVERSATIONS[-1]:,} conversations", flush=True)
    measured = asyncio.run(_turns(stores, last, conversation))
    for store in stores:
        store.engine.dispose()
    return measured


def _fill(store: ConversationStore, kept: int, conversation: Sequence[dict]) -> int:
    """Have so many conversations in the store; returns the id of its last row."""
    with store.engine.begin() as connection:
        _template.create(connection)
        connection.execute(_template.insert(), [{name: row[name] for name in _template.c.keys()} for row in conversation])
    _copy(store, 1, AT_ONCE)  # else the files of the small databases would still grow with each turn, which takes the disk longer
    _delete_after(store, 0)
    for first in range(1, kept + 1, AT_ONCE):
        _copy(store, first, min(first + AT_ONCE - 1, kept))
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if is_postgresql(connection):  # what it does by itself after a while
            for statement in ("SET statement_timeout = 0", "VACUUM ANALYZE turns", "CHECKPOINT", "RESET statement_timeout"):
                connection.execute(sa.text(statement))
        return connection.execute(sa.text("SELECT max(id) FROM turns")).scalar()


def _copy(store: ConversationStore, first: int, last: int) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text(COPY), {"first": first, "last": last})


def _delete_after(store: ConversationStore, last: int) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM turns WHERE id > :last"), {"last": last})


async def _turns(stores: Sequence[ConversationStore], last: Sequence[int], conversation: Sequence[dict]) -> Dict[str, List[float]]:
    """In all stores in turn, so that what else goes on in the machine meets all alike; each is put back as it was."""
    chance = random.Random(SEED)
    new: List[List[float]] = [[] for _ in stores]
    known: List[List[float]] = [[] for _ in stores]
    for number in range(EACH):
        for place, (store, kept) in enumerate(zip(stores, CONVERSATIONS)):
            new[place].append(await _turn(store, f"new {number}", _events(conversation, 1)))
            known[place].append(await _turn(store, f"conversation {chance.randint(1, kept)}", _events(conversation, 2)))
            _delete_after(store, last[place])
    return {"new": [statistics.median(times) for times in new], "known": [statistics.median(times) for times in known]}


def _events(conversation: Sequence[dict], turn: int) -> List[Event]:
    return deserialise_events(conversation[turn - 1]["events"])


async def _turn(store: ConversationStore, sender: str, events: List[Event]) -> float:
    """Milliseconds that the store needs for one turn."""
    began = time.perf_counter()
    tracker: Optional[DialogueStateTracker] = await store.retrieve(sender)
    read = time.perf_counter() - began
    tracker = tracker or DialogueStateTracker(sender, store.domain.slots)
    tracker.update_with_events(events, store.domain)
    began = time.perf_counter()
    await store.save(tracker)
    return 1000 * (read + time.perf_counter() - began)
