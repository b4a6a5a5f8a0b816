"""Rasa as `opi-advisor serve` runs it, with each statement to the database noted in the file that STATEMENTS_FILE names.

Each gets one line of JSON: its first word, the rows that it changed, and the bytes of text in its parameters.
"""
from __future__ import annotations

import json
import os
import runpy
from typing import Any

import sqlalchemy as sa

STATEMENTS_FILE = "OPI_ADVISOR_TEST_STATEMENTS"


def content_bytes(parameters: Any) -> int:
    """The bytes of all texts and binary values in the parameters of a statement, however they are nested."""
    if isinstance(parameters, str):
        return len(parameters.encode("utf-8"))
    if isinstance(parameters, (bytes, memoryview)):
        return len(bytes(parameters))
    inner = parameters.values() if isinstance(parameters, dict) else parameters if isinstance(parameters, (list, tuple)) else ()
    return sum(map(content_bytes, inner))


def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
    """Note one statement; the arguments are those of SQLAlchemy's event."""
    line = {"verb": statement.split(None, 1)[0].upper(), "rows": max(cursor.rowcount, 0), "bytes": content_bytes(parameters)}
    with open(os.environ[STATEMENTS_FILE], "a", encoding="utf-8") as file:  # one short write: whole lines also from several threads
        file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    sa.event.listen(sa.engine.Engine, "after_cursor_execute", note)
    runpy.run_module("opi_advisor.rasa_process", run_name="__main__")
