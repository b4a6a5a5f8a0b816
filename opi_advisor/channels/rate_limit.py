"""How many messages a conversation, and how many requests an address, may send: counted here, or in Redis for all servers."""
from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import math
import time
from typing import Optional

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from opi_advisor.addresses import caller
from opi_advisor.channels.errors import UNREADABLE, ApiError, as_json
from opi_advisor.channels.token import is_direct_call
from opi_advisor.settings import Settings

logger = logging.getLogger(__name__)

REDIS_TIMEOUT = 0.5  # seconds; counting must not hold up a message
REDIS_PAUSE = 5.0  # seconds without asking Redis after it failed; each server counts by itself meanwhile


class RateLimits:
    """Counts. Conversations and addresses are known by a keyed hash only, which goes away with its minute (or hour)."""

    def __init__(self, settings: Settings, secret: str):
        self._settings, self._key = settings, secret.encode()
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._shared: Optional[FixedWindowRateLimiter] = None
        if settings.redis:
            self._shared = FixedWindowRateLimiter(RedisStorage(
                f"async+{settings.redis}", implementation="redispy", key_prefix="opi-advisor-rate",
                socket_timeout=REDIS_TIMEOUT, socket_connect_timeout=REDIS_TIMEOUT))
        self._shared_from = 0.0  # when Redis is to be asked again, by time.monotonic

    async def count_address(self, request: Request) -> None:
        """Count a request against the address it came from; direct calls from this machine are free.

        Raises:
            ApiError: too_many.
        """
        if not is_direct_call(request):
            address = request.remote_addr or request.ip  # remote_addr: by the trusted hops; "" without
            await self._count(self._settings.rate_address, "address", caller(address))

    async def count_conversation(self, sender: str) -> None:
        """Count a message against its conversation.

        Raises:
            ApiError: too_many.
        """
        await self._count(self._settings.rate_conversation, "conversation", sender)

    async def _count(self, limit: Optional[RateLimitItem], what: str, name: str) -> None:
        if limit is None:
            return
        key = hmac.new(self._key, f"{what} {name}".encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()
        wait = await self._wait(limit, f"{what} {key[:32]}")
        if wait:
            raise ApiError("too_many", f"More than {limit.amount} in {limit.multiples} {limit.GRANULARITY.name} from this {what}; "
                                       f"send again in {wait} s.", retry_after=wait)

    async def _wait(self, limit: RateLimitItem, key: str) -> int:
        """Seconds until there is room again; 0 where there is now."""
        if self._shared and time.monotonic() >= self._shared_from:
            try:
                return await _hit(self._shared, limit, key)
            except (RedisError, OSError, asyncio.TimeoutError) as error:
                logger.warning("Redis does not count (%s); this server counts by itself", type(error).__name__)
                self._shared_from = time.monotonic() + REDIS_PAUSE
        return await _hit(self._own, limit, key)


async def _hit(limiter: FixedWindowRateLimiter, limit: RateLimitItem, key: str) -> int:
    if await limiter.hit(limit, key):
        return 0
    stats = await limiter.get_window_stats(limit, key)
    return max(1, math.ceil(stats.reset_time - time.time()))


def install(app: Sanic, settings: Settings, secret: str) -> None:
    """Count every request of `app` that changes something; the channels count the messages of `app.ctx.rate_limits`."""
    app.ctx.rate_limits = RateLimits(settings, secret)
    app.config.PROXIES_COUNT = settings.trusted_hops or None

    async def count(request: Request) -> Optional[HTTPResponse]:
        # It returns what it refuses with: Sanic runs this for failed requests, too, and is not prepared for another failure then.
        try:
            if request.method not in ("GET", "HEAD", "OPTIONS", UNREADABLE):
                await request.app.ctx.rate_limits.count_address(request)
        except ApiError as error:
            return as_json(request, error)
        return None

    app.register_middleware(count, "request")
