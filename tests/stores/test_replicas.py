"""Two real advisors on one PostgreSQL and one Redis: nothing that was acknowledged is lost, doubled or out of order."""
import asyncio
import os
import signal

import pytest

from tests.stores.replicas import Crowd, count, is_whole, replicas
from tests.coroutines import run


LEASE_AND_TURN = 5.0  # seconds within which a conversation of a dead server goes on


@pytest.fixture(scope="module")
def pair(model, postgresql, redis, tmp_path_factory):
    """Two advisors, and the URL of their database."""
    url = postgresql.new_database("replicas")
    with replicas(tmp_path_factory.mktemp("replicas"), postgresql, redis, "replicas") as servers:
        yield servers, url


def test_messages_of_one_conversation_at_the_same_moment_on_both(pair):
    servers, url = pair
    talk = run(Crowd([server.url for server in servers], conversations=40, turns=5, users=16, name="calm").run())
    counted = count(talk, url)
    assert counted.turns == 200 and talk.failures == [] and counted.unacknowledged == 0
    assert counted.faults == 0, counted


def test_after_a_kill_every_acknowledged_turn_is_there_and_the_conversations_go_on(pair):
    """The Rasa process of one of the two is killed in the middle, and comes back by itself."""
    servers, url = pair

    async def talk_and_kill():
        crowd = Crowd([server.url for server in servers], conversations=16, turns=4, users=8, name="killed")
        talking = asyncio.create_task(crowd.run())
        while crowd.talk.turns < 16:
            await asyncio.sleep(0.01)
        os.kill(servers[0].children()[-1], signal.SIGKILL)  # the Rasa process is started last
        return await talking

    talk = run(talk_and_kill())
    counted = count(talk, url)
    assert counted.turns == 64 and talk.failures
    assert counted.faults == 0, counted
    assert max(end - begin for begin, end in talk.pauses) < LEASE_AND_TURN
    in_flight = [failure.sender for failure in talk.failures]
    assert len(in_flight) == len(set(in_flight)), talk.failures


@pytest.mark.parametrize("events", [
    ["listen"], ["start", "session_started", "listen", "user", "listen"], ["start", "session_started", "listen", "user", "answer", "bot"],
    ["start", "session_started", "listen", "user", "user", "answer", "bot", "listen", "answer", "bot", "listen"],
    ["start", "session_started", "listen", "start", "session_started", "listen"],
])
def test_the_count_sees_broken_conversations(events):
    """Turns that two servers wrote into each other, two session starts, half a turn."""
    names = {"listen": "action_listen", "start": "action_session_start", "answer": "action_answer"}
    assert not is_whole([{"event": "action", "name": names[event]} if event in names else {"event": event} for event in events])
