"""Deleting in a running server: under the conversation's lock, beside other servers, and without holding anybody up."""
import asyncio
import time
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from opi_advisor.feedback import FeedbackStore
from opi_advisor.privacy.erasing import NotErased, erase, erase_old
from opi_advisor.privacy.stored_conversations import StoredConversations
from opi_advisor.stores import Overtaken
from opi_advisor.stores.lock_store import ConversationLocks
from opi_advisor.stores.tracker_store import ConversationStore
from opi_advisor.stores.turns import turns
from tests.coroutines import run
from tests.privacy.talks import DAY, senders, talk, write_talk

AGE = 30 * DAY
MAX_PAUSE = 0.25  # seconds that deleting may hold other requests up, on a busy machine


def server(database, redis=None):
    """What deleting needs of a running server: its locks and its database."""
    return SimpleNamespace(ctx=SimpleNamespace(agent=SimpleNamespace(lock_store=ConversationLocks(redis=redis)),
                                               stored_conversations=StoredConversations(database), feedback=FeedbackStore(database)))


def test_old_conversations_are_deleted_and_young_ones_stay(database):
    for number in range(5):
        write_talk(database, f"old-{number}", "Hej", 31 + number)
        write_talk(database, f"young-{number}", "Hej", 29 - number)
    assert run(erase_old(server(database), AGE)) == 5
    assert senders(database) == [f"young-{number}" for number in range(5)]
    assert run(erase_old(server(database), AGE)) == 0


def test_several_servers_may_do_it_at_once(database, redis):
    for number in range(40):
        write_talk(database, f"talk-{number:02}", "Hej", 31 if number % 2 else 29)

    async def all_at_once():
        return await asyncio.gather(*(erase_old(server(database, redis.url), AGE) for _ in range(3)))

    assert sum(run(all_at_once())) == 20  # each of them once
    assert senders(database) == [f"talk-{number:02}" for number in range(0, 40, 2)]


def test_a_turn_that_is_going_on_ends_first(database):
    write_talk(database, "mine", "Hej")
    running, order = server(database), []

    async def turn():
        async with running.ctx.agent.lock_store.lock("mine"):
            order.append("turn begins")
            await asyncio.sleep(0.2)
            order.append(f"turn ends with {len(await asyncio.to_thread(senders, database))} conversation(s)")

    async def both():
        going_on = asyncio.create_task(turn())
        await asyncio.sleep(0.05)
        await erase(running, "mine")
        order.append("deleted")
        await going_on

    run(both())
    assert order == ["turn begins", "turn ends with 1 conversation(s)", "deleted"] and senders(database) == []


def test_a_turn_that_was_begun_before_is_not_written_any_more(database):
    """Also where there is no common lock, as for `opi-advisor privacy erase`."""
    store = ConversationStore(Domain.empty(), database=database)
    run(store.save(talk("mine", "Hej")))

    async def turn():
        tracker = await store.retrieve("mine")
        assert StoredConversations(database).erase("mine")
        tracker.update(UserUttered("Geheimnis"))
        await store.save(tracker)

    with pytest.raises(Overtaken):
        run(turn())
    assert senders(database) == []


def test_others_are_not_held_up(database):
    engine = ConversationStore(Domain.empty(), database=database).engine
    with engine.begin() as connection:
        data = [{"sender_id": f"talk-{number}", "timestamp": 1.0, "data": b""} for number in range(20_000)]
        connection.execute(turns.insert(), data)
        connection.execute(sa.text("UPDATE turns SET sender_id = 'a long one' WHERE id % 100 > 0"))
    pauses = []

    async def heartbeat():
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            pauses.append(time.perf_counter() - began)

    async def deleting():
        beat = asyncio.create_task(heartbeat())
        erased = await erase_old(server(database), AGE)
        beat.cancel()
        return erased

    began = time.perf_counter()
    assert run(deleting()) == 201
    print(f"{201 / (time.perf_counter() - began):.0f} conversations a second, longest pause {1000 * max(pauses):.0f} ms")
    assert max(pauses) < MAX_PAUSE and len(pauses) > 20


@pytest.mark.parametrize("broken", ["database", "locks"])
def test_a_failure_is_told(tmp_path, broken):
    database = tmp_path / "conversations.db"
    if broken == "database":
        database.write_bytes(b"no database at all" * 100)
    running = server(database, redis="redis://127.0.0.1:9/0" if broken == "locks" else None)
    with pytest.raises(NotErased):
        run(erase(running, "mine"))
