"""The tracker store: reads what a turn needs, writes each turn once and in order, and says so where it can't. On both databases."""
import asyncio
import threading
import time

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore
from rasa.shared.core.events import Restarted, SlotSet
from rasa.shared.exceptions import ConnectionException

from opi_advisor.stores import NotKept, NotRead, Overtaken, StoreError, watch_turn
from opi_advisor.stores import tracker_store as module
from opi_advisor.stores.tracker_store import ConversationStore
from opi_advisor.stores.turns import turns
from tests.coroutines import run
from tests.stores.talk import DOMAIN, kinds, read, say, session_start, texts, turn


@pytest.fixture()
def store(database):
    store = ConversationStore(DOMAIN, database=database)
    yield store
    store.engine.dispose()


@pytest.fixture()
def rasas(store, database):
    """Rasa's own store on the same database."""
    url = {"dialect": "sqlite", "db": str(database)} if not isinstance(database, str) else {"host": database}
    own = SQLTrackerStore(DOMAIN, **url)
    yield own
    own.engine.dispose()


@pytest.fixture()
def broken(breakable, request):
    """A PostgreSQL that the test breaks, and a store on it."""
    store = ConversationStore(DOMAIN, database=breakable.new_database(request.node.name))
    yield breakable, store
    store.engine.dispose()


async def long_talk(store, turns, sender="a"):
    for number in range(turns):
        assert await say(store, sender, f"question {number}") is None


def state(tracker):
    return (tracker.current_slot_values(), tracker.latest_message.text, tracker.latest_action_name, tracker.followup_action,
            tracker.latest_bot_utterance.text, tracker.is_paused())


@pytest.mark.parametrize("turns", [1, 2, 3, 40])
def test_the_last_turn_gives_the_whole_state(store, turns):
    run(long_talk(store, turns))
    short, whole = run(read(store, "a")), run(store.retrieve_full_tracker("a"))
    assert state(short) == state(whole) and short.get_slot("trail") == [{"text": f"question {turns - 1}"}]
    assert len(whole.events) == 3 + 8 * turns and len(short.events) == (11 if turns == 1 else 8)
    assert run(texts(store, "a")) == [f"question {number}" for number in range(turns)]


def test_what_rasas_own_store_wrote_is_read_and_continued(rasas, store):
    run(long_talk(rasas, 3))
    short, whole = run(read(store, "a")), run(store.retrieve_full_tracker("a"))
    assert state(short) == state(whole) == state(run(rasas.retrieve("a"))) and len(short.events) == 8
    assert run(say(store, "a", "another")) is None
    assert run(texts(store, "a")) == ["question 0", "question 1", "question 2", "another"]
    assert run(texts(rasas, "a")) == ["question 0", "question 1", "question 2"]  # the table of before is only read
    assert run(store.keys()) == ["a"]


def test_of_a_conversation_of_before_the_slots_that_were_set_long_ago_go_on(rasas, store):
    async def talk():
        await say(rasas, "a", "first")
        for number in range(5):
            await say(rasas, "a", f"question {number}", language="da")
        for number in range(5):
            await say(store, "a", f"later {number}", unclear=None)

    run(talk())
    tracker = run(read(store, "a"))
    assert (tracker.get_slot("side"), tracker.get_slot("language"), tracker.get_slot("trail")) == ("public", "da", [{"text": "first"}])


@pytest.mark.parametrize("happens", ["another turn", "deleted"])
def test_a_conversation_of_before_can_be_overtaken_too(rasas, store, happens):
    async def collide():
        await long_talk(rasas, 2)
        with watch_turn() as outcome:
            tracker = await read(store, "a")
            if happens == "deleted":
                with store.engine.begin() as connection:
                    connection.execute(sa.text("DELETE FROM events"))
            else:
                await say(store, "a", "first")
            tracker.update_with_events(turn("too late"), DOMAIN)
            await store.save(tracker)
        return outcome.failure

    assert isinstance(run(collide()), Overtaken) and "too late" not in run(texts(store, "a"))


def test_an_id_that_was_deleted_does_not_come_back(store):
    """Else a turn from before could be written after another one that has its predecessor's id."""
    async def talk():
        await say(store, "a", "forgotten")
        tracker = await read(store, "a")
        with store.engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM turns"))
        await say(store, "a", "new")
        with watch_turn() as outcome:
            tracker.update_with_events(turn("too late"), DOMAIN)
            await store.save(tracker)
        return outcome.failure

    assert isinstance(run(talk()), Overtaken) and run(texts(store, "a")) == ["new"]


def test_a_damaged_row_is_told_and_harms_no_other_conversation(store):
    run(say(store, "a", "a secret"))
    run(say(store, "b", "hello"))
    with store.engine.begin() as connection:
        connection.execute(turns.update().where(turns.c.sender_id == "a").values(data=b"\x01damaged"))
    failure = run(say(store, "a", "again"))
    assert isinstance(failure, NotRead) and "Row 1 of the table turns can't be read" in str(failure)
    assert run(say(store, "b", "hello")) is None and run(texts(store, "b")) == ["hello", "hello"]


