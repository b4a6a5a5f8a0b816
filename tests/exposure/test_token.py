"""Who gets in to the plain REST API: programs on this machine, and those who know the token."""
import os
import socket
import subprocess
import sys

import httpx
import pytest

from opi_advisor.addresses import caller, is_loopback
from opi_advisor.channels.rest import RestChannel
from opi_advisor.project import ROOT
from opi_advisor.settings import read_settings
from tests.exposure.conftest import SECRET, TOKEN, code_of, reply_of, say, watched

PROXIES = [{"X-Forwarded-For": "203.0.113.7"}, {"Forwarded": "for=203.0.113.7"}, {"X-Real-IP": "203.0.113.7"}, {"Via": "1.1 proxy"}]


@pytest.fixture()
def stranger(guarded):
    with httpx.Client(base_url=guarded.url, trust_env=False, timeout=30) as client:
        yield client


def with_token(token, **headers):
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}


def ask(client, headers):
    return client.post("/webhooks/rest/webhook", json={"sender": "token", "message": "hej"}, headers=headers)


def test_the_token_lets_in(stranger):
    assert reply_of(ask(stranger, with_token(TOKEN)))
    assert reply_of(ask(stranger, {**with_token(TOKEN), "Authorization": f"bearer  {TOKEN}"}))


@pytest.mark.parametrize("headers", [
    {}, {"Authorization": TOKEN}, {"Authorization": "Bearer"}, {"Authorization": f"Bearer {TOKEN[:-1]}"}, 
    {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": f"Basic {TOKEN}"}, {"X-Token": TOKEN}, {"Cookie": f"token={TOKEN}"},
], ids=lambda headers: next(iter(headers.values()), "none").replace(TOKEN, "token"))
def test_nothing_else_lets_in_even_on_this_machine(stranger, headers):
    answer = ask(stranger, headers)
    assert answer.status_code == 401 and code_of(answer) == "unauthorized" and answer.headers["www-authenticate"] == "Bearer"


def test_a_token_in_the_address_is_not_taken(stranger):
    answer = stranger.post(f"/webhooks/rest/webhook?token={TOKEN}", json={"sender": "token", "message": "hej"})
    assert code_of(answer) == "unauthorized"


def test_the_page_needs_no_token(guarded, stranger):
    origin = {"Origin": guarded.url, "X-Forwarded-For": "203.0.113.240"}
    assert stranger.get("/").status_code == 200
    assert stranger.post("/api/conversations", json={}, headers=origin).status_code == 201


def test_the_command_line_sends_the_token(guarded):
    for token, code in ((TOKEN, 0), ("another token, much too guessable".replace(" ", "-"), 1)):
        done = subprocess.run([sys.executable, "-m", "opi_advisor", "ask", "hvad driver virksomheden?", "--url", guarded.url], cwd=ROOT,
                              env={**os.environ, "OPI_ADVISOR_TOKEN": token}, capture_output=True, text=True, timeout=120)
        assert done.returncode == code, done.stderr
    assert "OPI_ADVISOR_TOKEN" in done.stderr and "Traceback" not in done.stderr and TOKEN not in done.stdout + done.stderr


@pytest.mark.parametrize("headers", PROXIES, ids=lambda headers: next(iter(headers)))
def test_without_a_token_nobody_gets_in_through_a_proxy(program, headers):
    answer = program.post("/webhooks/rest/webhook", json={"sender": "proxy", "message": "hej"}, headers=headers)
    assert code_of(answer) == "unauthorized" and "OPI_ADVISOR_TOKEN" in answer.text


def test_without_a_token_this_machine_gets_in(program):
    assert reply_of(say(program, "hej", "direct"))


# What serve refuses

def serve(*options, **settings):
    with socket.socket() as taken:  # a start that is not refused for its settings ends at this port
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "opi_advisor", "serve", "--no-train", "--port", str(taken.getsockname()[1]), *options]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
                              env={**os.environ, "OPI_ADVISOR_SECRET": "s" * 32, "OPI_ADVISOR_TOKEN": "", **settings})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_other_machines_without_a_token_are_refused(host):
    done = serve("--host", host)
    assert done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1
    assert f"--host {host}" in done.stderr and "OPI_ADVISOR_TOKEN" in done.stderr and "OPI_ADVISOR_REST=off" in done.stderr


@pytest.mark.parametrize(("host", "settings"), [
    ("127.0.0.1", {}), ("localhost", {}), ("0.0.0.0", {"OPI_ADVISOR_TOKEN": "t" * 32}), ("0.0.0.0", {"OPI_ADVISOR_REST": "off"}),
])
def test_what_is_guarded_is_not_refused(host, settings):
    done = serve("--host", host, **settings)
    assert done.returncode == 2 and "is in use" in done.stderr


def test_switched_off_there_is_no_plain_api():
    for value, paths in (("on", {"/", "/ready", "/webhook"}), ("off", {"/", "/ready"})):
        channel = RestChannel(read_settings({"OPI_ADVISOR_REST": value}))
        assert {route.uri for route in channel.blueprint(None)._future_routes} == paths


def test_a_server_with_the_plain_api_switched_off_has_the_page_and_its_health(model, tmp_path):
    with watched(tmp_path, "--host", "0.0.0.0", settings={"OPI_ADVISOR_REST": "off", "OPI_ADVISOR_SECRET": SECRET}) as server:
        with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as client:
            assert code_of(client.post("/webhooks/rest/webhook", json={"sender": "off", "message": "hej"})) == "not_found"
            assert client.get("/").status_code == 200 and client.get("/health/ready").json()["ready"]
            assert client.post("/api/conversations", json={}, headers={"Origin": server.url}).status_code == 201


@pytest.mark.parametrize(("host", "loopback"), [
    ("127.0.0.1", True), ("127.8.8.8", True), ("localhost", True), ("::1", True), ("[::1]", True), ("::ffff:127.0.0.1", True),
    ("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("localhost.evil.example", False),
    ("127.0.0.1.evil.example", False), ("", False),
])
def test_loopback_is_this_machine_only(host, loopback):
    assert is_loopback(host) is loopback


def test_one_network_is_one_caller():
    assert caller("2001:db8::1") == caller("[2001:db8::ffff]") != caller("2001:db8:0:1::1")
    assert caller("::ffff:192.0.2.1") == caller("192.0.2.1") != caller("192.0.2.2")
    assert caller("_hidden") == "_hidden"
