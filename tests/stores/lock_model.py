"""What opi_advisor/stores/lock_store.py and tracker_store.py do with one conversation, as steps without time or network.

`queue_step` is the step of Redis (test_lock_store.py holds the real one against it). `next_states` has all that can happen next
in the world: a step of one of the owners, a lease that runs out, an owner that dies, a Redis that starts again empty.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterator, List, Optional, Tuple

Queue = Tuple[Tuple[str, bool], ...]  # owners in their order, the holder first, and whether the lease still runs


def queue_step(queue: Queue, token: str, lease: bool, joins: bool) -> Tuple[Queue, int]:
    """One step for `token`: drop what has run out; renew, join or leave (no lease). Returns the queue and the place, 0 for none."""
    left = [owner for owner, runs in queue if runs]
    if not lease:
        left = [owner for owner in left if owner != token]
    elif token not in left and joins:
        left.append(token)
    return tuple((owner, True) for owner in left), left.index(token) + 1 if token in left else 0


@dataclass(frozen=True)
class Owner:
    """One message on its way. `at`: new, waiting, reading, writing, leaving; or gone: kept, overtaken, dead."""

    at: str = "new"
    base: Optional[int] = None  # how many turns there were when it read the conversation


@dataclass(frozen=True)
class World:
    """One conversation, with its messages, on any number of servers."""

    owners: Tuple[Owner, ...]
    queue: Queue = ()
    turns: Tuple[Tuple[int, int], ...] = ()  # what is kept, in order: the message, and how many turns it had read
    came: Tuple[int, ...] = ()  # in which order the messages joined the queue
    mishaps: Tuple[str, ...] = ()  # leases of the living that ran out, and restarts of Redis

    def with_owner(self, number: int, owner: Owner, **changes: object) -> "World":
        return replace(self, owners=self.owners[:number] + (owner,) + self.owners[number + 1:], **changes)


GONE = ("kept", "overtaken", "dead")


def next_states(world: World, crashes: bool, mishaps: int) -> Iterator[World]:
    """All worlds that may come next, with at most so many mishaps."""
    for number, owner in enumerate(world.owners):
        if owner.at not in GONE:
            yield from owner_steps(world, number, owner)
            if crashes:
                yield world.with_owner(number, replace(owner, at="dead"))
    for position, (token, runs) in enumerate(world.queue):
        alive = world.owners[int(token)].at not in GONE
        if runs and (not alive or len(world.mishaps) < mishaps):
            queue = world.queue[:position] + ((token, False),) + world.queue[position + 1:]
            yield replace(world, queue=queue, mishaps=world.mishaps + (("lease",) if alive else ()))
    if world.queue and len(world.mishaps) < mishaps:
        yield replace(world, queue=(), mishaps=world.mishaps + ("redis",))


def owner_steps(world: World, number: int, owner: Owner) -> Iterator[World]:
    """What one owner may do next."""
    token = str(number)
    if owner.at in ("new", "waiting"):
        queue, place = queue_step(world.queue, token, lease=True, joins=True)
        came = world.came if owner.at == "waiting" else world.came + (number,)
        yield world.with_owner(number, Owner("reading" if place == 1 else "waiting"), queue=queue, came=came)
    elif owner.at == "reading":
        yield world.with_owner(number, Owner("writing", len(world.turns)))
    elif owner.at == "writing":
        renewed, _ = queue_step(world.queue, token, lease=True, joins=False)
        if renewed != world.queue:
            yield replace(world, queue=renewed)
        if owner.base == len(world.turns):  # the database looks at this and writes in one transaction
            yield world.with_owner(number, Owner("leaving", owner.base), turns=world.turns + ((number, owner.base),))
        else:
            yield world.with_owner(number, Owner("leaving"))
    elif owner.at == "leaving":
        queue, _ = queue_step(world.queue, token, lease=False, joins=False)
        kept = number in [message for message, _ in world.turns]
        yield world.with_owner(number, Owner("kept" if kept else "overtaken"), queue=queue)


def explore(owners: int, crashes: bool, mishaps: int) -> "dict[World, List[World]]":
    """Every world that can come about, with those that may follow it."""
    start = World(tuple(Owner() for _ in range(owners)))
    found, waiting = {}, [start]
    while waiting:
        world = waiting.pop()
        if world not in found:
            found[world] = list(next_states(world, crashes, mishaps))
            waiting.extend(found[world])
    return found
