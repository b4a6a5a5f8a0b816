"""The lock store: on a real Redis, and within one process."""
import asyncio
import itertools
import json
import time
from contextlib import asynccontextmanager

import pytest
from redis import Redis

from opi_advisor.stores import NoLock
from opi_advisor.stores import lock_store as module
from opi_advisor.stores.lock_store import ConversationLocks, LocalTurns, RedisTurns
from tests.stores.lock_model import queue_step
from tests.coroutines import run



@pytest.fixture(params=["redis", "local"])
def servers(request):
    """Makes the turns as two servers have them (or one, without Redis)."""
    if request.param == "local":
        return lambda: [LocalTurns()]
    url = request.getfixturevalue("redis").url
    return lambda: [RedisTurns(url), RedisTurns(url)]


class Watch:
    """Who is in the conversation, and in which order they were."""

    def __init__(self):
        self.inside, self.most, self.order = 0, 0, []

    @asynccontextmanager
    async def enter(self, number):
        self.inside += 1
        self.most = max(self.most, self.inside)
        yield
        self.order.append(number)
        self.inside -= 1


def client(service):
    return Redis.from_url(service.url)


def keys(service):
    return client(service).keys(f"{module.PREFIX}*")


def queue_length(service):
    """How many hold or wait for the only conversation there is."""
    return sum(len(json.loads(client(service).get(key))) for key in keys(service))


def all_queues():
    for tokens in itertools.chain.from_iterable(itertools.permutations("012", size) for size in range(4)):
        for runs in itertools.product([True, False], repeat=len(tokens)):
            yield tuple(zip(tokens, runs))


def test_redis_steps_as_the_model_does(redis):
    """From every queue of three, with every lease running or not: the same queue after the step, and the same place."""
    async def compare():
        turns, inside, compared = RedisTurns(redis.url), client(redis), 0
        await turns._step("a", "0", 60, True)
        key, = keys(redis)
        for queue, token, (lease, joins) in itertools.product(all_queues(), "012", [(60, True), (60, False), (0, False)]):
            now = time.time() * 1000
            inside.delete(key)
            if queue:
                inside.set(key, json.dumps([[owner, now + 30_000 if runs else now - 1] for owner, runs in queue]))
            expected, place = queue_step(queue, token, bool(lease), joins)
            assert await turns._step("a", token, lease, joins) == place, (queue, token, lease, joins)
            after = json.loads(inside.get(key) or "[]")
            assert [owner for owner, _ in after] == [owner for owner, _ in expected], (queue, token, lease, joins)
            assert all(ends > now + 50_000 for owner, ends in after if owner == token)
            compared += 1
        inside.delete(key)
        return compared

    assert run(compare()) == 79 * 9


def test_one_at_a_time_in_the_order_in_which_they_came(servers, redis):
    async def crowd():
        turns, watch, tasks, all_are_there = servers(), Watch(), [], asyncio.Event()

        async def answer(number):
            async with turns[number % len(turns)].hold("a"), watch.enter(number):
                await all_are_there.wait()

        for number in range(20):
            tasks.append(asyncio.create_task(answer(number)))
            await asyncio.sleep(0)
            while isinstance(turns[0], RedisTurns) and queue_length(redis) <= number:
                await asyncio.sleep(0.005)
        all_are_there.set()
        await asyncio.gather(*tasks)
        return watch

    watch = run(crowd())
    assert watch.most == 1 and watch.order == list(range(20))


def test_waiting_costs_no_second_each(servers):
    async def crowd():
        turns = servers()
        began = time.monotonic()
        await asyncio.gather(*(pass_through(turns[number % len(turns)]) for number in range(50)))
        return time.monotonic() - began

    async def pass_through(turns):
        async with turns.hold("a"):
            pass

    assert run(crowd()) < 5.0


def test_other_conversations_do_not_wait(servers):
    async def two():
        turns = servers()
        async with turns[0].hold("a"):
            await asyncio.wait_for(enter(turns[-1], "b"), 1)

    async def enter(turns, conversation):
        async with turns.hold(conversation):
            pass

    run(two())


def test_one_that_was_cancelled_while_waiting_is_not_waited_for(servers):
    async def cancel():
        turns, watch = servers(), Watch()
        async with turns[0].hold("a"):
            waiting = [asyncio.create_task(enter(turns[-1], watch, number)) for number in range(2)]
            await asyncio.sleep(0.1)
            waiting[0].cancel()
            await asyncio.sleep(0.05)
        await asyncio.wait_for(waiting[1], 0.5)
        return watch.order

    async def enter(turns, watch, number):
        async with turns.hold("a"), watch.enter(number):
            pass

    assert run(cancel()) == [1]


