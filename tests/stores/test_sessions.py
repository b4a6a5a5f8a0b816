"""A conversation that goes on the next day, on a real server."""
from pathlib import Path

from tests.stored_turns import age, stored_events

DAYS = 25 / 24  # a session lasts 24 hours (domain.yml)


def test_a_conversation_of_yesterday_begins_a_new_session_and_keeps_its_slots(server):
    database = Path(server.output.name).parent / "conversations.db"
    sender = "since yesterday"
    server.client.ask(sender, "We are a municipality. Why are companies so quick to decide?")
    server.client.ask(sender, "thanks")
    age(database, sender, DAYS)
    reply = server.client.ask(sender, "and us?").custom
    assert (reply["kind"], reply["dimensions"], reply["parties"]) == ("answer", ["decision_speed"], ["public"])
    kinds = [event["event"] for event in stored_events(database)[sender]]
    assert kinds.count("session_started") == 2 and kinds.count("user") == 3