def test_a_slot_that_was_set_long_ago_is_found(store):
    async def talk():
        await say(store, "a", "first")
        for number in range(60):
            await say(store, "a", f"question {number}", language="da")

    run(talk())
    tracker = run(read(store, "a"))
    assert tracker.get_slot("side") == "public" and tracker.get_slot("language") == "da" and len(tracker.events) < 20


def test_a_new_session_begins_with_the_slots_that_were_carried_over_and_no_others(store):
    async def talk():
        await long_talk(store, 5)
        tracker = await read(store, "a")
        tracker.update_with_events(session_start(side="private") + turn("next day", language="da"), DOMAIN)
        await store.save(tracker)
        for number in range(20):
            await say(store, "a", f"later {number}", language="da")

    run(talk())
    tracker = run(read(store, "a"))
    assert tracker.current_slot_values() == {**run(store.retrieve_full_tracker("a")).current_slot_values()}
    assert (tracker.get_slot("side"), tracker.get_slot("trail")) == ("private", None)


def test_nothing_of_before_a_restart_comes_back(store):
    async def talk():
        await long_talk(store, 5)
        tracker = await read(store, "a")
        tracker.update_with_events([Restarted(), *session_start()], DOMAIN)
        await store.save(tracker)

    run(talk())
    assert run(read(store, "a")).get_slot("side") is None


def test_saving_again_writes_only_what_is_new(store):
    async def talk():
        tracker = await read(store, "a")
        tracker.update_with_events(session_start() + turn("one"), DOMAIN)
        await store.save(tracker)
        await store.save(tracker)
        tracker.update_with_events([SlotSet("side", "private")], DOMAIN)
        await store.save(tracker)

    run(talk())
    assert run(texts(store, "a")) == ["one"]
    others = [kind for kind in run(kinds(store, "a")) if kind != "slot"]
    assert others == ["action", "session_started", "action", "user", "action", "bot", "action"]
    tracker = run(read(store, "a"))
    assert tracker.get_slot("side") == "private" and tracker.get_slot("trail") == [{"text": "one"}]
    assert tracker.latest_message.text == "one" and tracker.latest_action_name == "action_listen"  # the last row has no turn in it


@pytest.mark.parametrize("turns", [0, 3])
def test_of_two_turns_from_the_same_moment_only_the_first_is_kept(store, turns):
    async def collide():
        await long_talk(store, turns)
        trackers = [await read(store, "a") for _ in range(2)]
        failures = []
        for number, tracker in enumerate(trackers):
            with watch_turn() as outcome:
                tracker.update_with_events(([] if turns else session_start()) + turn(f"at once {number}"), DOMAIN)
                await store.save(tracker)
            failures.append(outcome.failure)
        return failures

    first, second = run(collide())
    assert first is None and isinstance(second, Overtaken)
    assert run(texts(store, "a")) == [f"question {number}" for number in range(turns)] + ["at once 0"]
    assert run(kinds(store, "a")).count("session_started") == 1


def test_many_writers_at_once_keep_what_they_say_is_kept(store):
    async def all_at_once():
        async def one(number):
            return (number, await say(store, f"sender {number % 5}", str(number)))
        return await asyncio.gather(*(one(number) for number in range(60)))

    failures = dict(run(all_at_once()))
    for sender in range(5):
        kept = [number for number in failures if number % 5 == sender and failures[number] is None]
        assert sorted(map(int, run(texts(store, f"sender {sender}")))) == kept and kept
        assert run(kinds(store, f"sender {sender}")).count("session_started") == 1
    assert all(failure is None or isinstance(failure, Overtaken) for failure in failures.values())


def test_a_turn_of_a_conversation_that_was_deleted_meanwhile_is_not_kept(store):
    async def forget():
        await long_talk(store, 2)
        with watch_turn() as outcome:
            tracker = await read(store, "a")
            with store.engine.begin() as connection:
                connection.execute(sa.text("DELETE FROM turns"))
            tracker.update_with_events(turn("too late"), DOMAIN)
            await store.save(tracker)
        return outcome.failure

    assert isinstance(run(forget()), Overtaken) and run(texts(store, "a")) == []


@pytest.mark.parametrize("sender", ["\ud800", "a\0b", "x" * 300])
def test_an_odd_id_harms_nobody(store, sender):
    failure = run(say(store, sender, "hello"))
    assert failure is None or isinstance(failure, StoreError) and sender not in str(failure)
    assert run(say(store, "a", "hello")) is None