def test_who_waits_too_long_is_told(servers, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAIT", 0.2)

    async def wait():
        turns = servers()
        async with turns[0].hold("a"):
            with pytest.raises(NoLock, match="took more than"):
                async with turns[-1].hold("a"):
                    pass
        async with turns[-1].hold("a"):
            pass

    run(wait())


def test_what_fails_inside_gives_the_conversation_free(servers):
    async def fail():
        turns = servers()
        with pytest.raises(ZeroDivisionError):
            async with turns[0].hold("a"):
                1 / 0
        async with turns[-1].hold("a"):
            pass

    run(asyncio.wait_for(fail(), 1))


def test_nothing_is_left_behind(servers, redis):
    async def pass_through():
        turns = servers()[0]
        held = (lambda: keys(redis)) if isinstance(turns, RedisTurns) else lambda: list(turns._locks)
        async with turns.hold("a name"):
            assert len(held()) == 1 and ("a name" not in str(held()) or isinstance(turns, LocalTurns))
        return held()

    assert run(pass_through()) == []


def test_the_place_of_a_dead_server_is_free_after_its_lease(redis):
    async def die():
        await RedisTurns(redis.url)._step("a", "dead", module.LEASE, True)
        began = time.monotonic()
        async with RedisTurns(redis.url).hold("a"):
            return time.monotonic() - began

    assert module.LEASE - 0.1 < run(die()) < 5.0


def test_a_long_turn_keeps_its_place(redis, monkeypatch):
    monkeypatch.setattr(module, "LEASE", 0.8)

    async def long():
        first, second = RedisTurns(redis.url), RedisTurns(redis.url)
        watch = Watch()

        async def answer(turns, number, seconds):
            async with turns.hold("a"), watch.enter(number):
                await asyncio.sleep(seconds)

        tasks = []
        for number, (turns, seconds) in enumerate([(first, 2), (second, 0), (second, 0)]):
            tasks.append(asyncio.create_task(answer(turns, number, seconds)))
            while queue_length(redis) <= number:
                await asyncio.sleep(0.005)
        await asyncio.gather(*tasks)
        return watch

    watch = run(long())
    assert watch.most == 1 and watch.order == [0, 1, 2]


def test_a_server_that_is_busy_for_long_keeps_its_place_and_takes_redis_for_alive(redis, monkeypatch):
    """Its event loop has no time for anything while it answers other people."""
    monkeypatch.setattr(module, "LEASE", 0.8)
    monkeypatch.setattr(module, "ANSWER_WITHIN", 0.5)

    async def busy():
        turns, order = RedisTurns(redis.url), []

        async def answer(number):
            async with turns.hold("a"):
                time.sleep(1.2)
                assert queue_length(redis) == 3 - number  # nobody fell out of it
                order.append(number)

        await asyncio.gather(*(answer(number) for number in range(3)))
        return order

    assert run(busy()) == [0, 1, 2]


def test_a_frozen_redis_gives_an_error_within_two_seconds_and_holds_up_nobody_else(breakable_redis):
    async def freeze():
        turns = RedisTurns(breakable_redis.url)
        async with turns.hold("a"):
            pass
        breakable_redis.freeze()
        began, longest = time.monotonic(), 0.0
        entering = asyncio.gather(*(turns.hold(str(number)).__aenter__() for number in range(20)), return_exceptions=True)
        while not entering.done():
            last = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - last)
        seconds = time.monotonic() - began
        breakable_redis.thaw()
        async with turns.hold("a"):
            return await entering, seconds, longest

    errors, seconds, longest = run(freeze())
    assert all(isinstance(error, NoLock) for error in errors) and seconds < 2.0 and longest < 0.5


def test_a_redis_that_is_gone_gives_an_error_within_two_seconds(breakable_redis):
    async def kill():
        turns = RedisTurns(breakable_redis.url)
        async with turns.hold("a"):
            breakable_redis.kill()  # a turn that has begun goes on
        began = time.monotonic()
        with pytest.raises(NoLock, match="OPI_ADVISOR_REDIS"):
            async with turns.hold("a"):
                pass
        return time.monotonic() - began

    assert run(kill()) < 2.0


def test_a_redis_that_starts_again_at_once_costs_no_message(breakable_redis):
    async def restart():
        turns = RedisTurns(breakable_redis.url)
        async with turns.hold("a"):
            pass
        breakable_redis.kill()
        waiting = asyncio.create_task(enter(turns))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(breakable_redis.start)
        await waiting

    async def enter(turns):
        async with turns.hold("a"):
            pass

    run(restart())


def test_the_settings_choose(redis, monkeypatch):
    monkeypatch.delenv("OPI_ADVISOR_REDIS", raising=False)
    assert isinstance(ConversationLocks()._turns, LocalTurns)
    monkeypatch.setenv("OPI_ADVISOR_REDIS", redis.url)
    assert isinstance(ConversationLocks(endpoint_config=None)._turns, RedisTurns)
