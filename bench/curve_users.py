"""How replies and waiting change with the people who write at once, over REST against one `opi-advisor serve` on SQLite.

The people are those of bench/capacity.py: dialogues of the development set, each message as soon as the reply before it is there.
"""
from __future__ import annotations

import itertools
import statistics
import tempfile
from pathlib import Path

from capacity import measure as measure_load
from comparison import percentile_95
from curve_figure import Curve, Line
from load import dialogues
from opi_advisor.nlu.model_file import require_model
from tests.conftest import Server

USERS = (1, 2, 4, 8, 16, 32, 64, 128)
SECONDS, WARM_UP = 15.0, 5.0  # for each number of people, and before


def measure() -> Curve:
    """Let more and more people write; takes about three minutes."""
    require_model()
    loads, source = [], itertools.cycle(dialogues())
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            server.wait_until_ready()
            measure_load(server, 4, WARM_UP, source)  # the first messages after the start are slower
            for users in USERS:
                loads.append(measure_load(server, users, SECONDS, source))
                print(f"  {users} of {USERS[-1]} people: {len(loads[-1].replies)} replies", flush=True)
        finally:
            server.stop()
    waiting = "wait for a reply, ms"
    return Curve("People who write at once", "people at once", USERS, [
        Line("", "replies a second", [len(load.replies) / load.seconds for load in loads]),
        Line("half within", waiting, [1000 * statistics.median(load.replies) for load in loads]),
        Line("95 % within", waiting, [1000 * percentile_95(load.replies) for load in loads]),
        Line("", "processor time of a reply, ms", [1000 * (load.rasa + load.actions) / len(load.replies) for load in loads])])
