"""Half an hour of mixed load over REST against `opi-advisor serve`: does its memory grow, and does every message get its reply?

    uv run python bench/soak.py [--minutes 30]

Eight people with pauses, so that the cores are not busy all the time: dialogues of the development set in both languages, tours, messages
that are too long, requests that are broken, and conversations that are forgotten. Memory is the proportional set size of all processes, by
/proc, every ten seconds; its median in the last minute is held against that in the second one. Writes its table into docs/performance.md
and its drawing into docs/images/, and ends with 1 where a goal is missed. Needs a trained model.
"""
from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

import httpx
import psutil

from curve_figure import Curve, Line, draw, short
from figure_table import machine, table, write_between_markers
from load import dialogues
from opi_advisor.channels.body import MAX_TEXT
from opi_advisor.nlu.model_file import require_model
from opi_advisor.project import ROOT
from tests.conftest import Server

MAX_GROWTH = 1.1  # memory in the last minute against that in the second
MIN_MINUTES = 3
USERS = 8
PAUSES = 0.5, 1.5  # seconds between a reply and the next message, at least and at most
INTERVAL = 10.0  # seconds between two looks at the memory
SEED = 20261125
FORGETS = 0.2  # share of the visits that end with the wish to be forgotten
MODULES = {"opi_advisor.rasa_process": "Rasa process", "opi_advisor.action_process": "action server", "opi_advisor": "serve"}
TOGETHER = "together"
DOCS = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "images" / "soak.svg"
TOURS = (("Start the tour", "next", "b", "next", "What drives the company?", "continue", "a", "next", "Stop the tour"),
         ("Start rundvisningen", "næste", "b", "næste", "Hvad driver virksomheden?", "fortsæt", "a", "næste", "Stop rundvisningen"))
FORGET = ("delete this conversation", "glem samtalen")
BROKEN = (b"", b"{", b"[]", b"\xff", b'{"sender": "soak"}', b'{"sender": "soak", "message": 7}', b'{"sender": "", "message": "hej"}',
          b'{"sender": "soak", "message": "///"}')


@dataclass(frozen=True)
class Step:
    """One request of a visit, and what must come back: the status, and whether the turn is kept."""

    body: bytes
    status: int = 200
    kept: bool = False


@dataclass
class Record:
    """What was seen."""

    replies: List[float] = field(default_factory=list)  # seconds each
    refusals: int = 0  # of broken requests, as it must be
    errors: "Counter[str]" = field(default_factory=Counter)
    minutes: List[float] = field(default_factory=list)  # when memory was looked at
    memory: List[Dict[str, float]] = field(default_factory=list)  # MB by process and TOGETHER


def message(sender: str, text: str, kept: bool = True) -> Step:
    """A message that gets a reply."""
    return Step(json.dumps({"sender": sender, "message": text}).encode(), kept=kept)


def visits(name: str, chance: random.Random, dialogues: Sequence[Sequence[str]]) -> Iterator[List[Step]]:
    """The visits of one person, for ever; each is a conversation of its own, or some broken requests."""
    number = 0
    while True:
        number += 1
        sender = f"soak {name} {number}"
        kind = chance.choices(("dialogue", "tour", "too long", "broken"), (80, 10, 5, 5))[0]
        if kind == "broken":
            yield [Step(body, status=400) for body in chance.sample(BROKEN, 3)]
            continue
        texts = chance.choice(TOURS if kind == "tour" else dialogues)
        steps = [message(sender, text) for text in texts]
        if kind == "too long":
            steps.append(message(sender, "why? " * MAX_TEXT, kept=False))
        if chance.random() < FORGETS:
            steps.append(message(sender, chance.choice(FORGET), kept=False))
        yield steps


def fault(step: Step, status: int, content: Any) -> Optional[str]:
    """What is wrong with an answer, in short; None where nothing is."""
    if status != step.status:
        return f"status {status} in place of {step.status}"
    if status != 200:
        return None
    found = [item["custom"] for item in content if "kind" in item.get("custom", {})]
    if len(found) != 1:
        return "no reply"
    if found[0]["kind"] == "trouble":
        return "reply of kind trouble"
    return None if found[0]["kept"] == step.kept else f"kept is {found[0]['kept']}"


def memory_growth(record: Record) -> Tuple[float, float]:
    """The medians (MB) of the second minute and of the last one."""
    looks = [(minute, sizes[TOGETHER]) for minute, sizes in zip(record.minutes, record.memory)]
    last = record.minutes[-1] - 1
    return (statistics.median(size for minute, size in looks if 1 <= minute < 2),
            statistics.median(size for minute, size in looks if minute >= last))


def missed_goals(record: Record) -> List[str]:
    """The goals that were missed, in words."""
    early, late = memory_growth(record)
    missed = [f"memory grew to {late / early:.2f} times, at most {MAX_GROWTH} is allowed"] if late / early > MAX_GROWTH else []
    return missed + ([f"{sum(record.errors.values())} errors"] if record.errors else [])


