"""Shared fixtures: the trained model, the advisor in this process, and a really started server."""
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import MappingProxyType
from typing import Mapping

import pytest

from opi_advisor.advisor import Advisor
from opi_advisor.client import AdvisorClient
from opi_advisor.evaluation import read_cases
from opi_advisor.model import fitting_model, train_model
from opi_advisor.project import ROOT
from opi_advisor.serving import free_port

EVALUATION = ROOT / "tests" / "evaluation"
SAMPLE = ROOT.parent / "shared" / "eval" / "sample.jsonl"


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model that fits; trained now if there is none."""
    return fitting_model() or train_model(lambda number, name: print(f"training: {name}"))


@pytest.fixture(scope="session")
def understanding(model):
    """What the model's NLU component has learned, without Rasa around it."""
    from opi_advisor.nlu.model_file import understanding_in

    return understanding_in(model)


@pytest.fixture()
def advisor(understanding) -> Advisor:
    """The advisor in this process, with no conversation yet."""
    return Advisor(understanding)


@pytest.fixture(scope="session")
def development_cases():
    return list(read_cases(sorted(EVALUATION.glob("dev-*.jsonl"))))


class Server:
    """`opi-advisor serve` in a process of its own, with a database and a secret of its own."""

    def __init__(self, folder: Path, *options: str, settings: Mapping[str, str] = MappingProxyType({})):
        self.port, self.url = free_port(), None
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = environment = {**os.environ, "OPI_ADVISOR_DATABASE": str(folder / "conversations.db"),
                       "OPI_ADVISOR_SECRET": secrets.token_urlsafe(32),
                       "OPI_ADVISOR_RATE_CONVERSATION": "off", **settings}  # tests type faster than people
        self.output = (folder / "serve.txt").open("w+", encoding="utf-8")
        self._options = options
        self.client = AdvisorClient(self.url, token=environment.get("OPI_ADVISOR_TOKEN"))
        self.start()

    def start(self) -> None:
        """Start it, for the first time or again."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "opi_advisor", "serve", "--no-train", "--port", str(self.port), *self._options],
            cwd=ROOT, env=self._environment, stdout=self.output, stderr=subprocess.STDOUT, start_new_session=True)

    def wait_until_ready(self, timeout: float = 180.0) -> None:
        deadline = time.monotonic() + timeout
        while "answers at" not in self.text():
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.2)

    def text(self) -> str:
        return Path(self.output.name).read_text(encoding="utf-8")

    def children(self):
        """The process ids of the supervised processes."""
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listing.split()]

    def stop(self, signal_number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        code = self.process.wait(timeout=60)
        self.output.close()
        return code


@pytest.fixture(scope="session")
def server(model, tmp_path_factory):
    """A really started advisor, shared by the tests that only talk to it."""
    running = Server(tmp_path_factory.mktemp("server"))
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()
