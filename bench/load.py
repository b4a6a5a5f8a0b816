"""People who talk to an assistant over REST: what they say, and how long each reply took.

They use little processor time of their own, as it is taken from the assistant that runs on the same machine.
"""
from __future__ import annotations

import asyncio
import itertools
import math
import random
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Sequence

import aiohttp

from opi_advisor.evaluation import read_cases
from opi_advisor.project import ROOT

PATIENCE = 60.0  # seconds until a message counts as failed
GIVE_UP = 10  # failed messages after which nobody goes on
SEED = 20261129

Items = List[Dict[str, Any]]


@dataclass
class Talk:
    """What some people had of their conversations."""

    seconds: float = 0.0  # from the first message to the last reply
    replies: List[float] = field(default_factory=list)  # seconds each


def dialogues() -> List[Sequence[str]]:
    """The messages of the development set, dialogue by dialogue, in a mixed order that is always the same."""
    cases = list(read_cases(sorted((ROOT / "tests" / "evaluation").glob("dev-*.jsonl"))))
    random.Random(SEED).shuffle(cases)
    return [[turn["user"] for turn in case["turns"]] for case in cases]


def has_text(items: Items) -> bool:
    """Whether an answer over REST says anything."""
    return any(item.get("text") for item in items)


async def ask(session: aiohttp.ClientSession, url: str, sender: str, message: str, is_real: Callable[[Items], bool] = has_text) -> float:
    """Send one message; returns the seconds until its reply was there.

    Raises:
        RuntimeError: there was none, or none that `is_real`.
    """
    began = time.perf_counter()
    try:
        async with session.post(f"{url}/webhooks/rest/webhook", json={"sender": sender, "message": message}) as answer:
            body = await answer.text()
            items = await answer.json() if answer.status == 200 else []
    except (aiohttp.ClientError, asyncio.TimeoutError) as error:
        raise RuntimeError(f"no reply to '{message}': {error!r}") from error
    seconds = time.perf_counter() - began
    if not is_real(items):
        raise RuntimeError(f"no real reply to '{message}': status {answer.status}, {body}")
    return seconds


def connection(users: int) -> aiohttp.ClientSession:
    """A client for so many people at a time."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=users), timeout=aiohttp.ClientTimeout(total=PATIENCE))


async def talk(url: str, source: Iterator[Sequence[str]], users: int, name: str, seconds: float = math.inf,
               is_real: Callable[[Items], bool] = has_text) -> Talk:
    """Have so many people at a time have the dialogues of `source`, until it ends or the time is up.

    Each sends a message as soon as the reply to the one before is there. `name` must be new for the assistant. It counts as failed what
    gets no reply that `is_real` within PATIENCE.

    Raises:
        RuntimeError: messages got no real reply; says how many, and the first of them.
    """
    result, failures, numbers = Talk(), [], itertools.count()
    began = time.perf_counter()

    async def person(session: aiohttp.ClientSession) -> None:
        for messages in source:
            sender = f"{name} {next(numbers)}"
            for message in messages:
                if time.perf_counter() - began > seconds or len(failures) >= GIVE_UP:
                    return
                try:
                    result.replies.append(await ask(session, url, sender, message, is_real))
                except RuntimeError as error:
                    failures.append(str(error))

    async with connection(users) as session:
        await asyncio.gather(*(person(session) for _ in range(users)))
    result.seconds = time.perf_counter() - began
    if failures:
        raise RuntimeError(f"{len(failures)} of {len(failures) + len(result.replies)} messages got no real reply; the first: {failures[0]}")
    return result
