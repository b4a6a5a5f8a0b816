"""Where conversations are kept, who may write to one, and how whoever answers learns that something failed.

Rasa swallows what its tracker store raises (FailSafeTrackerStore goes on with an empty conversation, or keeps the turn in
memory, where it is never read again). So the stores write down what failed in the `Outcome` of the turn at hand:

    with watch_turn() as outcome:
        await on_new_message(message)   # may raise NoLock: nothing was done, the message can be sent again
    outcome.failure                     # None: the turn is kept, for good. Else one of:
        NotKept      answered as always, but the turn is not kept: the next message will not know of it
        NotRead      answered without the conversation so far, and not kept
        Overtaken    something else was kept in this conversation, or it was deleted, while the answer was being made: the
                     answer may be wrong and is not kept; have the message sent again

Without `watch_turn` the tracker store raises, and Rasa does as described above.
"""
from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Iterator, Optional


class StoreError(Exception):
    """A store did not do its work; the message says which and why, and has nothing of the conversation nor any secret."""


class NoLock(StoreError):
    """The turn did not start: the lock store is down, or others of the same conversation took too long. Worth another try."""


class NotRead(StoreError):
    """The conversation so far could not be read."""


class NotKept(StoreError):
    """The turn could not be written; where the database went silent in the middle, nobody knows yet whether it was."""


class Overtaken(StoreError):
    """The conversation changed after it was read for this turn, which was therefore not written."""


@dataclass
class Outcome:
    """What became of one turn."""

    failure: Optional[StoreError] = None  # the first of the turn


_outcome: ContextVar[Optional[Outcome]] = ContextVar("outcome", default=None)


@contextmanager
def watch_turn() -> Iterator[Outcome]:
    """Have the stores write down what fails in the turn that runs inside."""
    outcome = Outcome()
    token = _outcome.set(outcome)
    try:
        yield outcome
    finally:
        _outcome.reset(token)


def current_outcome() -> Optional[Outcome]:
    """The outcome of the turn at hand; None where nobody watches."""
    return _outcome.get()