def test_a_write_that_fails_is_told_and_the_next_one_works(store):
    async def talk():
        await say(store, "a", "one")
        with watch_turn() as outcome:
            tracker = await read(store, "a")
            with store.engine.begin() as connection:
                connection.execute(sa.text("ALTER TABLE turns RENAME TO aside"))
            tracker.update_with_events(turn("a secret"), DOMAIN)
            await store.save(tracker)
        with store.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE aside RENAME TO turns"))
        return outcome.failure, await say(store, "a", "two")

    failure, after = run(talk())
    assert isinstance(failure, NotKept) and "turns" in str(failure) and "secret" not in str(failure)
    assert after is None and run(texts(store, "a")) == ["one", "two"]


@pytest.mark.parametrize("before", [["one"], []])
def test_a_conversation_that_could_not_be_read_is_not_written_to(store, before):
    """Rasa answers with an empty tracker then; the conversation must not go on from there, nor begin."""
    async def talk():
        safe = FailSafeTrackerStore(store)  # as Rasa's agent does
        for text in before:
            await say(safe, "a", text)
        with watch_turn() as outcome:
            with store.engine.begin() as connection:
                connection.execute(sa.text("ALTER TABLE turns RENAME TO aside"))
            tracker = await read(safe, "a")
            with store.engine.begin() as connection:
                connection.execute(sa.text("ALTER TABLE aside RENAME TO turns"))
            tracker.update_with_events(session_start() + turn("two"), DOMAIN)
            await safe.save(tracker)
        return outcome.failure

    assert isinstance(run(talk()), NotRead) and run(texts(store, "a")) == before


def test_where_nobody_watches_it_raises(store):
    with store.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE turns"))
    with pytest.raises(NotRead):
        run(store.retrieve("a"))


def test_a_database_that_can_not_be_opened_is_refused_without_its_password(tmp_path):
    (tmp_path / "no.db").write_bytes(b"no database" * 1000)
    with pytest.raises(ConnectionException, match="no.db.* can't be used"):
        ConversationStore(DOMAIN, database=tmp_path / "no.db")
    with pytest.raises(ConnectionException, match="can't be used") as refused:
        ConversationStore(DOMAIN, database="postgresql://advisor:secret@127.0.0.1:9/x")
    assert "secret" not in str(refused.value)


def test_a_killed_postgresql_costs_only_the_turns_meanwhile(broken):
    service, store = broken
    assert run(say(store, "a", "one")) is None
    service.kill()
    assert isinstance(run(say(store, "a", "lost")), NotRead)
    service.start()
    assert run(say(store, "a", "two")) is None


def test_a_restart_of_postgresql_is_waited_for(broken):
    service, store = broken
    assert run(say(store, "a", "one")) is None
    service.kill()
    starting = threading.Timer(0.5, service.start)
    starting.start()
    assert run(say(store, "a", "two")) is None
    starting.join()
    service.kill()
    service.start()
    assert run(say(store, "a", "three")) is None  # at once, though nobody has noticed yet that the connections are dead
    assert run(texts(store, "a")) == ["one", "two", "three"]


def test_a_turn_that_was_given_up_is_not_written_later(store):
    run(say(store, "a", "one"))
    tracker = run(store.retrieve("a"))
    with pytest.raises(NotKept, match="given up"):
        store._append("a", tracker.kept.last, [SlotSet("side", "public")], time.monotonic() - 1)
    assert run(texts(store, "a")) == ["one"]


def test_a_frozen_postgresql_holds_up_nobody_else(broken, monkeypatch):
    service, store = broken
    monkeypatch.setattr(module, "TIMEOUT", 0.5)
    run(say(store, "a", "one"))
    service.freeze()

    async def talk():
        waits = asyncio.gather(*(say(store, f"sender {number}", "lost") for number in range(20)))
        longest, last = 0.0, time.monotonic()
        while not waits.done():
            await asyncio.sleep(0.01)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        return longest, await waits

    began = time.monotonic()
    longest, failures = run(talk())
    assert all(isinstance(failure, NotRead) for failure in failures)
    assert longest < 0.5 and time.monotonic() - began < 3.0
    service.thaw()
    deadline = time.monotonic() + 10
    while run(say(store, "b", "two")) is not None:
        assert time.monotonic() < deadline
    assert run(texts(store, "a")) == ["one"]


def test_a_turn_whose_commit_got_no_answer_is_kept_once(broken):
    """The connection breaks between the commit and the word that it is done."""
    service, store = broken
    run(say(store, "a", "one"))
    done = []

    def commit_and_break(connection):
        if not done:
            done.append(True)
            raw = connection.connection.dbapi_connection
            raw.commit()
            raw.cursor().execute("SELECT 1")  # else there would be nothing left to commit
            other = service.connect("postgres")
            other.cursor().execute(f"SELECT pg_terminate_backend({raw.get_backend_pid()})")
            other.close()

    sa.event.listen(store.engine, "commit", commit_and_break)
    assert run(say(store, "a", "two")) is None and done
    assert run(texts(store, "a")) == ["one", "two"]
