"""Conversations written into a database as Rasa writes them, and what is left of them."""
from __future__ import annotations

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

DAY = 24 * 3600.0  # seconds


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
    return [sender for sender, in rows(database, "SELECT DISTINCT sender_id FROM events ORDER BY sender_id")]


def texts(database: Union[Path, str], sender: str) -> str:
    """All that is stored of one conversation."""
    return "\n".join(data for data, in rows(database, "SELECT data FROM events WHERE sender_id = :sender ORDER BY id", sender=sender))


def tables_with(database: Union[Path, str], word: str) -> List[str]:
    """The tables in which `word` stands in any row and column."""
    engine = open_database(database)
    try:
        found = []
        for name in sa.inspect(engine).get_table_names():
            with engine.connect() as connection:
                if any(word in str(value) for row in connection.execute(sa.text(f'SELECT * FROM "{name}"')) for value in row):
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
