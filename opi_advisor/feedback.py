"""What people thought of replies: a table beside the conversations, without anything that leads back to a person."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, Union

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from opi_advisor.stores.database import is_postgresql, make_table, open_database

RATINGS = ("up", "down")

_table = sa.Table(
    "feedback", sa.MetaData(),
    sa.Column("receipt", sa.String, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),  # no time of day: it would lead to a conversation
    sa.Column("language", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("dimensions", sa.JSON, nullable=False),
    sa.Column("facet", sa.String),
    sa.Column("premise", sa.String, nullable=False),
    sa.Column("rating", sa.String, nullable=False),
    sa.Column("missing", sa.String),
)


@dataclass(frozen=True)
class Receipt:
    """What is kept of the reply that somebody rates. `id` is random and stands nowhere else."""

    id: str
    language: str
    kind: str
    dimensions: Tuple[str, ...]
    facet: Optional[str]
    premise: str


class FeedbackStore:
    """The table in `database`, a SQLite file or the URL of a PostgreSQL database."""

    def __init__(self, database: Union[Path, str]):
        self._database = database
        self._engine = open_database(database)

    def put(self, receipt: Receipt, rating: str, missing: Optional[str]) -> None:
        """Keep one rating; it replaces an earlier one of the same reply."""
        facts = dict(day=date.today(), language=receipt.language, kind=receipt.kind, dimensions=list(receipt.dimensions),
                     facet=receipt.facet, premise=receipt.premise, rating=rating, missing=missing)
        with self._engine.begin() as connection:
            make_table(connection, _table)
            insert = postgresql.insert if is_postgresql(connection) else sqlite.insert
            statement = insert(_table).values(receipt=receipt.id, **facts)
            connection.execute(statement.on_conflict_do_update(index_elements=["receipt"], set_=facts))

    def forget_comments(self, before: date) -> int:
        """Delete the comments of earlier days, in which people may have written anything; the ratings stay. Returns how many there were."""
        if not self._has_table():
            return 0
        with self._engine.begin() as connection:
            old = sa.update(_table).where(_table.c.day < before, _table.c.missing.is_not(None)).values(missing=None)
            return connection.execute(old).rowcount

    def read(self) -> List[Dict[str, Any]]:
        """All ratings, by day, as plain JSON; none where the file or the table is missing."""
        if not self._has_table():
            return []
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_table).order_by(_table.c.day, _table.c.receipt)).mappings()
            return [{**row, "day": row["day"].isoformat()} for row in rows]

    def _has_table(self) -> bool:
        if isinstance(self._database, Path) and not self._database.is_file():  # asking would make the file
            return False
        return sa.inspect(self._engine).has_table(_table.name)


def summary(ratings: List[Dict[str, Any]]) -> str:
    """Counts by topic and kind of reply, then every comment with its day and what the reply was about."""
    if not ratings:
        return "No feedback yet."
    counts = {name: Counter() for name in RATINGS}
    for rating in ratings:
        counts[rating["rating"]].update([_about(rating)])
    lines = [f"{len(ratings)} rating(s): {sum(counts['up'].values())} up, {sum(counts['down'].values())} down", ""]
    for about in sorted(set(counts["up"]) | set(counts["down"])):
        lines.append(f"{about:<40} {counts['up'][about]:>5} up {counts['down'][about]:>5} down")
    comments = [rating for rating in ratings if rating["missing"]]
    lines += ["", "What was missing:"] if comments else []
    lines += [_comment(rating) for rating in comments]
    return "\n".join(lines)


def _comment(rating: Dict[str, Any]) -> str:
    on_one_line = " ".join(rating["missing"].split())
    return f"{rating['day']} {rating['language']} {rating['rating']} {_about(rating)}: {on_one_line}"


def _about(rating: Dict[str, Any]) -> str:
    return " ".join([rating["kind"], *rating["dimensions"]])
