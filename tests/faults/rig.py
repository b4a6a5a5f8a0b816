"""A real Rasa server and action server, a real Redis and database, each of which can be made to fail, and mended."""
from __future__ import annotations

import os
import resource
import secrets
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import httpx

from opi_advisor.client import AdvisorClient, Answer
from opi_advisor.project import ROOT
from opi_advisor.serving import Child, children, free_port
from tests.stored_turns import stored_texts
from tests.stores.services import Redis

# What stands in for the action server's answer, by mode: status, type, body.
NONSENSE = {
    "no JSON": (200, "text/plain", b"It works!"),
    "broken JSON": (200, "application/json", b'{"events": ['),
    "other JSON": (200, "application/json", b'["hello"]'),
    "nothing": (200, "application/json", b'{"events": [], "responses": []}'),
    "wrong events": (200, "application/json", b'{"events": [{"event": "restart"}], "responses": []}'),
    "no contract": (200, "application/json", b'{"events": [], "responses": [{"text": "hi", "buttons": [], "custom": {"kind": "answer"}}]}'),
    "500": (500, "application/json", b'{"error": {"code": "internal", "message": "no"}}'),
    "404": (404, "text/html", b"<h1>Not found</h1>"),
}


class StandIn:
    """Stands between Rasa and its action server: hands everything on in the mode "well", else misbehaves as the mode says."""

    def __init__(self, behind: int):
        self.mode, self.calls = "well", 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(f"http://127.0.0.1:{behind}"))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # Rasa hangs up on whom it does not believe
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self, behind: str):
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                stand_in.calls += 1
                if stand_in.mode == "slow":
                    time.sleep(10)
                if stand_in.mode in ("slow", "gone"):
                    self.close_connection = True
                    return
                if stand_in.mode == "well":
                    headers = {name: value for name, value in self.headers.items() if name.lower() in ("authorization", "content-type")}
                    got = httpx.request(self.command, behind + self.path, content=body, headers=headers, trust_env=False, timeout=10)
                    status, kind, said = got.status_code, got.headers["content-type"], got.content
                else:
                    status, kind, said = NONSENSE[stand_in.mode]
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST = answer

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


class Rig:
    """Everything together. The processes are those of `opi-advisor serve`, without its supervisor."""

    def __init__(self, folder: Path, model: Path):
        self.folder, self.database = folder, folder / "conversations.db"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.redis = Redis()
        self.actions, self.rasa = children(model, "127.0.0.1", self.port)
        self.stand_in = StandIn(int(self.actions.command[-1]))
        self._common = {"OPI_ADVISOR_DATABASE": str(self.database), "OPI_ADVISOR_SECRET": secrets.token_urlsafe(32),
                        "OPI_ADVISOR_LOG": "json", "OPI_ADVISOR_REDIS": self.redis.url, "OPI_ADVISOR_TOKEN": "",
                        "OPI_ADVISOR_ACTIONS_URL": f"http://127.0.0.1:{self.stand_in.port}/webhook"}
        self.client = AdvisorClient(self.url)
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=30, headers={"Origin": self.url})
        self._processes: Dict[str, subprocess.Popen] = {}

    def start(self) -> None:
        self.redis.start()
        self._run(self.actions)
        self._wait(self._run(self.rasa), self.http, "/health/ready")

    def stop(self) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()
        self.redis.remove()
        self.stand_in.close()
        self.http.close()

    @contextmanager
    def another(self, model: Path, path: str, **settings: str) -> Iterator[str]:
        """Another Rasa server, with `model` and other settings, as soon as it answers 200 at `path`; yields its URL."""
        options = {"--model": str(model), "--port": str(free_port())}
        command = list(self.rasa.command)
        for name, value in options.items():
            command[command.index(name) + 1] = value
        process = self._run(replace(self.rasa, name="another", command=command), **settings)
        url = f"http://127.0.0.1:{options['--port']}"
        try:
            with httpx.Client(base_url=url, trust_env=False, timeout=30) as http:
                self._wait(process, http, path)
            yield url
        finally:
            process.kill()
            process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8")

    def fill_the_disk(self) -> None:
        """No file of the Rasa process can grow or change any more: what a full disk looks like to it, "file too large" by name."""
        self._limit_files(0)

    def free_the_disk(self) -> None:
        self._limit_files(resource.RLIM_INFINITY)

    def ask(self, sender: str, text: str) -> Tuple[Answer, float]:
        """The reply, and the seconds that it took."""
        began = time.monotonic()
        answer = self.client.ask(sender, text)
        return answer, time.monotonic() - began

    def ready(self) -> Tuple[int, List[str]]:
        """Status of /health/ready, and the parts that it names."""
        answer = self.http.get("/health/ready")
        return answer.status_code, sorted(answer.json()["failing"])

    def wait_until_ready(self, timeout: float = 15.0) -> None:
        deadline = time.monotonic() + timeout
        while not _answers(self.http, "/health/ready"):
            assert time.monotonic() < deadline, self.ready()
            time.sleep(0.1)

    def kept(self, sender: str) -> List[str]:
        """What a person said, as it is in the database."""
        return stored_texts(self.database, sender)

    def _run(self, child: Child, **settings: str) -> subprocess.Popen:
        with (self.folder / f"{child.name}.log").open("ab") as output:
            self._processes[child.name] = subprocess.Popen(
                child.command, cwd=ROOT, env={**os.environ, **child.environment, **self._common, **settings}, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True)
        return self._processes[child.name]

    def _wait(self, process: subprocess.Popen, http: httpx.Client, path: str) -> None:
        deadline = time.monotonic() + 120
        while not _answers(http, path):
            assert process.poll() is None and time.monotonic() < deadline, self.log("rasa")
            time.sleep(0.1)

    def _limit_files(self, size: int) -> None:
        resource.prlimit(self._processes["rasa"].pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _answers(http: httpx.Client, path: str) -> bool:
    try:
        return http.get(path).status_code == 200
    except httpx.HTTPError:
        return False
