"""The actions run for their own server only: on loopback, with the secret of this run, for small bodies of the right shape."""
import zlib
from pathlib import Path

import httpx
import pytest

from tests.exposure.test_hostile_input import raw

pytestmark = pytest.mark.usefixtures("unharmed")
LISTENING = "0A"  # the state in /proc/net/tcp


def process_of(server, module: str):
    """Its process id and arguments."""
    for pid in server.children():
        arguments = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        if module in arguments:
            return pid, arguments
    raise AssertionError(module)


@pytest.fixture(scope="module")
def actions(open_server):
    """A client of the action server, without its secret, and the secret."""
    pid, arguments = process_of(open_server, "opi_advisor.action_process")
    environment = dict(line.split("=", 1) for line in Path(f"/proc/{pid}/environ").read_text().split("\0") if "=" in line)
    port = int(arguments[arguments.index("opi_advisor.action_process") + 1])
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        client.port, client.secret = port, environment["OPI_ADVISOR_ACTIONS_SECRET"]
        yield client


@pytest.fixture()
def known(actions):
    return {"Authorization": f"Bearer {actions.secret}"}


CALL = {"next_action": "action_small_talk", "domain": {}, "version": "3.6.21", "tracker": {
    "sender_id": "x", "slots": {}, "events": [], "paused": False, "followup_action": None, "active_loop": {}, "latest_action_name": None,
    "latest_message": {"text": "hej", "intent": {"name": "greet"}, "reading": {"likely_language": "da", "language": "da"}}}}


def test_it_listens_on_loopback_only(actions):
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    listening = {fields[1] for fields in lines if fields[3] == LISTENING and fields[1].endswith(f":{actions.port:04X}")}
    assert listening == {f"0100007F:{actions.port:04X}"}


@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer x", "Basic {secret}", "{secret}"])
@pytest.mark.parametrize(("method", "path"), [("POST", "/webhook"), ("GET", "/actions"), ("GET", "/nothing")])
def test_nobody_without_the_secret_runs_or_lists_actions(actions, authorization, method, path):
    headers = {} if authorization is None else {"Authorization": authorization.format(secret=actions.secret)}
    answer = actions.request(method, path, headers=headers, json=CALL)
    assert answer.status_code == 401 and "responses" not in answer.text


def test_with_the_secret_an_action_runs(actions, known):
    answer = actions.post("/webhook", json=CALL, headers=known)
    assert answer.status_code == 200 and answer.json()["responses"][0]["custom"]["kind"] == "smalltalk"
    assert {"name": "action_answer"} in actions.get("/actions", headers=known).json()
    assert actions.get("/health").status_code == 200


def test_each_run_has_another_secret(actions, guarded):
    pid, _ = process_of(guarded, "opi_advisor.action_process")
    assert actions.secret not in Path(f"/proc/{pid}/environ").read_text() and len(actions.secret) >= 32


@pytest.mark.parametrize("call", [[], {}, None, 1, {"next_action": "action_answer"}, {**CALL, "tracker": []}, {**CALL, "next_action": 1},
                                  {**CALL, "tracker": {**CALL["tracker"], "events": None}}])
def test_a_call_of_another_shape_is_refused(actions, known, call):
    answer = actions.post("/webhook", json=call, headers=known)
    assert answer.status_code == 400 and answer.json()["error"]["code"] == "bad_request"


def test_an_unknown_action_is_refused(actions, known):
    assert actions.post("/webhook", json={**CALL, "next_action": "action_unknown"}, headers=known).status_code == 404


def test_packed_and_large_bodies_are_refused(actions, known):
    """Plain rasa_sdk unpacks 300 KB into 300 MB."""
    packed = {**known, "Content-Encoding": "deflate", "Content-Type": "application/json"}
    assert actions.post("/webhook", content=zlib.compress(b'{"a": "' + b"x" * 10_000_000 + b'"}'), headers=packed).status_code == 400
    head = f"POST /webhook HTTP/1.1\r\nAuthorization: {known['Authorization']}\r\nContent-Length: {5 * 1024 * 1024}\r\n\r\n"
    assert raw(actions, head.encode()).startswith(b"HTTP/1.1 413 ")
