"""One long conversation over REST with each of several contenders: what a late turn costs against an early one."""
from __future__ import annotations

import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import List, Sequence

import aiohttp

from contenders import Contender
from load import ask, connection

AROUND = 10  # turns on each side of a turn that are measured with it; for the first turn, as many conversations
LIMIT = 600.0  # seconds after which a conversation ends at the next mark
QUESTIONS = ("Why is the municipality so slow to decide?", "What does a company want from an OPI project?",
             "Hvad driver virksomheden?", "Hvor villig er regionen til at løbe en risiko?")


@dataclass(frozen=True)
class Turn:
    """One turn, or the medians of several."""

    seconds: float
    posted: float  # bytes that the action server read


@dataclass
class Conversations:
    """What was had with one contender."""

    first: List[Turn] = field(default_factory=list)  # the first turns of several conversations
    long: List[Turn] = field(default_factory=list)  # all turns of one

    def start(self) -> Turn:
        """The first turn of a conversation."""
        return typical(self.first)

    def around(self, number: int) -> Turn:
        """Turn `number` of the long one."""
        return typical(self.long[number - AROUND:number + AROUND])

    @property
    def last(self) -> int:
        """The last turn that has measured ones on both sides."""
        return len(self.long) - AROUND


def typical(turns: Sequence[Turn]) -> Turn:
    """The medians."""
    return Turn(statistics.median(turn.seconds for turn in turns), statistics.median(turn.posted for turn in turns))


async def converse(contenders: Sequence[Contender], marks: Sequence[int]) -> List[Conversations]:
    """Talk to the contenders in turn, turn by turn, up to the last of `marks`, or to an earlier one if that takes longer than LIMIT.

    Raises:
        RuntimeError: a message got no real reply.
    """
    found = [Conversations() for _ in contenders]
    deadline = time.monotonic() + LIMIT
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connection(1)) for _ in contenders]
        for number in range(2 * AROUND):
            for client, contender, conversations in zip(clients, contenders, found):
                conversations.first.append(await _turn(client, contender, f"first {number}", number))
        for mark, before in zip(marks, (-AROUND, *marks)):
            for number in range(before + AROUND, mark + AROUND):
                for client, contender, conversations in zip(clients, contenders, found):
                    conversations.long.append(await _turn(client, contender, "long", number))
            for contender, conversations in zip(contenders, found):
                print(f"  {contender.title}, turn {mark}: {1000 * conversations.around(mark).seconds:.0f} ms", flush=True)
            if time.monotonic() > deadline:
                break
    return found


async def _turn(client: aiohttp.ClientSession, contender: Contender, sender: str, number: int) -> Turn:
    actions = contender.actions()
    before = actions.io_counters().read_chars
    seconds = await ask(client, contender.url, sender, QUESTIONS[number % len(QUESTIONS)])
    return Turn(seconds, actions.io_counters().read_chars - before)