async def person(url: str, client: httpx.AsyncClient, name: str, dialogues: Sequence[Sequence[str]], end: float, record: Record) -> None:
    """One of those who write, until the time `end` (by time.monotonic)."""
    chance = random.Random(f"{SEED} {name}")
    for visit in visits(name, chance, dialogues):
        for step in visit:
            await asyncio.sleep(chance.uniform(*PAUSES))
            if time.monotonic() > end:
                return
            await _send(url, client, step, record)


async def _send(url: str, client: httpx.AsyncClient, step: Step, record: Record) -> None:
    began = time.monotonic()
    try:
        answer = await client.post(f"{url}/webhooks/rest/webhook", content=step.body, headers={"Content-Type": "application/json"})
        wrong = fault(step, answer.status_code, answer.json() if answer.status_code == 200 else None)
    except (httpx.TransportError, ValueError) as error:
        wrong = f"no answer ({type(error).__name__})"
    if wrong:
        record.errors[wrong] += 1
    elif step.status == 200:
        record.replies.append(time.monotonic() - began)
    else:
        record.refusals += 1


async def watch(pid: int, began: float, end: float, record: Record) -> None:
    """Look at the memory of a process and its children until the time `end`, and say each minute how it goes."""
    while time.monotonic() < end:
        await asyncio.sleep(min(INTERVAL, max(0.0, end - time.monotonic())))
        minute = (time.monotonic() - began) / 60
        record.memory.append(memory_of(pid))
        if not record.minutes or int(minute) > int(record.minutes[-1]):
            print(f"  minute {minute:.0f}: {len(record.replies)} replies, {sum(record.errors.values())} errors, "
                  f"{record.memory[-1][TOGETHER]:.0f} MB", flush=True)
        record.minutes.append(minute)


def memory_of(pid: int) -> Dict[str, float]:
    """Megabytes (PSS) of an advisor, by process and TOGETHER; one that has just ended counts nothing."""
    found = dict.fromkeys((TOGETHER, *MODULES.values()), 0.0)
    parent = psutil.Process(pid)
    for process in (parent, *parent.children(recursive=True)):
        try:
            size = process.memory_full_info().pss / 1e6
            name = next((name for module, name in MODULES.items() if module in process.cmdline()), None)
        except psutil.NoSuchProcess:
            continue
        found[TOGETHER] += size
        if name:
            found[name] += size
    return found


async def soak(server: Server, minutes: float) -> Record:
    """Have everybody write for so long."""
    record, began = Record(), time.monotonic()
    end, talks = began + 60 * minutes, dialogues()
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        await asyncio.gather(watch(server.process.pid, began, end, record),
                             *(person(server.url, client, str(number), talks, end, record) for number in range(USERS)))
    return record


def report(record: Record, minutes: float) -> str:
    """The table of the docs."""
    early, late = memory_growth(record)
    replies, errors = sorted(record.replies), sum(record.errors.values())
    half, most = statistics.median(replies), replies[int(0.95 * len(replies))]
    explained = ", ".join(f"{count} × {what}" for what, count in sorted(record.errors.items()))
    return table([
        ("figure", "measured"),
        ("duration, people", f"{minutes:g} minutes, {USERS}"),
        ("replies; broken requests refused", f"{len(replies):,}; {record.refusals:,}"),
        ("errors (goal: 0)", f"{errors}" + (f" ({explained})" if errors else "")),
        ("memory in the second minute / in the last one", f"{short(early)} MB / {short(late)} MB"),
        (f"memory, last against second (goal: at most {MAX_GROWTH})", f"{late / early:.3f}"),
        ("replies a second", f"{len(replies) / (60 * minutes):.1f}"),
        ("reply, half within / 95 % within", f"{1000 * half:.0f} ms / {1000 * most:.0f} ms"),
    ])


def curve_of(record: Record, minutes: float) -> Curve:
    """Memory over time, by process."""
    step = max(1, round(minutes / 6))
    lines = [Line(name, "memory (PSS), MB", [sizes[name] for sizes in record.memory]) for name in record.memory[0]]
    return Curve("Memory under load", "minutes", record.minutes, lines, log=False, ticks=range(0, int(minutes) + 1, step))


def main() -> None:
    """Run it, write and print the figures, and end with 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    minutes = parser.parse_args().minutes
    if minutes < MIN_MINUTES:
        parser.error(f"--minutes must be {MIN_MINUTES} or more: the last minute is held against the second")
    require_model()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))  # so that no server is left behind then, too
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            server.wait_until_ready()
            record = asyncio.run(soak(server, minutes))
        finally:
            server.stop()
    draw(curve_of(record, minutes), PICTURE)
    text = f"![Memory under load, by process](images/{PICTURE.name})\n\n{report(record, minutes)}\n\n{machine()}"
    write_between_markers(DOCS, "soak", text)
    print(text)
    missed = missed_goals(record)
    if missed:
        sys.exit(f"Goals missed: {', '.join(missed)}. The logs of the two processes are in var/logs.")


if __name__ == "__main__":
    main()
