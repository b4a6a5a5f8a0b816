"""Conversations in both kinds of database: deleted whole and alone, found, and exported in full."""
import json
import secrets
import time

import pytest

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered

from opi_advisor.privacy import stored_conversations
from opi_advisor.privacy.stored_conversations import StoredConversations
from opi_advisor.stores import NotRead
from opi_advisor.stores.database import open_database
from opi_advisor.stores.tracker_store import ConversationStore
from opi_advisor.stores.turns import turns
from tests.coroutines import run
from tests.privacy.talks import DAY, TRACE, senders, tables_with, talk, write_talk
from tests.stored_turns import stored_events, stored_rows

PAGE = 4096  # bytes, of the file


@pytest.fixture()
def stored(database):
    write_talk(database, "mine", "Hvem beslutter på RØDBY rådhus?", 2)
    write_talk(database, "mine too", "What drives the company?", 40)
    write_talk(database, "other", "Hej", 40)
    return StoredConversations(database)


def test_one_conversation_is_deleted_from_every_table_and_no_other(stored, database):
    assert stored.erase("mine") is True
    assert tables_with(database, "mine") == ["turns"]  # the one whose id begins alike
    assert senders(database) == ["mine too", "other"]
    assert stored.erase("mine") is False


@pytest.mark.parametrize("name", ["%", "mine' OR 'a' = 'a", "", "min", "MINE"])
def test_an_id_is_taken_as_it_is(stored, database, name):
    assert stored.erase(name) is False and len(senders(database)) == 3


def test_only_what_has_been_silent_long_enough_is_deleted(stored, database):
    since = time.time() - 30 * DAY
    assert stored.silent_since(since) == {"mine too", "other"}
    write_more = open_database(database)
    with write_more.begin() as connection:  # somebody comes back to an old conversation
        connection.execute(turns.insert().values(sender_id="other", timestamp=time.time(), data=b""))
    assert [stored.erase_if_silent(sender, since) for sender in ("mine", "mine too", "other")] == [False, True, False]
    assert senders(database) == ["mine", "other"]


def test_old_conversations_are_found_in_chunks(stored, monkeypatch):
    monkeypatch.setattr(stored_conversations, "CHUNK", 2)
    assert stored.silent_since(time.time()) == {"mine", "mine too", "other"}
    assert len(stored.export("mine")["events"]) == 6 and len(stored.summaries()) == 3


def test_everything_stored_is_exported(stored, database):
    exported = json.loads(json.dumps(stored.export("mine")))
    assert [message["from"] for message in exported["messages"]] == ["person", "advisor"]
    assert exported["messages"][0]["text"] == "Hvem beslutter på RØDBY rådhus?" and exported["messages"][0]["time"].startswith("20")
    assert exported["events"] == stored_events(database)["mine"] and len(exported["events"]) == 6
    assert stored.export("nobody") is None


def test_a_conversation_is_found_by_what_was_written(stored):
    found, = stored.summaries("rødby")
    assert (found.id, found.messages, found.found) == ("mine", 1, ["Hvem beslutter på RØDBY rådhus?"])
    assert 1.9 * DAY < time.time() - found.last < time.time() - found.first < 2.1 * DAY
    assert stored.summaries("An answer") == []  # that is what the advisor said
    assert [summary.id for summary in stored.summaries()][0] == "mine"  # the newest first


@pytest.fixture()
def before(database):
    """Conversations as Rasa's own store keeps them, also one that went on since."""
    url = {"dialect": "sqlite", "db": str(database)} if not isinstance(database, str) else {"host": database}
    rasas = SQLTrackerStore(Domain.empty(), **url)
    for sender, days in (("mine", 2), ("gone on", 40), ("silent", 40)):
        run(rasas.save(talk(sender, f"Question of {sender}", days)))
    rasas.engine.dispose()
    return database


