"""What one server carries, on PostgreSQL and with Redis as in deploy/: replies a second, waiting, processor time, memory, storage.

    uv run python bench/capacity.py [--seconds 30] [--users 1 8 32 64]

So many people at a time have the dialogues of the development set, and send each message as soon as they have their reply, without the
pauses that real people make. Processor time is that of the server's own processes, so that others on the machine (the people of this
script are among them) change it little; waiting times mean something on a quiet machine only. Needs a trained model.
"""
from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List, Sequence

import psutil

from comparison import percentile_95
from figure_table import table
from load import Items, dialogues, talk
from tests.conftest import Server
from tests.stores.replicas import replica
from tests.stores.services import PostgreSQL, Redis

MEGABYTE = 2**20


@dataclass
class Load:
    """What was measured with so many people."""

    users: int
    seconds: float
    replies: List[float]  # seconds each
    rasa: float  # seconds of processor time
    actions: float


def processor_time(process: psutil.Process) -> float:
    """Seconds that a process has used so far."""
    times = process.cpu_times()
    return times.user + times.system


def was_kept(items: Items) -> bool:
    """Whether an answer says that its turn is stored, and is none that stands in for the action server's."""
    replies = [item["custom"] for item in items if "custom" in item]
    return len(replies) == 1 and replies[0]["kept"] and replies[0]["kind"] != "trouble"


def measure(server: Server, users: int, seconds: float, source: Iterator[Sequence[str]]) -> Load:
    """One run."""
    actions, rasa = map(psutil.Process, server.children())  # in the order in which they are started
    before = processor_time(rasa), processor_time(actions)
    had = asyncio.run(talk(server.url, source, users, f"capacity {users}", seconds, was_kept))
    return Load(users, had.seconds, had.replies, processor_time(rasa) - before[0], processor_time(actions) - before[1])


def row(load: Load) -> List[str]:
    """A row of the table."""
    count = len(load.replies)
    return [str(load.users), f"{count / load.seconds:.1f}", f"{1000 * statistics.median(load.replies):.0f} ms",
            f"{1000 * percentile_95(load.replies):.0f} ms", f"{load.rasa / load.seconds:.2f}", f"{1000 * load.rasa / count:.1f} ms",
            f"{1000 * load.actions / count:.1f} ms"]


def memory(server: Server) -> str:
    """What each process of the server holds: resident, and of that its own share where pages are shared."""
    processes = {"serve": psutil.Process(server.process.pid), **dict(zip(("actions", "rasa"), map(psutil.Process, server.children())))}
    return ", ".join(f"{name} {info.rss / MEGABYTE:.0f} ({info.pss / MEGABYTE:.0f}) MB"
                     for name, info in ((name, process.memory_full_info()) for name, process in processes.items()))


def storage(postgresql: PostgreSQL, database: str, turns: int) -> str:
    """What the turns take in the database, and how many connections are open."""
    connection = postgresql.connect(database)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('turns'), (SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND "
                       "pid <> pg_backend_pid())", [database])
        size, connections = cursor.fetchone()
    connection.close()
    return f"{size / turns / 1024:.1f} KiB a turn in PostgreSQL, with its indexes; {connections} connections to it"


def main() -> None:
    """Measure each number of people in turn, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--users", type=int, nargs="+", default=[1, 8, 32, 64])
    options = parser.parse_args()
    postgresql, redis = PostgreSQL(), Redis()
    try:
        postgresql.start()
        redis.start()
        postgresql.new_database("capacity")
        with tempfile.TemporaryDirectory() as folder:
            began = time.monotonic()
            server = replica(Path(folder) / "server", postgresql, redis, "capacity", "a secret of this benchmark, never used elsewhere")
            try:
                server.wait_until_ready()
                ready = time.monotonic() - began
                used = sum(processor_time(psutil.Process(pid)) for pid in (server.process.pid, *server.children()))
                source = itertools.cycle(dialogues())
                loads = [measure(server, users, options.seconds, source) for users in options.users]
                print(table([["people at a time", "replies a second", "median", "95 % within", "cores busy (Rasa)", "a reply (Rasa)",
                              "a reply (actions)"], *map(row, loads)]))
                print(f"\nready after {ready:.0f} s, for which it used {used:.0f} s of processor time; {os.cpu_count()} cores, "
                      f"load before the end {os.getloadavg()[0]:.1f}")
                print("memory, resident (own share):", memory(server))
                print(storage(postgresql, "capacity", sum(len(load.replies) for load in loads)))
            finally:
                server.stop()
    finally:
        redis.remove()
        postgresql.remove()


if __name__ == "__main__":
    main()
