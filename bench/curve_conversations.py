"""How the store's part of a turn grows with the conversations that are kept, on SQLite and on PostgreSQL.

The conversations are copies of a real one of two turns, as the store has written it. Measured is what the store does in a turn, reading
and writing, for a new conversation and for one that has been kept; it is put back as it was after each point. PostgreSQL runs as in the
tests, on this machine and without waiting for the disk.
"""
from __future__ import annotations

import asyncio
import json
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import List, Optional, Sequence, Tuple, Union

import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from curve_figure import Curve, Line
from opi_advisor.nlu.model_file import require_model
from opi_advisor.project import ROOT
from opi_advisor.stores.database import is_postgresql, open_database
from opi_advisor.stores.tracker_store import ConversationStore
from tests.stores.counted_server import QUESTION, CountedServer
from tests.stores.services import PostgreSQL

CONVERSATIONS = (1, 10, 100, 1_000, 10_000, 100_000)
EACH = 50  # turns that are measured for each figure
AT_ONCE = 1_000  # conversations that are written in one transaction, with their turns among each other as if all went on at the same time
SEED = 20261125
COLUMNS = "type_name, timestamp, intent_name, action_name, data"
COPY = f"""
    INSERT INTO events (sender_id, {COLUMNS})
    WITH RECURSIVE numbers(number) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT number + 1 FROM numbers WHERE number < :last)
    SELECT 'conversation ' || number, {COLUMNS} FROM numbers CROSS JOIN template ORDER BY turn, number, place"""
_template = sa.Table(
    "template", sa.MetaData(), sa.Column("turn", sa.Integer), sa.Column("place", sa.Integer), sa.Column("type_name", sa.String),
    sa.Column("timestamp", sa.Float), sa.Column("intent_name", sa.String), sa.Column("action_name", sa.String), sa.Column("data", sa.Text))


def measure() -> Curve:
    """Fill both databases step by step; takes about four minutes and 4 GB of disk."""
    require_model()
    domain, axis = Domain.load(str(ROOT / "domain.yml")), "reading and writing a turn, ms"
    postgresql = PostgreSQL()
    try:
        postgresql.start()
        with tempfile.TemporaryDirectory() as name:
            conversation = a_conversation(Path(name))
            on_sqlite = _fill_and_measure("SQLite", Path(name) / "many.db", domain, conversation)
        on_postgresql = _fill_and_measure("PostgreSQL", postgresql.new_database("many"), domain, conversation)
    finally:
        postgresql.remove()
    return Curve("Conversations in the store", "conversations in the store", CONVERSATIONS, [
        Line(f"{what} conversation", f"{kind}: {axis}", values) for kind, measured in (("SQLite", on_sqlite), ("PostgreSQL", on_postgresql))
        for what, values in zip(("new", "known"), zip(*measured))])


def a_conversation(folder: Path) -> List[dict]:
    """The rows of a real conversation of two turns, each with the number of its turn."""
    with CountedServer(folder) as server:
        server.turn("a", QUESTION)
        server.turn("a", QUESTION)
    engine = open_database(folder / "conversations.db")
    with engine.connect() as connection:
        rows = connection.execute(sa.text(f"SELECT {COLUMNS} FROM events WHERE sender_id = 'a' ORDER BY id")).mappings().all()
    engine.dispose()
    turn, found = 1, []
    for place, row in enumerate(rows):
        turn += row["type_name"] == "user" and any(earlier["type_name"] == "user" for earlier in found)
        found.append({"turn": turn, "place": place, **row})
    return found


def _fill_and_measure(name: str, database: Union[Path, str], domain: Domain, conversation: Sequence[dict]) -> List[Tuple[float, float]]:
    """For each of CONVERSATIONS, the milliseconds of a turn of a new conversation and of a known one."""
    store, kept, measured = ConversationStore(domain, database=database), 0, []
    with store.engine.begin() as connection:
        _template.create(connection)
        connection.execute(_template.insert(), conversation)
    for number in CONVERSATIONS:
        for first in range(kept + 1, number + 1, AT_ONCE):
            with store.engine.begin() as connection:
                connection.execute(sa.text(COPY), {"first": first, "last": min(first + AT_ONCE - 1, number)})
        kept = number
        measured.append(asyncio.run(_turns(store, number, conversation)))
        print(f"  {name}: {number:,} of {CONVERSATIONS[-1]:,} conversations", flush=True)
    store.engine.dispose()
    return measured


async def _turns(store: ConversationStore, kept: int, conversation: Sequence[dict]) -> Tuple[float, float]:
    with store.engine.begin() as connection:
        if is_postgresql(connection):  # as it does by itself after a while
            connection.execute(sa.text("ANALYZE events"))
        last = connection.execute(sa.text("SELECT max(id) FROM events")).scalar()
    chance = random.Random(SEED)
    new = [await _turn(store, f"new {number}", _events(conversation, 1)) for number in range(EACH)]
    known = [await _turn(store, f"conversation {chance.randint(1, kept)}", _events(conversation, 2)) for _ in range(EACH)]
    with store.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM events WHERE id > :last"), {"last": last})
    return statistics.median(new), statistics.median(known)


def _events(conversation: Sequence[dict], turn: int) -> List[Event]:
    return deserialise_events([json.loads(row["data"]) for row in conversation if row["turn"] == turn])


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
