"""What one turn sends to the database and to the action server does not grow with the conversation, nor with later changes. By counting,
as times differ from machine to machine.

The ceilings are in turn_counts.json, as measured on a whole advisor: the largest of several conversations. `uv run python
bench/turn_counts.py` measures them again: after a change that saves something, so that it stays saved; after one that needs more, with
the reason in the commit.
"""
import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from opi_advisor.project import ROOT
from opi_advisor.question import TRAIL_LENGTH
from opi_advisor.serving import free_port, port_is_free
from tests.stores.counted_server import HOST, CountedServer, counts
from tests.stores.counting_rasa import content_bytes

CEILINGS = json.loads(Path(__file__).with_name("turn_counts.json").read_text(encoding="utf-8"))
NUMBERS, BYTES = ("reads", "writes", "rows", "calls"), ("row_bytes", "posted_bytes")
SLACK = 1.02  # for bytes: what is random (identifiers, times) compresses to a few more or fewer
SECOND, FULL, LATE = "2", "10", "50"  # turns; from FULL on, as many earlier questions are remembered as ever will be


@pytest.fixture(scope="module")
def counted(model, tmp_path_factory):
    """The counts of the turns that have ceilings, all of one conversation."""
    with CountedServer(tmp_path_factory.mktemp("counted")) as server:
        return server.conversation(0, map(int, CEILINGS))


@pytest.mark.parametrize("turn", CEILINGS)
def test_a_turn_stays_under_its_ceiling(counted, turn):
    for name, ceiling in CEILINGS[turn].items():
        assert counted[turn][name] <= ceiling * (SLACK if name in BYTES else 1), name


def test_as_many_statements_rows_and_calls_late_as_early(counted):
    for turn in CEILINGS:
        if int(turn) > int(SECOND):
            assert {name: counted[turn][name] for name in NUMBERS} == {name: counted[SECOND][name] for name in NUMBERS}, turn


def test_as_many_bytes_late_as_with_a_full_memory(counted):
    assert int(FULL) > TRAIL_LENGTH + 1
    for name in BYTES:
        assert 0 < counted[LATE][name] <= SLACK * counted[FULL][name], name


def test_a_call_may_come_in_parts_and_only_contents_have_bytes():
    statements = [{"verb": verb, "rows": rows, "bytes": size} for verb, rows, size in (("BEGIN", 0, 0), ("SELECT", 0, 5), ("INSERT", 2, 7))]
    found = counts(map(json.dumps, statements), ["1 10", "0 5", "1 20"])
    assert found.to_dict() == {"reads": 1, "writes": 1, "rows": 2, "row_bytes": 7, "calls": 2, "posted_bytes": 35}
    assert content_bytes([("æ", 1, None, 2.5), {"data": b"ab", "more": memoryview(b"c")}]) == 5


class Greeter(BaseHTTPRequestHandler):
    """Answers each POST, and keeps the connection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"hi")

    def log_message(self, *_):
        pass


@pytest.fixture()
def proxy(tmp_path):
    """The URL of a counting proxy before a Greeter, and the file of its counts."""
    port, path = free_port(), tmp_path / "posts.txt"
    with HTTPServer((HOST, 0), Greeter) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = [sys.executable, "-m", "tests.stores.counting_proxy", str(port), str(server.server_port), str(path)]
        with subprocess.Popen(command, cwd=ROOT) as process:
            deadline = time.monotonic() + 20
            while port_is_free(HOST, port):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield f"http://{HOST}:{port}", path
            process.terminate()
        server.shutdown()


@pytest.mark.parametrize("keeps", [True, False])
def test_each_call_is_counted_whether_or_not_it_gets_a_connection_of_its_own(proxy, keeps):
    url, path = proxy
    with httpx.Client(trust_env=False, headers={} if keeps else {"Connection": "close"}) as client:
        for size in (10, 200_000):  # the second comes in several parts
            assert client.post(url, content=b"x" * size).text == "hi"
    found = counts([], path.read_text(encoding="utf-8").splitlines())
    assert found.calls == 2 and 200_010 < found.posted_bytes < 201_000
