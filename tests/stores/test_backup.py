"""The commands of docs/operations.md for backup and restore, run as they stand there, while people write."""
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from opi_advisor.project import ROOT
from opi_advisor.stores.tracker_store import ConversationStore
from tests.coroutines import run
from tests.stores.talk import DOMAIN, kinds, read, say, texts


def command(words: str) -> str:
    """The line of the docs that begins with these words."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    line, = re.findall(rf"^{re.escape(words)}.*$", text, re.M)
    return line.replace(".venv/bin/python", sys.executable)


def in_shell(line: str, folder: Path, **environment: str) -> None:
    subprocess.run(["sh", "-ec", line], cwd=folder, env={**os.environ, **environment}, check=True, capture_output=True, text=True)


@pytest.fixture()
def sqlite(tmp_path):
    """A file of SQLite where `serve` has it; backup and restore of it."""
    (tmp_path / "var").mkdir()
    database = tmp_path / "var" / "conversations.db"
    return database, lambda: in_shell(command(".venv/bin/python -c"), tmp_path), lambda: in_shell(command("cp advisor-backup.db"), tmp_path)


@pytest.fixture()
def postgres(postgresql, tmp_path):
    """A database of PostgreSQL; backup and restore of it."""
    url = postgresql.new_database("backup")
    environment = {"OPI_ADVISOR_DATABASE": url, "PATH": f"{postgresql.programs}:{os.environ['PATH']}"}
    return (url, lambda: in_shell(command("pg_dump"), tmp_path, **environment),
            lambda: in_shell(command("pg_restore"), tmp_path, **environment))


class Writer(threading.Thread):
    """Somebody who goes on writing while the backup is made."""

    def __init__(self, database):
        super().__init__()
        self._store, self._stopping, self.turns = ConversationStore(DOMAIN, database=database), threading.Event(), 0

    def run(self) -> None:
        while not self._stopping.is_set():
            assert run(say(self._store, "a", f"question {self.turns}")) is None
            self.turns += 1
        self._store.engine.dispose()

    def stop(self) -> None:
        self._stopping.set()
        self.join()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_was_kept_before_the_backup_is_there_after_the_restore_and_goes_on(kind, request):
    database, back_up, restore = request.getfixturevalue(kind)
    store = ConversationStore(DOMAIN, database=database)
    writer = Writer(database)
    writer.start()
    while writer.turns < 5:
        assert writer.is_alive()
    before = writer.turns
    back_up()
    after = writer.turns
    writer.stop()
    assert run(say(store, "b", "too late")) is None
    store.engine.dispose()  # the advisor is stopped

    restore()
    restored = ConversationStore(DOMAIN, database=database)
    kept = run(texts(restored, "a"))
    assert before <= len(kept) <= after + 1 and kept == [f"question {number}" for number in range(len(kept))]
    assert len(run(kinds(restored, "a"))) == 3 + 8 * len(kept)  # whole turns
    assert run(texts(restored, "b")) == []
    assert run(read(restored, "a")).get_slot("trail") == [{"text": kept[-1]}]  # what the next message is understood by
    assert run(say(restored, "a", "and the company?")) is None and run(texts(restored, "a")) == [*kept, "and the company?"]
    restored.engine.dispose()
