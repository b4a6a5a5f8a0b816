"""Conversations in both kinds of database: deleted whole and alone, found, and exported in full."""
import json
import time

import pytest
import sqlalchemy as sa

from opi_advisor.privacy import stored_conversations
from opi_advisor.privacy.stored_conversations import StoredConversations
from opi_advisor.stores.database import open_database
from tests.privacy.talks import DAY, senders, tables_with, write_talk

LONG = "Hvorfor er det så svært? " * 400  # more than a page of the file


@pytest.fixture()
def stored(database):
    write_talk(database, "mine", "Hvem beslutter på RØDBY rådhus?", 2)
    write_talk(database, "mine too", "What drives the company?", 40)
    write_talk(database, "other", "Hej", 40)
    return StoredConversations(database)


def test_one_conversation_is_deleted_from_every_table_and_no_other(stored, database):
    assert stored.erase("mine") is True
    assert tables_with(database, "mine") == ["events"]  # the one whose id begins alike
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
        connection.execute(sa.text("INSERT INTO events (sender_id, type_name, timestamp, data) VALUES ('other', 'user', :now, '{}')"),
                           {"now": time.time()})
    assert [stored.erase_if_silent(sender, since) for sender in ("mine", "mine too", "other")] == [False, True, False]
    assert senders(database) == ["mine", "other"]


def test_old_conversations_are_found_in_chunks(stored, monkeypatch):
    monkeypatch.setattr(stored_conversations, "CHUNK", 4)
    assert stored.silent_since(time.time()) == {"mine", "mine too", "other"}
    assert len(stored.export("mine")["events"]) == 6 and len(stored.summaries()) == 3


def test_everything_stored_is_exported(stored, database):
    exported = json.loads(json.dumps(stored.export("mine")))
    assert [message["from"] for message in exported["messages"]] == ["person", "advisor"]
    assert exported["messages"][0]["text"] == "Hvem beslutter på RØDBY rådhus?" and exported["messages"][0]["time"].startswith("20")
    with open_database(database).connect() as connection:
        kept = [json.loads(data) for data, in connection.execute(sa.text("SELECT data FROM events WHERE sender_id = 'mine' ORDER BY id"))]
    assert exported["events"] == kept and len(kept) == 6
    assert stored.export("nobody") is None


def test_a_conversation_is_found_by_what_was_written(stored):
    found, = stored.summaries("rødby")
    assert (found.id, found.messages, found.found) == ("mine", 1, ["Hvem beslutter på RØDBY rådhus?"])
    assert 1.9 * DAY < time.time() - found.last < time.time() - found.first < 2.1 * DAY
    assert stored.summaries("An answer") == []  # that is what the advisor said
    assert [summary.id for summary in stored.summaries()][0] == "mine"  # the newest first


def test_without_a_database_nothing_is_found_and_none_is_made(tmp_path):
    stored = StoredConversations(tmp_path / "none.db")
    assert not stored.erase("x") and stored.export("x") is None and stored.summaries() == [] and stored.silent_since(time.time()) == set()
    stored.wipe()
    (tmp_path / "none.db").touch()
    assert not stored.erase("x") and stored.summaries() == []


def test_no_byte_is_left_in_the_files_of_sqlite(tmp_path):
    database = tmp_path / "conversations.db"
    for number in range(20):
        write_talk(database, f"talk-{number}", f"Geheimnis {number} {LONG}", answer=LONG)
    reader = open_database(database).connect()  # somebody who has it open, as the server has
    reader.exec_driver_sql("SELECT count(*) FROM events").fetchall()
    stored = StoredConversations(database)
    for number in range(20):
        assert f"Geheimnis {number} ".encode() in everything(tmp_path)
        assert stored.erase(f"talk-{number}")
        assert f"Geheimnis {number} ".encode() not in everything(tmp_path)
    assert b"talk-" not in everything(tmp_path) and b"Geheimnis" not in everything(tmp_path)
    reader.close()


def test_without_overwriting_bytes_would_be_left(tmp_path):
    """The test above can fail: plain SQLite leaves what it deletes."""
    database = tmp_path / "conversations.db"
    write_talk(database, "talk", f"Geheimnis {LONG}")
    engine = open_database(database)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        connection.exec_driver_sql("DELETE FROM events")
        assert b"Geheimnis" in everything(tmp_path)


def everything(folder):
    return b"".join(path.read_bytes() for path in folder.iterdir())
