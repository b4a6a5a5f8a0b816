"""At most so many messages of one conversation, and requests of one address; counted in Redis where several servers share it."""
import asyncio
import itertools
import time
from contextlib import contextmanager

import httpx
import pytest
from redis import Redis as RedisClient

from opi_advisor.channels.errors import ApiError
from opi_advisor.channels.rate_limit import RateLimits
from opi_advisor.settings import read_settings
from tests.coroutines import run
from tests.exposure.conftest import TOKEN, code_of, reply_of, say
from tests.stores.services import Redis

SECRET = "s" * 32
_addresses = itertools.count(1)


@contextmanager
def through_the_proxy(server, address):
    """A client whose requests come through the one trusted proxy; what it says of itself before that does not count."""
    headers = {"X-Forwarded-For": f"198.51.100.99, {address}", "Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=server.url, trust_env=False, timeout=30, headers=headers) as client:
        yield client


@pytest.fixture()
def address():
    return f"203.0.113.{next(_addresses)}"


def test_a_conversation_has_its_limit(guarded):
    with httpx.Client(base_url=guarded.url, trust_env=False, timeout=30, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        for _ in range(5):
            assert reply_of(say(client, "hej", "limited"))
        answer = say(client, "hej", "limited")
        assert answer.status_code == 429 and code_of(answer) == "too_many" and 0 < int(answer.headers["retry-after"]) <= 60
        assert reply_of(say(client, "hej", "another"))


def test_an_address_has_its_limit_and_others_theirs(guarded, address):
    with through_the_proxy(guarded, address) as client, through_the_proxy(guarded, f"{address}0") as another:
        for number in range(20):
            assert say(client, "", f"{number}").status_code == 400
        for path in ("/webhooks/rest/webhook", "/api/conversations", "/api/feedback"):
            answer = client.post(path, json={})
            assert code_of(answer) == "too_many" and int(answer.headers["retry-after"]) > 0 and "address" in answer.text
        assert client.get("/").status_code == client.get("/api/start").status_code == 200
        assert say(another, "", "x").status_code == 400


def test_what_a_client_says_of_itself_does_not_help(guarded, address):
    with through_the_proxy(guarded, address) as client:
        statuses = [client.post("/api/feedback", json={}, headers={"X-Forwarded-For": f"192.0.2.{number}, {address}"}).status_code
                    for number in range(21)]
    assert statuses[:20] == [403] * 20 and statuses[20] == 429


def test_direct_calls_from_this_machine_are_free(guarded):
    with httpx.Client(base_url=guarded.url, trust_env=False, timeout=30, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        assert {say(client, "", f"{number}").status_code for number in range(30)} == {400}


def test_an_office_behind_one_address_can_work():
    """200 people who each ask something every 20 seconds."""
    assert read_settings({}).rate_address.amount >= 200 * 3 and read_settings({}).rate_conversation.amount >= 2 * 3


# The counting itself

def counting(limits, *senders):
    async def count():
        waits = []
        for sender in senders:
            try:
                await limits.count_conversation(sender)
                waits.append(0)
            except ApiError as error:
                waits.append(error.retry_after)
        return waits

    return run(count())


def settings(redis=None, rate="2/minute"):
    return read_settings({"OPI_ADVISOR_REDIS": redis or "", "OPI_ADVISOR_RATE_CONVERSATION": rate})


def test_after_the_time_that_it_says_there_is_room_again():
    async def until_there_is_room(limits):
        waits = []
        while len(waits) < 2:
            try:
                await limits.count_conversation("a")
            except ApiError as error:
                waits.append(error.retry_after)
                await asyncio.sleep(error.retry_after)
                await limits.count_conversation("a")
        return waits

    assert run(until_there_is_room(RateLimits(settings(rate="2/second"), SECRET))) == [1, 1]


def test_off_is_without_a_limit():
    assert set(counting(RateLimits(settings(rate="off"), SECRET), *["a"] * 100)) == {0}


@pytest.fixture(scope="module")
def redis():
    service = Redis()
    try:
        service.start()
        yield service
    finally:
        service.remove()


def test_servers_count_together_in_redis_and_nothing_there_tells_who(redis):
    async def two_servers():
        first, second = RateLimits(settings(redis.url), SECRET), RateLimits(settings(redis.url), SECRET)
        for server in (first, second):
            await server.count_conversation("kim@example.org")
        with pytest.raises(ApiError) as refused:
            await first.count_conversation("kim@example.org")
        return refused.value

    error = run(two_servers())
    assert error.code == "too_many" and 0 < error.retry_after <= 60
    with RedisClient.from_url(redis.url) as client:
        (key,) = client.keys("*")
        assert b"kim" not in key and 0 < client.ttl(key) <= 60


def test_with_redis_frozen_or_gone_each_server_counts_by_itself(redis):
    limits = RateLimits(settings(redis.url), SECRET)
    redis.freeze()
    try:
        began = time.monotonic()
        waits = counting(limits, "a", "a", "a")
        assert waits[:2] == [0, 0] and waits[2] > 0 and time.monotonic() - began < 2
    finally:
        redis.thaw()
    redis.kill()
    try:
        assert counting(RateLimits(settings(redis.url), SECRET), "b", "b", "b")[2] > 0
    finally:
        redis.start()
