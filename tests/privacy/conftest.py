"""A database of each kind, and a really started server whose files and logs can be searched."""
from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Iterator

import httpx
import pytest

from opi_advisor.project import LOGS
from tests.conftest import Server
from tests.privacy.talks import traces, write_talk
from tests.stored_turns import stored_events
from tests.stores.conftest import database, postgresql, redis  # noqa: F401 (fixtures)

OLD, YOUNG = 31, 29  # days, on either side of how long conversations are kept


class Advisor:
    """The started server, its folder, and what a person and a program do with it."""

    def __init__(self, folder: Path):
        self.database = folder / "conversations.db"
        for name, days in (("old-1", OLD), ("old-2", 400), ("young", YOUNG)):
            write_talk(self.database, name, f"Question of {name}", days)
        self.old_traces = traces(self.database, "old-1") + traces(self.database, "old-2")
        self.log_sizes = {path: path.stat().st_size for path in LOGS.glob("*.log")}
        self.server = Server(folder, settings={
            "OPI_ADVISOR_RATE_CONVERSATION": "10000/minute", "OPI_ADVISOR_RATE_ADDRESS": "10000/minute",
            "OPI_ADVISOR_LOG": "json", "LOG_LEVEL_LIBRARIES": "INFO"})  # which let through most, Sanic's access log as well
        self.folder, self.url = folder, self.server.url

    def person(self) -> "Person":
        return Person(self.url)

    def program(self, text: str, sender: str) -> list:
        """The items of the plain REST API."""
        with httpx.Client(base_url=self.url, trust_env=False, timeout=30) as http:
            answer = http.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def stored_bytes(self) -> bytes:
        """All files of the database as they lie on the disk, the write-ahead log included, and what its compressed rows say."""
        files = b"".join(path.read_bytes() for path in sorted(self.folder.glob("conversations.db*")))
        return files + json.dumps(stored_events(self.database), ensure_ascii=False).encode()

    def logged_bytes(self) -> bytes:
        """What was logged since the start."""
        return b"".join(path.read_bytes()[self.log_sizes.get(path, 0):] for path in LOGS.glob("*.log")) + (
            self.folder / "serve.txt").read_bytes()


class Person:
    """Somebody in front of the page."""

    def __init__(self, url: str):
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=30, headers={"Origin": url})
        self.conversation = self.http.post("/api/conversations", json={}).json()["conversation"]

    def ask(self, text: str) -> dict:
        answer = self.http.post("/api/messages", json={"conversation": self.conversation, "text": text})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rate(self, receipt: str, missing: str) -> None:
        answer = self.http.post("/api/feedback", json={"receipt": receipt, "rating": "down", "missing": missing})
        assert answer.status_code == 204, answer.text

    def forget(self) -> httpx.Response:
        return self.http.post("/api/forget", json={"conversation": self.conversation})


@pytest.fixture(scope="package")
def running(model, tmp_path_factory) -> Iterator[Advisor]:
    started = Advisor(tmp_path_factory.mktemp("privacy"))
    try:
        started.server.wait_until_ready()
        yield started
    finally:
        started.server.stop()


@pytest.fixture()
def person(running) -> Iterator[Person]:
    someone = running.person()
    yield someone
    someone.http.close()


def wait_until(condition, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
