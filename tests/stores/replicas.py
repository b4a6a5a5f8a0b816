"""Two real advisors on one PostgreSQL and one Redis, people who talk to both at the same moment, and what the database has of it."""
from __future__ import annotations

import asyncio
import itertools
import random
import re
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence, Tuple

import httpx

from opi_advisor.channels.errors import RETRY_AFTER
from tests.conftest import Server
from tests.stored_turns import stored_events
from tests.stores.services import PostgreSQL, Redis

QUESTIONS = ("Why is the municipality so slow to decide?", "And the company?", "Hvad driver virksomheden?", "What do we do about it?")
PATIENCE = 60.0  # seconds after which a message that gets no reply is given up
BROKEN = "the connection broke"
AT_ONCE = 2  # messages of one conversation that are sent at the same moment
NO_LIMITS = {"OPI_ADVISOR_RATE_CONVERSATION": "off", "OPI_ADVISOR_RATE_ADDRESS": "off"}


def replica(folder: Path, postgresql: PostgreSQL, redis: Redis, database: str, secret: str) -> Server:
    """One more advisor (not ready yet) for the same conversations; `database` is a name in `postgresql`."""
    folder.mkdir()
    return Server(folder, settings={"OPI_ADVISOR_DATABASE": postgresql.url(database), "OPI_ADVISOR_REDIS": redis.url,
                                    "OPI_ADVISOR_SECRET": secret, **NO_LIMITS})


@contextmanager
def replicas(folder: Path, postgresql: PostgreSQL, redis: Redis, database: str, count: int = 2) -> Iterator[List[Server]]:
    """So many advisors that are ready."""
    secret = "a secret of the tests, the same for all replicas"
    servers = [replica(folder / str(number), postgresql, redis, database, secret) for number in range(count)]
    try:
        for server in servers:
            server.wait_until_ready()
        yield servers
    finally:
        for server in servers:
            server.process.terminate()  # together, as each takes its time
        for server in servers:
            server.stop()


@dataclass
class Failure:
    """A message that was not acknowledged."""

    sender: str
    at: float  # by time.monotonic
    why: str


@dataclass
class Talk:
    """What the people saw: for each conversation, the messages that were acknowledged as kept, and the round of each."""

    acknowledged: Dict[str, Dict[str, int]] = field(default_factory=dict)
    sent: Dict[str, List[str]] = field(default_factory=dict)
    failures: List[Failure] = field(default_factory=list)
    replies: List[Tuple[float, float]] = field(default_factory=list)  # when, and after how many seconds
    pauses: List[Tuple[float, float]] = field(default_factory=list)  # from a message's first failure to its acknowledgement

    @property
    def turns(self) -> int:
        """How many messages were acknowledged."""
        return sum(map(len, self.acknowledged.values()))


