"""A conversation that goes on the next day, on a real server."""
import json
import sqlite3
from contextlib import closing
from pathlib import Path

DAY = 25 * 3600  # seconds; a session lasts 24 hours (domain.yml)


def test_a_conversation_of_yesterday_begins_a_new_session_and_keeps_its_slots(server):
    database = Path(server.output.name).parent / "conversations.db"
    sender = "since yesterday"
    server.client.ask(sender, "We are a municipality. Why are companies so quick to decide?")
    server.client.ask(sender, "thanks")
    with closing(sqlite3.connect(database)) as connection, connection:
        for number, data in connection.execute("SELECT id, data FROM events WHERE sender_id = ?", [sender]).fetchall():
            event = json.loads(data)
            earlier = event["timestamp"] - DAY
            connection.execute("UPDATE events SET timestamp = ?, data = ? WHERE id = ?",
                               [earlier, json.dumps({**event, "timestamp": earlier}), number])
    reply = server.client.ask(sender, "and us?").custom
    assert (reply["kind"], reply["dimensions"], reply["parties"]) == ("answer", ["decision_speed"], ["public"])
    with closing(sqlite3.connect(database)) as connection:
        kinds = [kind for kind, in connection.execute("SELECT type_name FROM events WHERE sender_id = ? ORDER BY id", [sender])]
    assert kinds.count("session_started") == 2 and kinds.count("user") == 3