def test_conversations_of_before_are_found_exported_and_deleted_too(before):
    stored = StoredConversations(before)  # in which nothing of ours has run yet
    assert [summary.id for summary in stored.summaries("question")][0] == "mine" and stored.has("mine") and not stored.has("other")
    assert [message["text"] for message in stored.export("mine")["messages"]] == ["Question of mine", "An answer"]
    assert stored.erase("mine") is True and stored.export("mine") is None and tables_with(before, "mine") == []


def test_a_conversation_that_went_on_is_one_in_both_tables(before):
    store = ConversationStore(Domain.empty(), database=before)
    tracker = run(store.retrieve("gone on"))
    tracker.update_with_events([UserUttered("Later"), BotUttered("Yes"), ActionExecuted("action_listen")], None)
    run(store.save(tracker))
    store.engine.dispose()
    assert tables_with(before, "gone on") == ["events", "turns"]
    stored, since = StoredConversations(before), time.time() - 30 * DAY
    assert [message["text"] for message in stored.export("gone on")["messages"]] == ["Question of gone on", "An answer", "Later", "Yes"]
    summary, = [summary for summary in stored.summaries() if summary.id == "gone on"]
    assert summary.messages == 2 and summary.first < since < summary.last
    assert stored.silent_since(since) == {"gone on", "silent"}
    assert [stored.erase_if_silent(sender, since) for sender in ("gone on", "silent")] == [False, True]
    assert stored.erase_if_silent("gone on", time.time() + 1) and tables_with(before, "gone on") == []


def test_a_damaged_turn_is_told_and_does_not_keep_a_conversation_from_being_deleted(stored, database):
    engine = open_database(database)
    with engine.begin() as connection:
        connection.execute(turns.update().where(turns.c.sender_id == "mine").values(data=b"no turn"))
    damaged, = [summary for summary in stored.summaries() if summary.damaged]
    assert (damaged.id, damaged.damaged, damaged.messages) == ("mine", 1, 0) and len(stored.summaries()) == 3
    with pytest.raises(NotRead, match="Row 1 of the table turns"):
        stored.export("mine")
    assert stored.has("mine") and stored.erase("mine")


def test_without_a_database_nothing_is_found_and_none_is_made(tmp_path):
    stored = StoredConversations(tmp_path / "none.db")
    assert not stored.erase("x") and not stored.has("x")
    assert stored.export("x") is None and stored.summaries() == [] and stored.silent_since(time.time()) == set()
    stored.wipe()
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "none.db").touch()
    assert not stored.erase("x") and stored.summaries() == []


def test_no_byte_is_left_in_the_files_of_sqlite(tmp_path):
    database = tmp_path / "conversations.db"
    for number in range(20):
        write_talk(database, f"talk-{number}", long_text(), answer=long_text())
    reader = open_database(database).connect()  # somebody who has it open, as the server has
    reader.exec_driver_sql("SELECT count(*) FROM turns").fetchall()
    stored = StoredConversations(database)
    for number in range(20):
        begin, end = ends(database, f"talk-{number}")
        assert begin in everything(tmp_path) and end in everything(tmp_path)
        assert stored.erase(f"talk-{number}")
        assert begin not in everything(tmp_path) and end not in everything(tmp_path)
    assert b"talk-" not in everything(tmp_path)
    reader.close()


def test_without_overwriting_bytes_would_be_left(tmp_path):
    """The test above can fail: plain SQLite leaves what it deletes."""
    database = tmp_path / "conversations.db"
    write_talk(database, "talk", long_text())
    engine = open_database(database)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        begin, end = ends(database, "talk")
        connection.exec_driver_sql("DELETE FROM turns")
        assert begin in everything(tmp_path) and end in everything(tmp_path)


def long_text():
    """More than a page, also when it is compressed, and never the same."""
    return secrets.token_hex(PAGE)


def ends(database, sender):
    """What the one row of a conversation has on its first page and on its last."""
    row, = [bytes(row.data) for row in stored_rows(database) if row.sender_id == sender]
    assert len(row) > PAGE
    return row[200:200 + TRACE], row[-TRACE:]  # rows begin alike


def everything(folder):
    return b"".join(path.read_bytes() for path in folder.iterdir())
