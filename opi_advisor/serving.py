"""Run the advisor: the action server and the Rasa server as two supervised child processes."""
from __future__ import annotations

import asyncio
import ctypes
import os
import secrets
import signal
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Deque, Dict, List, Optional

import httpx

from opi_advisor.model import rasa_environment
from opi_advisor.project import ENDPOINTS, LOGS, ROOT, VAR
from opi_advisor.settings import ACTIONS_SECRET

READY_TIMEOUT = 180.0  # seconds until both must answer
FAILING_TIMEOUT = 20.0  # seconds that a part may fail after that; the other process may still be starting
STOP_TIMEOUT = 15.0  # seconds a child has to stop by itself
MAX_RESTARTS, RESTART_WINDOW = 3, 120.0  # more restarts of one child within this many seconds end the whole
_PR_SET_PDEATHSIG = 1


class ServingError(Exception):
    """The advisor can't start or go on; the message says why and what to do."""


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: List[str]
    ready_url: str  # answers 200 when all that it needs is there, else 503 with what is "failing"
    environment: Dict[str, str]
    process: Optional[asyncio.subprocess.Process] = None
    starts: Deque[float] = field(default_factory=lambda: deque(maxlen=MAX_RESTARTS + 1))

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return LOGS / f"{self.name}.log"


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(model: Path, host: str, port: int) -> List[Child]:
    """The two processes of an advisor: what `rasa run actions` and `rasa run` start, with our defaults.

    The actions run for the Rasa server only, by a secret made here, for this run.
    """
    actions_port = free_port()
    environment = {**rasa_environment(), ACTIONS_SECRET: secrets.token_urlsafe(32), "COMPRESS_ACTION_SERVER_REQUEST": "false",
                   "OPI_ADVISOR_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook"}
    environment.setdefault("OPI_ADVISOR_DATABASE", str(VAR / "conversations.db"))
    url = f"http://{_reachable(host)}:{port}"
    environment.setdefault("OPI_ADVISOR_URL", url)
    environment.setdefault("OPENBLAS_NUM_THREADS", "1")  # one message is too little work to share
    return [
        Child("actions", [sys.executable, "-m", "opi_advisor.action_process", str(actions_port)],
              f"http://127.0.0.1:{actions_port}/health", environment),
        Child("rasa", [sys.executable, "-m", "opi_advisor.rasa_process", "run", "--model", str(model), "--endpoints", str(ENDPOINTS),
                       "--interface", host, "--port", str(port)],
              f"{url}/health/ready", environment),
    ]


def _reachable(host: str) -> str:
    """An address at which a server that listens on `host` is reached from this machine."""
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


class Supervisor:
    """Starts children, waits until each answers, restarts one that dies, and stops all of them together."""

    def __init__(self, members: List[Child], verbose: bool = False):
        self._members, self._verbose = members, verbose
        self._stopping = asyncio.Event()

    async def run(self, on_ready: Callable[[], None]) -> None:
        """Run until SIGINT or SIGTERM; `on_ready` is called once both answer.

        Raises:
            ServingError: a child did not become ready, or died too often. All children are stopped by then.
        """
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self._stopping.set)
        LOGS.mkdir(parents=True, exist_ok=True)
        try:
            for child in self._members:
                await self._start(child)
            await self._until_stopped(asyncio.gather(*(self._wait_until_ready(child) for child in self._members)))
            if not self._stopping.is_set():
                on_ready()
                await self._until_stopped(asyncio.gather(*(self._keep_alive(child) for child in self._members)))
        finally:
            await asyncio.gather(*(self._stop(child) for child in self._members))

    async def _until_stopped(self, work: "asyncio.Future") -> None:
        stop = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not work.done():
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        else:
            work.result()

    async def _start(self, child: Child) -> None:
        child.starts.append(time.monotonic())
        output = None if self._verbose else child.log.open("ab")
        child.process = await asyncio.create_subprocess_exec(
            *child.command, cwd=ROOT, env=child.environment, stdin=asyncio.subprocess.DEVNULL, stdout=output,
            stderr=output, start_new_session=True, preexec_fn=_die_with_parent)
        if output:
            output.close()

    async def _wait_until_ready(self, child: Child) -> None:
        deadline, failing = time.monotonic() + READY_TIMEOUT, ""
        async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
            while time.monotonic() < deadline:
                if child.process.returncode is not None:
                    raise ServingError(f"The {child.name} process ended while starting.\n{_tail(child)}")
                try:
                    answer = await client.get(child.ready_url)
                    if answer.status_code == 200:
                        return
                    if not failing:
                        deadline = min(deadline, time.monotonic() + FAILING_TIMEOUT)
                    failing = _failing(answer)
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)
        raise ServingError(failing or f"The {child.name} process did not answer within {READY_TIMEOUT:.0f} seconds.\n{_tail(child)}")

    async def _keep_alive(self, child: Child) -> None:
        while True:
            await child.process.wait()
            if self._stopping.is_set():
                return
            if len(child.starts) > MAX_RESTARTS and time.monotonic() - child.starts[0] < RESTART_WINDOW:
                raise ServingError(f"The {child.name} process died {len(child.starts)} times in a short while.\n{_tail(child)}")
            await self._start(child)

    async def _stop(self, child: Child) -> None:
        if child.process is None or child.process.returncode is not None:
            return
        child.process.terminate()
        try:
            await asyncio.wait_for(child.process.wait(), STOP_TIMEOUT)
        except asyncio.TimeoutError:
            child.process.kill()
            await child.process.wait()


def _failing(answer: httpx.Response) -> str:
    """What a process that is not ready says of itself.

    Raises:
        ServingError: no model is loaded, which waiting does not help.
    """
    try:
        parts = answer.json()["failing"]
    except (ValueError, LookupError):
        return f"{answer.url} answers with status {answer.status_code}."
    if "model" in parts:
        raise ServingError(parts["model"])
    return " ".join(parts.values())


def _die_with_parent() -> None:
    """On Linux, have the kernel end this child when its supervisor is gone, even by `kill -9`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _tail(child: Child, lines: int = 15) -> str:
    if not child.log.is_file():
        return ""
    text = child.log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join([f"The end of {os.path.relpath(child.log, ROOT)}:", *text[-lines:]])
