"""Two advisors on one PostgreSQL and one Redis under load, while each part is killed in turn: is anything lost?

    uv run python bench/replicas.py [--turns 2000] [--users 64] [--calm]

Each person sends two messages of a conversation at the same moment, through a balancer that gives each to the next server, and sends a
message again that is not acknowledged as kept. In the middle, one after another: `kill -9` of one server's Rasa process, of its
action server, of the other server as a whole, of Redis, of PostgreSQL, each started again. Then the database is counted against
what the people saw. Takes about five minutes; needs a trained model. `--calm`: nothing is killed.
"""
from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Awaitable, Callable, List, Tuple

from figure_table import table
from tests.conftest import Server
from tests.stores.replicas import Crowd, Talk, count, replicas
from tests.stores.services import PostgreSQL, Redis, Service

TURNS_EACH = 10  # of a conversation
DOWN = 1.0  # seconds until Redis or PostgreSQL is started again


@dataclass
class Kill:
    """What was killed, and when, by time.monotonic."""

    what: str
    began: float
    back: float  # when what does not come back by itself was started again


class Disturber:
    """Kills one part after another, each once the one before is back and some turns have passed."""

    def __init__(self, servers: List[Server], postgresql: PostgreSQL, redis: Redis):
        self.kills: List[Kill] = []
        self._servers, self._postgresql, self._redis = servers, postgresql, redis

    async def run(self, talk: Talk, turns: int) -> None:
        """Spread the kills over a talk of so many turns."""
        parts: Tuple[Tuple[str, Callable[[], Awaitable[float]]], ...] = (
            ("Rasa process", lambda: self._kill_child(0, -1)), ("action server", lambda: self._kill_child(1, 0)),
            ("whole server", self._kill_server), ("Redis", lambda: self._restart(self._redis)),
            ("PostgreSQL", lambda: self._restart(self._postgresql)))
        for number, (what, kill) in enumerate(parts, 1):
            while talk.turns < turns * number / (len(parts) + 1) or not await self._all_ready():
                await asyncio.sleep(0.05)
            began = time.monotonic()
            self.kills.append(Kill(what, began, await kill()))

    async def _all_ready(self) -> bool:
        return all([await asyncio.to_thread(server.client.is_ready) for server in self._servers])

    async def _kill_child(self, server: int, child: int) -> float:
        os.kill(self._servers[server].children()[child], signal.SIGKILL)
        return time.monotonic()

    async def _kill_server(self) -> float:
        """With all its processes; started again at the same port, as an orchestrator does."""
        server = self._servers[0]
        for pid in (server.process.pid, *server.children()):
            with suppress(ProcessLookupError):  # the others go with the first one
                os.kill(pid, signal.SIGKILL)
        killed = time.monotonic()
        await asyncio.to_thread(server.process.wait)
        while server.process.poll() is not None:  # the port may not be free at once
            server.start()
            await asyncio.sleep(2.0)
        return killed

    async def _restart(self, service: Service) -> float:
        service.kill()
        await asyncio.sleep(DOWN)
        await asyncio.to_thread(service.start)
        return time.monotonic()


def report(talk: Talk, kills: List[Kill], seconds: float) -> str:
    """What happened after each kill, by what the people saw."""
    rows = [["killed", "messages not acknowledged", "most in one conversation", "went on after at most", "why"]]
    for number, kill in enumerate(kills):
        until = kills[number + 1].began if number + 1 < len(kills) else float("inf")
        failures = [failure for failure in talk.failures if kill.began <= failure.at < until]
        failed, why = Counter(failure.sender for failure in failures), Counter(failure.why for failure in failures)
        ends = [end - kill.back for begin, end in talk.pauses if kill.began <= begin < until]
        rows.append([kill.what, str(len(failures)), str(max(failed.values(), default=0)), f"{max(ends, default=0):.1f} s",
                     ", ".join(f"{times} {reason}" for reason, times in why.items())])
    first = kills[0].began if kills else float("inf")
    before = len([failure for failure in talk.failures if failure.at < first])
    replies = sorted(took for at, took in talk.replies if at < first)
    return "\n".join([
        table(rows), "", f"{talk.turns} turns in {seconds:.0f} s, {talk.turns / seconds:.1f} a second",
        f"before anything was killed: {before} message(s) not acknowledged; replies: median {statistics.median(replies):.1f} s, 95 % within "
        f"{replies[int(0.95 * len(replies))]:.1f} s, the last after {replies[-1]:.1f} s"])


async def have_talk(servers: List[Server], postgresql: PostgreSQL, redis: Redis, turns: int, users: int, calm: bool) -> Tuple[Talk, str]:
    """Have it, with or without kills. Returns what the people saw, and the report."""
    crowd = Crowd([server.url for server in servers], turns // TURNS_EACH, TURNS_EACH, users)
    disturber, began = Disturber(servers, postgresql, redis), time.monotonic()
    disturbing = None if calm else asyncio.create_task(disturber.run(crowd.talk, turns))
    talk = await crowd.run()
    seconds = time.monotonic() - began
    if disturbing:
        disturbing.cancel()  # where the talk was over before everything was killed, the table says what was
    return talk, report(talk, disturber.kills, seconds)


def main() -> None:
    """Run it, print the figures, and end with 1 where anything was lost, doubled or out of order."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=2000)
    parser.add_argument("--users", type=int, default=64)
    parser.add_argument("--calm", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))  # so that nothing is left behind then, too
    services: List[Service] = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            postgresql, redis = PostgreSQL(), Redis()
            services += [postgresql, redis]
            for service in services:
                service.start()
            url = postgresql.new_database("replicas")
            with replicas(Path(folder), postgresql, redis, "replicas") as servers:
                talk, text = asyncio.run(have_talk(servers, postgresql, redis, options.turns, options.users, options.calm))
            print(text)
            counted = count(talk, url)
            print(counted)
    finally:
        for service in services:
            service.remove()
    raise SystemExit(1 if counted.faults else 0)


if __name__ == "__main__":
    main()
