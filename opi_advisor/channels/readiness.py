"""Whether the server can do its work: each part is really tried. /health/ready, the metrics and `serve` ask here."""
from __future__ import annotations

import asyncio
import logging
import time
from typing import Dict, Optional

from rasa.core.agent import Agent
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sanic import Sanic
from sqlalchemy.exc import SQLAlchemyError

from opi_advisor.channels.action_server import ActionServer
from opi_advisor.settings import Settings
from opi_advisor.stores.database import open_database, reason
from opi_advisor.stores.probe import write_probe

logger = logging.getLogger(__name__)

TIMEOUT = 1.0  # seconds that Redis has to answer; the action server has its own limit
STORE_TIMEOUT = 2.0  # seconds that a trial write may take
STORE_INTERVAL = 5.0  # seconds that its result holds
# What to do is said to whoever watches over the server; what exactly failed is in the log, and in no answer.
MODEL = "No model is loaded: the model file can't be used. Run `opi-advisor train --force`, and start the server again."
ACTIONS = ("The action server does not answer. `opi-advisor serve` starts one again that died; if it stays so, see the log of the action "
           "server.")
STORE = ("The database (OPI_ADVISOR_DATABASE) does not take what is written: messages are answered but not kept. See the server's log, "
         "and free the disk, set the permissions right or start the database.")
LOCKS = "Redis (OPI_ADVISOR_REDIS) does not answer: messages can't be taken in turns. Start it, or mend the way to it."


class Readiness:
    """Tries the parts of one server."""

    def __init__(self, settings: Settings):
        self._database = open_database(settings.database)
        self._redis: Optional[Redis] = None
        if settings.redis:
            self._redis = Redis.from_url(settings.redis, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
        self._writing: Optional["asyncio.Task[None]"] = None
        self._written, self._writes = -STORE_INTERVAL, False  # when the last trial write ended, by time.monotonic, and how
        self._failing: Dict[str, str] = {}

    async def failing(self, app: Sanic) -> Dict[str, str]:
        """The parts that do not work ("model", "actions", "store", "locks"), each with what to do; empty where all do."""
        agent: Optional[Agent] = getattr(app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            failing = {"model": MODEL}
        else:
            works = await asyncio.gather(_actions_answer(agent), self._store_takes(), self._redis_answers())
            failing = {part: advice for (part, advice), well in zip(
                (("actions", ACTIONS), ("store", STORE), ("locks", LOCKS)), works) if not well}
        if failing.keys() != self._failing.keys():
            logger.log(logging.ERROR if failing else logging.INFO, "Ready" if not failing else "Not ready: %s", *failing.values())
        self._failing = failing
        return failing

    def doubt_the_store(self) -> None:
        """A turn was not kept: try the database anew when next asked."""
        self._written = -STORE_INTERVAL

    async def _store_takes(self) -> bool:
        if self._writing is None and time.monotonic() - self._written > STORE_INTERVAL:
            self._writing = asyncio.create_task(self._write())  # one at a time, however many ask
        if self._writing:
            done, _ = await asyncio.wait({self._writing}, timeout=STORE_TIMEOUT)
            return bool(done) and self._writes
        return self._writes

    async def _write(self) -> None:
        well = False
        try:
            await asyncio.to_thread(write_probe, self._database)
            well = True
        except (SQLAlchemyError, OSError) as error:
            logger.error("A trial write to the database failed: %s", reason(error))
        finally:
            self._writes, self._written, self._writing = well, time.monotonic(), None

    async def _redis_answers(self) -> bool:
        if self._redis is None:
            return True
        try:
            return bool(await asyncio.wait_for(self._redis.ping(), TIMEOUT))
        except (RedisError, OSError, asyncio.TimeoutError):
            return False


async def _actions_answer(agent: Agent) -> bool:
    endpoint = agent.action_endpoint
    return isinstance(endpoint, ActionServer) and await endpoint.has(agent.domain.user_actions)
