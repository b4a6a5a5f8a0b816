"""What a turn costs in the database, with our tracker store and with Rasa's own: bytes, and processor time of reading and writing.

    uv run python bench/turn_storage.py

300 turns in 30 conversations with questions of the development set are answered once, by the trained model and the actions; what came
of it is then kept turn by turn by each store, in SQLite and in PostgreSQL. Bytes are those of all tables with their indexes, without
what empty ones take. Processor time is that of this process, the driver of the database included. Takes about two minutes; needs a
trained model.
"""
from __future__ import annotations

import os

# as `opi-advisor serve` sets them
os.environ.update(OPENBLAS_NUM_THREADS="1", TF_CPP_MIN_LOG_LEVEL="3", SQLALCHEMY_SILENCE_UBER_WARNING="1", RASA_TELEMETRY_ENABLED="false")

import asyncio
import itertools
import logging
import random
import secrets
import statistics
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import sqlalchemy as sa
import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from figure_table import table
from opi_advisor.evaluation import read_cases
from opi_advisor.model import fitting_model
from opi_advisor.project import ROOT
from opi_advisor.stores.tracker_store import ConversationStore
from tests.stores.services import PostgreSQL

CONVERSATIONS, TURNS_EACH = 30, 10
_SIZE = {"sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
         "postgresql": "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
                       "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"}

Turns = Dict[str, List[List[Event]]]  # by conversation


def questions() -> Iterator[str]:
    """The messages of the development set, with the dialogues of both languages in one random order."""
    cases = list(read_cases(sorted((ROOT / "tests" / "evaluation").glob("dev-*.jsonl"))))
    random.Random(1).shuffle(cases)
    return itertools.chain.from_iterable([turn["user"] for turn in case["turns"]] for case in cases)


class Actions(EndpointConfig):
    """The actions in this process, in place of a server."""

    executor = ActionExecutor()
    executor.register_package("actions")

    async def request(self, *_: Any, **options: Any) -> Any:
        """Run the action that Rasa asks for."""
        return await self.executor.run(options["json"])


async def real_turns() -> Tuple[Domain, Turns]:
    """The domain, and the events of all turns as Rasa makes them."""
    model = fitting_model()
    if model is None:
        raise SystemExit("No trained model fits the project as it is now. Run `uv run opi-advisor train` first.")
    turns: Turns = {}
    agent = Agent.load(str(model), action_endpoint=Actions("http://none"))
    agent.processor.tracker_store = store = InMemoryTrackerStore(agent.domain)
    asked = questions()
    for _ in range(CONVERSATIONS):
        sender, done = f"page-{secrets.token_urlsafe(16)}-{secrets.token_urlsafe(16)}", 0  # as the page's are
        turns[sender] = []
        for _ in range(TURNS_EACH):
            await agent.handle_message(UserMessage(next(asked), CollectingOutputChannel(), sender, input_channel="page"))
            events = list((await store.retrieve(sender)).events)
            turns[sender].append(events[done:])
            done = len(events)
    return agent.domain, turns


async def measure(store: SQLTrackerStore, domain: Domain, turns: Turns) -> List[str]:
    """Keep all turns, one of each conversation after another. Returns the cells of the table."""
    store.domain = domain
    empty, reads, writes = _size(store), [], []
    for number in range(TURNS_EACH):
        for sender, its_turns in turns.items():
            began = time.process_time()
            tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
            reads.append(time.process_time() - began)
            tracker.update_with_events(its_turns[number], domain)
            began = time.process_time()
            await store.save(tracker)
            writes.append(time.process_time() - began)
    size = (_size(store) - empty) / (CONVERSATIONS * TURNS_EACH)
    store.engine.dispose()
    return [f"{size:,.0f}", *(f"{1000 * statistics.median(times):.1f} ms" for times in (reads[CONVERSATIONS:], writes))]


def _size(store: SQLTrackerStore) -> int:
    with store.engine.connect() as connection:
        return connection.execute(sa.text(_SIZE[connection.dialect.name])).scalar() or 0


async def main() -> None:
    """Measure each store on each database, and print the table."""
    domain, turns = await real_turns()
    rows = [["database", "store", "bytes a turn", "reading, after the first turn", "writing"]]
    postgresql = PostgreSQL()
    try:
        postgresql.start()
        with tempfile.TemporaryDirectory() as folder:
            for database, name, store in (
                ("SQLite", "ours", ConversationStore(database=Path(folder) / "ours.db")),
                ("SQLite", "Rasa's", SQLTrackerStore(db=str(Path(folder) / "rasa.db"))),
                ("PostgreSQL", "ours", ConversationStore(database=postgresql.new_database("ours"))),
                ("PostgreSQL", "Rasa's", SQLTrackerStore(host=postgresql.new_database("rasas"))),
            ):
                rows.append([database, name, *await measure(store, domain, turns)])
    finally:
        postgresql.remove()
    print(table(rows))


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    asyncio.run(main())