class Crowd:
    """People who each have conversations, one after another, through a balancer that knows no conversation."""

    def __init__(self, urls: Sequence[str], conversations: int, turns: int, users: int, name: str = "talk"):
        self.talk = Talk()
        self._urls, self._turns, self._users = urls, turns, users
        self._waiting = [f"{name} {number}" for number in range(conversations)]
        self._random = random.Random(1)

    async def run(self) -> Talk:
        """Have all conversations."""
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE, limits=limits) as client:
            await asyncio.gather(*(self._user(client) for _ in range(self._users)))
        return self.talk

    async def _user(self, client: httpx.AsyncClient) -> None:
        while self._waiting:
            sender = self._waiting.pop()
            self.talk.acknowledged[sender], self.talk.sent[sender] = {}, []
            for first in range(0, self._turns, AT_ONCE):
                numbers = range(first, min(first + AT_ONCE, self._turns))
                await asyncio.gather(*(self._say(client, sender, number) for number in numbers))

    async def _say(self, client: httpx.AsyncClient, sender: str, number: int) -> None:
        """Send message `number` until it is acknowledged, each time to the next server."""
        failed_at = None
        for attempt in itertools.count():
            text = f"{QUESTIONS[number % len(QUESTIONS)]} ({number}, {attempt})"
            self.talk.sent[sender].append(text)
            began = time.monotonic()
            why = await self._send(client, sender, text, number + attempt)
            if why is None:
                self.talk.replies.append((time.monotonic(), time.monotonic() - began))
                self.talk.acknowledged[sender][text] = number // AT_ONCE
                if failed_at:
                    self.talk.pauses.append((failed_at, time.monotonic()))
                return
            self.talk.failures.append(Failure(sender, time.monotonic(), why))
            failed_at = failed_at or time.monotonic()
            assert time.monotonic() - failed_at < PATIENCE, why
            # A balancer turns to another server at once; who is told that something is down waits as long as Retry-After says.
            await asyncio.sleep(0.1 if why == BROKEN else RETRY_AFTER + self._random.random())

    async def _send(self, client: httpx.AsyncClient, sender: str, text: str, server: int) -> Optional[str]:
        """Send one message, as a balancer does: to the next server where one takes no connection. Returns why it was not kept."""
        for turn in range(len(self._urls)):
            url = self._urls[(server + turn) % len(self._urls)]
            try:
                answer = await client.post(f"{url}/webhooks/rest/webhook", json={"sender": sender, "message": text})
            except httpx.ConnectError:
                continue
            except (httpx.TransportError, AttributeError):  # the latter where a connection is cut as it is made: uvloop then has no socket to name
                return BROKEN
            if answer.status_code == 503:
                return "503"
            assert answer.status_code == 200, answer.text
            custom = next(item["custom"] for item in answer.json() if "custom" in item)
            return None if custom["kept"] else f"not kept: {custom['kind']}"
        return "nobody there"


@dataclass
class Count:
    """What the database has, held against what the people saw. All of these must be 0 but `turns` and `unacknowledged`."""

    turns: int = 0  # acknowledged
    unacknowledged: int = 0  # kept, though nobody was told so (the server died in between)
    lost: int = 0  # acknowledged, but not there
    twice: int = 0
    invented: int = 0  # nobody sent it
    out_of_order: int = 0  # before a message that had been acknowledged before this one was sent
    broken: List[str] = field(default_factory=list)  # the events of conversations that are not one start and then whole turns

    @property
    def faults(self) -> int:
        """How much is wrong."""
        return self.lost + self.twice + self.invented + self.out_of_order + len(self.broken)


def count(talk: Talk, database_url: str) -> Count:
    """Hold the database against what the people saw."""
    counted, stored = Count(turns=talk.turns), stored_events(database_url)
    for sender, acknowledged in talk.acknowledged.items():
        events = stored.get(sender, [])
        texts = [event["text"] for event in events if event["event"] == "user"]
        counted.lost += len(set(acknowledged) - set(texts))
        counted.twice += sum(times - 1 for times in Counter(texts).values())
        counted.invented += len(set(texts) - set(talk.sent[sender]))
        counted.unacknowledged += len(set(texts) - set(acknowledged))
        rounds = [acknowledged[text] for text in texts if text in acknowledged]
        counted.out_of_order += sum(later < earlier for earlier, later in zip(rounds, rounds[1:]))
        counted.broken += [] if is_whole(events) else [sequence(events)]
    return counted


def sequence(events: Sequence[dict]) -> str:
    """What happened, in one line: the names of actions and the kinds of the other events, without slots."""
    return " ".join(event["name"] if event["event"] == "action" else event["event"] for event in events if event["event"] != "slot")


def is_whole(events: Sequence[dict]) -> bool:
    """Whether events are one session start, and then turns of which each has its question, its answer and its end, in this order."""
    turn = r" user( user_featurization)? action_(answer|small_talk|decline) bot action_listen"
    return re.fullmatch(f"action_session_start session_started action_listen({turn})*", sequence(events)) is not None
