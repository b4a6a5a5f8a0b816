"""What a turn costs late in a long conversation, with our tracker store and with Rasa's own in the same run.

    uv run python bench/growth.py

For each store: processor time of a whole turn in this process (the action server's own 1 to 2 ms not counted), and the bytes that are
posted to the action server, around turn 1, 50, 200 and 500 of one conversation. Takes about four minutes; needs a trained model.
"""
from __future__ import annotations

import os

# as `opi-advisor serve` sets them
os.environ.update(TF_INTRA_OP_PARALLELISM_THREADS="1", OPENBLAS_NUM_THREADS="1", TF_CPP_MIN_LOG_LEVEL="3",
                  SQLALCHEMY_SILENCE_UBER_WARNING="1", RASA_TELEMETRY_ENABLED="false")

import asyncio
import json
import logging
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import httpx
import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore, TrackerStore
from rasa.utils.endpoints import EndpointConfig

from figure_table import table
from opi_advisor.model import fitting_model
from opi_advisor.project import ROOT
from opi_advisor.serving import free_port
from opi_advisor.stores.tracker_store import ConversationStore

TURNS = (1, 50, 200, 500)
AROUND = 10  # turns on each side that are measured too; for turn 1, as many conversations
QUESTIONS = ("Why is the municipality so slow to decide?", "and the company?", "Hvad driver virksomheden?", "What do we do about it?")


class CountingEndpoint(EndpointConfig):
    """An action server whose posted bytes are counted."""

    posted = 0

    async def request(self, *arguments: Any, **options: Any) -> Any:
        """As Rasa's; `json` is what it posts."""
        self.posted = len(json.dumps(options.get("json")))
        return await super().request(*arguments, **options)


@contextmanager
def action_server() -> Iterator[str]:
    """A running action server; gives its URL."""
    port = free_port()
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while not _answers(f"http://127.0.0.1:{port}/health"):
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/webhook"
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


async def turn(agent: Agent, endpoint: CountingEndpoint, sender: str, number: int) -> Tuple[float, int]:
    """Have one turn; returns its processor time in ms and the bytes posted to the action server."""
    channel = CollectingOutputChannel()
    began = time.process_time()
    await agent.handle_message(UserMessage(QUESTIONS[number % len(QUESTIONS)], channel, sender))
    spent = 1000 * (time.process_time() - began)
    assert any("kind" in item.get("custom", {}) for item in channel.messages), channel.messages
    return spent, endpoint.posted


async def measure(agent: Agent, endpoint: CountingEndpoint, store: TrackerStore) -> Dict[int, Tuple[float, int]]:
    """The medians around each of TURNS."""
    agent.processor.tracker_store = FailSafeTrackerStore(store)
    store.domain = agent.domain
    first = [await turn(agent, endpoint, f"first {number}", 0) for number in range(2 * AROUND)]
    all_turns = [await turn(agent, endpoint, "long", number) for number in range(max(TURNS) + AROUND)]
    return {number: _medians(first if number == 1 else all_turns[number - AROUND:number + AROUND]) for number in TURNS}


def _medians(turns: List[Tuple[float, int]]) -> Tuple[float, int]:
    times, sizes = zip(*turns)
    return statistics.median(times), int(statistics.median(sizes))


def figures(name: str, measured: Dict[int, Tuple[float, int]]) -> List[str]:
    """One row of the table."""
    cells = [f"{measured[number][0]:.0f} ms, {measured[number][1] / 1000:.0f} kB" for number in TURNS]
    return [name, *cells, f"{measured[TURNS[-1]][0] / measured[1][0]:.2f}"]


async def main() -> None:
    """Measure both stores and print the table."""
    model = fitting_model()
    if model is None:
        raise SystemExit("No trained model fits the project as it is now. Run `uv run opi-advisor train` first.")
    rows = [["store", *(f"turn {number}" for number in TURNS), f"turn {TURNS[-1]} / turn 1"]]
    with action_server() as url, tempfile.TemporaryDirectory() as folder:
        endpoint = CountingEndpoint(url)
        agent = Agent.load(str(model), action_endpoint=endpoint)
        await turn(agent, endpoint, "warm up", 0)
        for name, store in (("ours", ConversationStore(database=Path(folder) / "ours.db")),
                            ("Rasa's", SQLTrackerStore(db=str(Path(folder) / "rasa.db")))):
            rows.append(figures(name, await measure(agent, endpoint, store)))
    print(table(rows))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    asyncio.run(main())
