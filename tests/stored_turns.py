"""What lies in the table of turns, for tests that look into a database, and may change it."""
from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, List, Union

import sqlalchemy as sa

from opi_advisor.stores.database import open_database
from opi_advisor.stores.turns import pack, turns, unpack

Database = Union[Path, str]


def stored_rows(database: Database) -> List[Any]:
    """All rows, in their order."""
    engine = open_database(database)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(turns).order_by(turns.c.id)).all()
    engine.dispose()
    return rows


def stored_events(database: Database) -> Dict[str, List[Dict[str, Any]]]:
    """All events by conversation, in their order."""
    found: Dict[str, List[Dict[str, Any]]] = {}
    for row in stored_rows(database):
        found.setdefault(row.sender_id, []).extend(unpack(row))
    return found


def stored_texts(database: Database, sender: str) -> List[str]:
    """What a person said."""
    return [event["text"] for event in stored_events(database).get(sender, []) if event["event"] == "user"]


def change(database: Database, sender: str, changed: Callable[[Dict[str, Any]], Dict[str, Any]]) -> None:
    """Have each event of a conversation be what `changed` makes of it."""
    engine = open_database(database)
    with engine.begin() as connection:
        for row in connection.execute(sa.select(turns).where(turns.c.sender_id == sender)).all():
            events = list(map(changed, unpack(row)))
            values = {"timestamp": events[-1]["timestamp"], "data": pack(events)}
            connection.execute(turns.update().where(turns.c.id == row.id).values(values))
    engine.dispose()


def age(database: Database, sender: str, days: float) -> None:
    """Make a conversation older than it is."""
    change(database, sender, lambda event: {**event, "timestamp": event["timestamp"] - days * 24 * 3600})
