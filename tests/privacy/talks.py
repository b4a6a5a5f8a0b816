"""Conversations written into a database as the server writes them, and what is left of them."""
from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, List, Union

import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from opi_advisor.stores.database import open_database
from opi_advisor.stores.tracker_store import ConversationStore
from tests.coroutines import run
from tests.stored_turns import stored_events, stored_rows

DAY = 24 * 3600.0  # seconds
TRACE = 24  # bytes


def talk(sender: str, text: str, days: float = 0.0, answer: str = "An answer") -> DialogueStateTracker:
    """A conversation of one turn, `days` ago."""
    began = time.time() - days * DAY
    return DialogueStateTracker.from_events(sender, [
        ActionExecuted("action_session_start", timestamp=began), SessionStarted(timestamp=began),
        ActionExecuted("action_listen", timestamp=began), UserUttered(text, timestamp=began + 1),
        BotUttered(answer, timestamp=began + 2), ActionExecuted("action_listen", timestamp=began + 2)])


def write_talk(database: Union[Path, str], sender: str, text: str, days: float = 0.0, answer: str = "An answer") -> None:
    """Keep a conversation of one turn, `days` ago, by the store that the server has."""
    store = ConversationStore(Domain.empty(), database=database)
    run(store.save(talk(sender, text, days, answer)))
    store.engine.dispose()


def senders(database: Union[Path, str]) -> List[str]:
    """Whose conversations are stored."""
    return sorted({row.sender_id for row in stored_rows(database)})


def texts(database: Union[Path, str], sender: str) -> str:
    """All that is stored of one conversation."""
    return "\n".join(json.dumps(event, ensure_ascii=False) for event in stored_events(database).get(sender, []))


def traces(database: Union[Path, str], sender: str) -> List[bytes]:
    """How each row of a conversation ends in the file: with its checksum, and enough of the rest to be no other's."""
    return [bytes(row.data)[-TRACE:] for row in stored_rows(database) if row.sender_id == sender]


def tables_with(database: Union[Path, str], word: str) -> List[str]:
    """The tables in which `word` stands in any row and column, be it compressed."""
    engine = open_database(database)
    try:
        found = []
        for name in sa.inspect(engine).get_table_names():
            with engine.connect() as connection:
                values = [str(value) for row in connection.execute(sa.text(f'SELECT * FROM "{name}"')) for value in row]
            if name == "turns":
                values += [texts(database, sender) for sender in senders(database)]
            if any(word in value for value in values):
                found.append(name)
        return found
    finally:
        engine.dispose()


def rows(database: Union[Path, str], statement: str, **values: Any) -> List[Any]:
    engine = open_database(database)
    try:
        with engine.connect() as connection:
            return connection.execute(sa.text(statement), values).all()
    finally:
        engine.dispose()
