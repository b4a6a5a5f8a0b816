"""How the cost of a turn grows with the turns before it in the conversation, with our tracker store and with Rasa's own.

Measured on whole advisors over REST, with tests/stores/counted_server.py. Rasa's own store is measured as far as patience reaches.
"""
from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

import yaml

from curve_figure import Curve, Line
from opi_advisor.nlu.model_file import require_model
from opi_advisor.project import ENDPOINTS
from tests.stores.counted_server import QUESTION, CountedServer

TURNS = (1, 10, 50, 100, 200, 500, 1000)
TURNS_OF_RASA = tuple(number for number in TURNS if number <= 200)
EACH = 20  # turns that are measured from each of TURNS on; for turn 1, as many conversations


def measure() -> Curve:
    """Have the conversations; takes about three minutes."""
    require_model()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, posted = _conversation("our store", folder / "ours", TURNS)
        rasas, posted_by_rasa = _conversation("Rasa's own store", folder / "rasa", TURNS_OF_RASA, _with_rasas_store(folder))
    time, size = "processor time of a turn, ms", "posted to the action server, kB"
    return Curve("Turns in one conversation", "turn of the conversation", TURNS, [
        Line("our store", time, ours), Line("Rasa's own store", time, rasas),
        Line("our store", size, posted), Line("Rasa's own store", size, posted_by_rasa)])


def _with_rasas_store(folder: Path) -> Path:
    """An endpoints file as ours, but with Rasa's own store for conversations."""
    endpoints = yaml.safe_load(ENDPOINTS.read_text(encoding="utf-8"))
    endpoints["tracker_store"] = {"type": "SQL", "dialect": "sqlite", "db": str(folder / "rasa.db")}
    path = folder / "endpoints.yml"
    path.write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    return path


def _conversation(name: str, folder: Path, turns: Sequence[int], endpoints: Optional[Path] = None) -> Tuple[List[float], List[float]]:
    """For each of `turns`, the processor time (ms) of one turn and the kilobytes posted to the action server."""
    folder.mkdir()
    with CountedServer(folder, endpoints) as server:
        measured, done = [_some(server, [f"first {number}" for number in range(EACH)])], 0
        for number in turns[1:]:
            for _ in range(done + 1, number):
                server.turn("long", QUESTION)
            measured.append(_some(server, ["long"] * EACH))
            done = number + EACH - 1
            print(f"  {name}: turn {number} of {turns[-1]}", flush=True)
    times, sizes = zip(*measured)
    return list(times), list(sizes)


def _some(server: CountedServer, senders: Sequence[str]) -> Tuple[float, float]:
    began = server.processor_seconds()
    counts = [server.turn(sender, QUESTION) for sender in senders]
    spent = server.processor_seconds() - began
    return 1000 * spent / len(senders), statistics.median(one.posted_bytes for one in counts) / 1000
