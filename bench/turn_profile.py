"""Where the processor time of a turn goes, in the Rasa process and in the action server: a sampling profile under load.

    uv run python bench/turn_profile.py [--seconds 30]

Starts `opi-advisor serve`, has eight people talk to it (bench/load.py), and has py-spy look a hundred times a second at what each of
the two processes does. Each look counts for the first part below that stands in the stack. Writes its table into docs/performance.md; takes about a
minute and a half. Needs a trained model, and the right to look into other processes (root, or `kernel.yama.ptrace_scope` 0).
"""
from __future__ import annotations

import argparse
import asyncio
import itertools
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

from contenders import Advisor
from figure_table import machine, table, write_between_markers
from load import dialogues, talk
from opi_advisor.nlu.model_file import require_model
from opi_advisor.project import ROOT

USERS, RATE, WARM_UP = 8, 100, 5.0  # people, looks a second, seconds
# In this order: the first that a stack has counts. Each is a part of a frame's name, "function (file:line)".
PARTS: Dict[str, Sequence[str]] = {
    "the encoder": ("nlu/encoder.py", "nlu/pieces.py", "nlu/encoder_file.py"),
    "n-grams, views and heads": ("opi_advisor/nlu/",),
    "rules and policies": ("rasa/core/policies/", "rasa/core/featurizers/"),
    "calling the action server": ("channels/action_server.py", "rasa/core/actions/action.py", "aiohttp/"),
    "reading and writing the turn, the disk included": ("opi_advisor/stores/", "sqlalchemy/", "rasa/core/tracker_store.py"),
    "masking personal numbers": ("opi_advisor/privacy/",),
    "the action itself": ("actions/conversation.py", "opi_advisor/dialogue.py", "opi_advisor/reply.py", "opi_advisor/render.py"),
    "Rasa's graph and tracker": ("rasa/engine/", "dask/", "rasa/shared/", "rasa/core/"),
    "HTTP": ("sanic/", "opi_advisor/channels/", "rasa_sdk/", "opi_advisor/action_process.py"),
}
OTHER = "all else"
IDLE = "concurrent/futures/thread.py"  # a stack that ends there is a thread that waits for work


def part_of(stack: str) -> str:
    """The part that a stack belongs to: py-spy's frames, the outermost first, joined by ";"."""
    return next((part for part, marks in PARTS.items() if any(mark in stack for mark in marks)), OTHER)


def shares(profile: str) -> "Counter[str]":
    """How many looks each part had, of py-spy's raw format: a line "stack count" for each stack that did something."""
    counts: "Counter[str]" = Counter()
    for line in profile.splitlines():
        stack, _, count = line.rpartition(" ")
        if IDLE not in stack.rpartition(";")[2]:
            counts[part_of(stack)] += int(count)
    return counts


def look_at(pid: int, seconds: float, folder: Path) -> Tuple["subprocess.Popen[bytes]", Path]:
    """Have py-spy look at a process that uses the processor; returns its process, and the file that it writes."""
    path = folder / f"{pid}.raw"
    command = [str(Path(sys.executable).with_name("py-spy")), "record", "--pid", str(pid), "--duration", str(int(seconds)), "--rate", str(RATE),
               "--format", "raw", "--full-filenames", "--output", str(path)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), path


async def profiles(server: Advisor, seconds: float, folder: Path) -> Tuple[List["Counter[str]"], int]:
    """The shares of the Rasa process and of the action server under load, and the number of turns meanwhile.

    Raises:
        RuntimeError: py-spy could not look, or a message got no reply.
    """
    source = itertools.cycle(dialogues())
    await talk(server.url, source, USERS, "warm up", WARM_UP)
    actions, rasa = server.roots()[0].children()
    looking = [look_at(process.pid, seconds, folder) for process in (rasa, actions)]
    had = await talk(server.url, source, USERS, "profile", seconds)
    found = []
    for process, path in looking:
        if await asyncio.to_thread(process.wait) or not path.is_file():
            raise RuntimeError("py-spy could not look into the processes: run this as root, or set kernel.yama.ptrace_scope to 0.")
        found.append(shares(path.read_text(encoding="utf-8")))
    return found, len(had.replies)


def report(found: Sequence["Counter[str]"], turns: int) -> str:
    """The table of the docs: milliseconds a turn of each part in each process."""
    rows = [["part of a turn", "Rasa process, ms", "action server, ms"]]
    for part in (*PARTS, OTHER):
        if any(counts[part] for counts in found):
            rows.append([part, *(f"{1000 / RATE * counts[part] / turns:.1f}" for counts in found)])
    rows.append(["together", *(f"{1000 / RATE * sum(counts.values()) / turns:.1f}" for counts in found)])
    return f"{table(rows)}\n\n{turns} turns. {machine()}"


def main() -> None:
    """Measure, print, and write into the docs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    require_model()
    with tempfile.TemporaryDirectory() as folder:
        server = Advisor(Path(folder))
        try:
            server.wait_until_ready()
            text = report(*asyncio.run(profiles(server, options.seconds, Path(folder))))
        finally:
            server.stop()
    write_between_markers(ROOT / "docs" / "performance.md", "profile", text)
    print(text)


if __name__ == "__main__":
    main()
