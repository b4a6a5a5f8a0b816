"""Both processes of an advisor with counters around them: what one turn sends to the database and to the action server."""
from __future__ import annotations

import json
import secrets
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Dict, Iterable, List, Optional

import psutil

from opi_advisor.client import AdvisorClient
from opi_advisor.model import fitting_model
from opi_advisor.project import ROOT
from opi_advisor.serving import children, free_port
from tests.stores.counting_rasa import STATEMENTS_FILE

HOST = "127.0.0.1"
START_TIMEOUT = 120.0  # seconds
WRITES = ("INSERT", "UPDATE", "DELETE")
QUESTION = "Why is the municipality so slow to decide?"


@dataclass(frozen=True)
class Counts:
    """What one turn sent."""

    reads: int  # statements
    writes: int
    rows: int  # written
    row_bytes: int  # text in these rows
    calls: int  # of the action server
    posted_bytes: int  # to it, with HTTP's heads

    def to_dict(self) -> Dict[str, int]:
        """By their names."""
        return asdict(self)


class CountedServer:
    """A Rasa server and its action server, as `opi-advisor serve` runs them, on an empty SQLite database.

    `endpoints` is another endpoints file than that of `serve`.
    """

    def __init__(self, folder: Path, endpoints: Optional[Path] = None):
        self._statements, self._posts = folder / "statements.jsonl", folder / "posts.txt"
        self._folder, self._port, proxy_port = folder, free_port(), free_port()
        actions, rasa = children(fitting_model(), HOST, self._port)
        own = {"OPI_ADVISOR_DATABASE": str(folder / "conversations.db"), "OPI_ADVISOR_SECRET": secrets.token_urlsafe(32),
               "OPI_ADVISOR_RATE_CONVERSATION": "off", "OPI_ADVISOR_ACTIONS_URL": f"http://{HOST}:{proxy_port}/webhook",
               STATEMENTS_FILE: str(self._statements)}
        command = ["tests.stores.counting_rasa" if part == "opi_advisor.rasa_process" else part for part in rasa.command]
        if endpoints:
            command[command.index("--endpoints") + 1] = str(endpoints)
        proxy = [sys.executable, "-m", "tests.stores.counting_proxy", str(proxy_port), actions.command[-1], str(self._posts)]
        self._commands = {"actions": actions.command, "proxy": proxy, "rasa": command}
        self._environment = {**rasa.environment, **own}
        self._client = AdvisorClient(f"http://{HOST}:{self._port}", timeout=120)

    def __enter__(self) -> "CountedServer":
        """Start all, and wait until they are ready."""
        for path in (self._statements, self._posts):
            path.touch()
        with ExitStack() as stack:
            self._processes = {name: self._start(stack, name, command) for name, command in self._commands.items()}
            deadline = time.monotonic() + START_TIMEOUT
            while not self._client.is_ready():
                assert time.monotonic() < deadline and self._processes["rasa"].poll() is None, self.log("rasa")
                time.sleep(0.1)
            self.turn("warm up", QUESTION)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def log(self, name: str) -> str:
        """What a process has printed."""
        return (self._folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def turn(self, sender: str, message: str) -> Counts:
        """Have one turn; returns what it sent."""
        statements, posts = self._statements.stat().st_size, self._posts.stat().st_size
        answer = self._client.ask(sender, message)
        assert answer.custom["kept"] and answer.custom["kind"] == "answer", answer
        return counts(lines_after(self._statements, statements), lines_after(self._posts, posts))

    def conversation(self, number: int, turns: Iterable[int]) -> Dict[str, Dict[str, int]]:
        """Ask the same question again and again in conversation `number`; returns the counts of `turns`, by turn and name."""
        wanted = set(turns)
        counted = {turn: self.turn(f"long {number}", QUESTION) for turn in range(1, max(wanted) + 1)}
        return {str(turn): counted[turn].to_dict() for turn in sorted(wanted)}

    def processor_seconds(self) -> float:
        """Processor time of the Rasa process and the action server so far."""
        times = [psutil.Process(self._processes[name].pid).cpu_times() for name in ("rasa", "actions")]
        return sum(one.user + one.system for one in times)

    def _start(self, stack: ExitStack, name: str, command: List[str]) -> "subprocess.Popen[bytes]":
        output = stack.enter_context((self._folder / f"{name}.log").open("wb"))
        process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=output, stderr=output)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        return process


def lines_after(path: Path, offset: int) -> List[str]:
    """The lines of a growing file from a byte on."""
    with path.open("rb") as file:
        file.seek(offset)
        return file.read().decode("utf-8").splitlines()


def counts(statements: Iterable[str], posts: Iterable[str]) -> Counts:
    """Count what counting_rasa.py and counting_proxy.py have noted."""
    noted = [json.loads(line) for line in statements]
    written = [one for one in noted if one["verb"] in WRITES]
    parts = [tuple(map(int, line.split())) for line in posts]
    return Counts(
        reads=sum(one["verb"] == "SELECT" for one in noted), writes=len(written), rows=sum(one["rows"] for one in written),
        row_bytes=sum(one["bytes"] for one in written), calls=sum(begins for begins, _ in parts),
        posted_bytes=sum(size for _, size in parts))
