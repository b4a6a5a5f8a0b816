"""Who may answer in a conversation: one message at a time, in the order in which they came, on one server or on several.

Rasa's own lock in Redis reads a list of tickets, changes it and writes it back, so that two servers overwrite each other's
tickets; it waits in steps of a second; it blocks the whole server while Redis is silent; and the ticket of a dead server holds
a conversation up for a minute. Here Redis itself changes the queue, in one step (see _STEP), and each place in it is a lease
that its owner renews: that of a dead server is free after LEASE seconds.

A lease can run out while its owner is still at work (a machine that was stopped for a while). Then two answer at once, and
tracker_store.py lets the first one write and refuses the other. What Redis forgets when it is restarted does no harm either.
tests/stores/lock_model.py goes through all that can happen.
"""
from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import threading
import time
import uuid
from contextlib import asynccontextmanager
from typing import Any, AsyncIterator, Coroutine, Dict, Optional
from weakref import WeakValueDictionary

from rasa.core.lock_store import LockStore
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError

from opi_advisor.settings import read_settings
from opi_advisor.stores import NoLock
from opi_advisor.stores.database import reason

logger = logging.getLogger(__name__)

LEASE = 2.0  # seconds that a place is kept for an owner who says nothing
MAX_WAIT = 20.0  # seconds that a message waits for those before it
MAX_TURN = 60.0  # seconds that a place is renewed: a turn that hangs must not hold its conversation for ever
ANSWER_WITHIN = 1.5  # seconds that Redis has for one step
_POLL = 0.02  # seconds between two looks, for each place in the queue
_PAUSE = 0.1  # seconds until the next try where Redis takes no connection
PREFIX = "opi-advisor:turns:"  # of the keys in Redis

# The queue of a conversation is a list of [token, end of its lease in ms], the holder first. One step drops the leases that
# have run out, and renews that of a token, or has it join at the end, or (lease 0) leave. Returns the token's place; 0: none.
_STEP = """
local token, lease, joins = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local queue, place = {}, 0
for _, entry in ipairs(cjson.decode(redis.call('GET', KEYS[1]) or '[]')) do
  if entry[1] == token and entry[2] > now then
    entry[2] = now + lease
    place = #queue + 1
  end
  if entry[2] > now then table.insert(queue, entry) end
end
if lease == 0 then
  place = 0
elseif place == 0 and joins then
  table.insert(queue, {token, now + lease})
  place = #queue
end
if #queue == 0 then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], cjson.encode(queue), 'PX', 60000)
end
return place
"""


class ConversationLocks(LockStore):
    """Turns by Redis where the settings name one, else within this process."""

    def __init__(self, endpoint_config: Any = None, redis: Optional[str] = None):
        """Args:
            redis: URL of the Redis; without it, that of the settings. `endpoint_config` is given by Rasa and has nothing for us.
        """
        url = redis or read_settings(os.environ).redis
        self._turns = RedisTurns(url) if url else LocalTurns()

    @asynccontextmanager
    async def lock(self, conversation_id: str, **_: Any) -> AsyncIterator[None]:
        """Hold the conversation; Rasa reads, answers and saves inside.

        Raises:
            NoLock: Redis does not answer, or the messages before this one took too long. Nothing was done.
        """
        async with self._turns.hold(conversation_id):
            yield


class LocalTurns:
    """The turns of one process."""

    def __init__(self) -> None:
        self._locks: "WeakValueDictionary[str, asyncio.Lock]" = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[None]:
        """As ConversationLocks.lock."""
        lock = self._locks.setdefault(conversation, asyncio.Lock())  # it serves those who wait in their order
        try:
            await asyncio.wait_for(lock.acquire(), MAX_WAIT)
        except asyncio.TimeoutError:
            raise _waited_too_long() from None
        try:
            yield
        finally:
            lock.release()


class RedisTurns:
    """The turns of all processes that use the Redis at `url`.

    Redis is asked from a thread with an event loop of its own: in the server's loop, a second full of other people's messages
    would pass for a silent Redis, and leases would run out while their owners wait for the processor.
    """

    def __init__(self, url: str):
        self._redis = Redis.from_url(url, retry=Retry(NoBackoff(), 0))  # _step tries again by itself
        self._script = self._redis.register_script(_STEP)
        self._renewals: Dict[str, "asyncio.Task[None]"] = {}  # by token
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="turns", daemon=True).start()

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[None]:
        """As ConversationLocks.lock."""
        token = uuid.uuid4().hex
        try:
            await self._in_thread(self._enter(conversation, token))
        except asyncio.CancelledError:  # the client is gone
            self._in_thread(self._leave(conversation, token))
            raise
        try:
            yield
        finally:
            await asyncio.shield(self._in_thread(self._leave(conversation, token)))

    def _in_thread(self, coroutine: Coroutine[Any, Any, None]) -> "asyncio.Future[None]":
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, self._loop))

    async def _enter(self, conversation: str, token: str) -> None:
        """Wait for the first place, and keep it until _leave.

        Raises:
            NoLock: as ConversationLocks.lock.
        """
        until = time.monotonic() + MAX_WAIT
        while True:
            place = await self._step(conversation, token, LEASE, joins=True)
            if place == 1:
                self._renewals[token] = asyncio.create_task(self._renew(conversation, token))
                return
            if time.monotonic() > until:
                await self._leave(conversation, token)
                raise _waited_too_long()
            await asyncio.sleep(min(_POLL * place, LEASE / 6))

    async def _renew(self, conversation: str, token: str) -> None:
        until = time.monotonic() + MAX_TURN
        while time.monotonic() < until:
            await asyncio.sleep(LEASE / 4)
            try:
                place = await self._step(conversation, token, LEASE, joins=False)
                if token not in self._renewals:  # it has left, and wait_for of Python 3.10 may swallow that this task was cancelled
                    return
                if place == 0:
                    logger.warning("The lease of a conversation ran out while its message was being answered")
                    return
            except NoLock as error:  # the turn goes on: the database knows whether it may be kept
                logger.warning("%s", error)

    async def _leave(self, conversation: str, token: str) -> None:
        if token in self._renewals:
            self._renewals.pop(token).cancel()
        try:
            await self._step(conversation, token, 0, joins=False)
        except NoLock as error:  # the lease runs out by itself
            logger.warning("%s", error)

    async def _step(self, conversation: str, token: str, lease: float, joins: bool) -> int:
        """One step in the queue of a conversation, as _STEP says; `lease` is in seconds.

        Raises:
            NoLock: Redis does not answer.
        """
        name = hashlib.sha256(conversation.encode("utf-8", "surrogatepass")).hexdigest()  # ids stay out of Redis
        until = time.monotonic() + ANSWER_WITHIN
        while True:
            try:
                stepping = self._script(keys=[PREFIX + name], args=[token, int(lease * 1000), int(joins)])
                return await asyncio.wait_for(stepping, until - time.monotonic())
            except (RedisError, OSError, asyncio.TimeoutError) as error:
                broken = isinstance(error, (NotConnected, OSError))  # perhaps Redis has just been started again
                if not broken or time.monotonic() > until - _PAUSE:
                    raise NoLock(f"Redis (OPI_ADVISOR_REDIS) does not answer: {reason(error)}") from None
            await asyncio.sleep(_PAUSE)


def _waited_too_long() -> NoLock:
    return NoLock(f"The messages before this one in the conversation took more than {MAX_WAIT:.0f} seconds.")
