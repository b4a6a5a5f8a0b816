"""Whether the database takes a turn: found out by writing as much as a turn has, and deleting it again."""
from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from opi_advisor.stores.database import make_table

BYTES = 16 * 1024  # a turn has some 500; more, so that a disk is not found full by a person's message first
_probes = sa.Table("write_probes", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("filling", sa.String, nullable=False))


def write_probe(engine: Engine) -> None:
    """Write and delete, each for good.

    Raises:
        SQLAlchemyError: the database does not answer or can't be written.
    """
    with engine.begin() as connection:
        make_table(connection, _probes)
        row = connection.execute(_probes.insert().values(filling="x" * BYTES)).inserted_primary_key[0]
    with engine.begin() as connection:
        connection.execute(_probes.delete().where(_probes.c.id == row))
