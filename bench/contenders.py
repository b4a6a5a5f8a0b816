"""The two assistants that are compared, each as a running server: ours by `opi-advisor serve`, and plain Rasa."""
from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import List

import httpx
import psutil

import plain_rasa
from opi_advisor.model import rasa_environment
from opi_advisor.serving import free_port
from tests.conftest import Server

READY_LIMIT = 900.0  # seconds
STOP_LIMIT = 30.0  # seconds


class Contender:
    """A started assistant; the subclasses set what is named here."""

    title: str
    url: str
    database: Path  # SQLite
    ready_urls: List[str]  # all answer 200 once it is ready

    def roots(self) -> List[psutil.Process]:
        """The processes that were started for it; the others are their children."""
        raise NotImplementedError

    def actions(self) -> psutil.Process:
        """The process of its action server."""
        raise NotImplementedError

    def printed(self) -> str:
        """What it has printed so far."""
        raise NotImplementedError

    def stop(self) -> None:
        """End all of its processes."""
        raise NotImplementedError

    def wait_until_ready(self) -> None:
        """Wait until it answers.

        Raises:
            RuntimeError: it ended, or took longer than READY_LIMIT.
        """
        deadline, waiting = time.monotonic() + READY_LIMIT, list(self.ready_urls)
        with httpx.Client(trust_env=False, timeout=3) as client:
            while waiting:
                if _answers(client, waiting[0]):
                    waiting.pop(0)
                elif time.monotonic() > deadline or not all(_is_alive(process) for process in self.roots()):
                    raise RuntimeError(f"{self.title} did not become ready; {waiting[0]} does not answer:\n{self.printed()[-2000:]}")
                else:
                    time.sleep(0.02)

    def memory(self) -> int:
        """Bytes of memory of all its processes; what several share counts once."""
        return sum(process.memory_full_info().pss for root in self.roots() for process in (root, *root.children(recursive=True)))

    def stored_bytes(self) -> int:
        """The size of its database, as a copy without unused pages."""
        with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(self.database, timeout=30)) as database:
            copy = Path(folder) / "copy.db"
            database.execute("VACUUM INTO ?", [str(copy)])
            return copy.stat().st_size


def _answers(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(url).status_code == 200
    except httpx.TransportError:
        return False


def _is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


class Advisor(Contender):
    """`opi-advisor serve` as it stands, without limits of how much may be asked; its database is in `folder`."""

    title = "OPI Advisor"

    def __init__(self, folder: Path):
        self._server = Server(folder, settings={"OPI_ADVISOR_RATE_ADDRESS": "off"})  # that of conversations is off already
        self.url, self.database = self._server.url, folder / "conversations.db"
        self.ready_urls = [f"{self.url}/health/ready"]

    def roots(self) -> List[psutil.Process]:
        return [psutil.Process(self._server.process.pid)]

    def actions(self) -> psutil.Process:
        return psutil.Process(self._server.children()[0])  # it is started first

    def printed(self) -> str:
        return self._server.text()

    def stop(self) -> None:
        self._server.stop()


class PlainRasa(Contender):
    """`rasa run` with a model of the plain project, and `rasa run actions`; the database is in `folder`."""

    title = "plain Rasa"

    def __init__(self, folder: Path, model: Path):
        port, actions_port = free_port(), free_port()
        self.url, self.database = f"http://127.0.0.1:{port}", folder / "conversations.db"
        self.ready_urls = [f"{self.url}/", f"http://127.0.0.1:{actions_port}/health"]
        environment = {**rasa_environment(), "PLAIN_RASA_DATABASE": str(self.database), "PLAIN_RASA_ACTIONS_PORT": str(actions_port)}
        self._output = (folder / "output.txt").open("w", encoding="utf-8")
        self._processes = [
            subprocess.Popen([sys.executable, "-m", "rasa", *arguments], cwd=plain_rasa.PROJECT, env=environment,
                             stdout=self._output, stderr=subprocess.STDOUT)
            for arguments in (["run", "actions", "--port", str(actions_port)],
                              ["run", "--model", str(model), "--interface", "127.0.0.1", "--port", str(port)])]

    def roots(self) -> List[psutil.Process]:
        return [psutil.Process(process.pid) for process in self._processes]

    def actions(self) -> psutil.Process:
        return self.roots()[0]

    def printed(self) -> str:
        return Path(self._output.name).read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._output.close()
