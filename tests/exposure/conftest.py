"""The servers that the tests here attack: `open_server` without a token, as on one's own machine, and `guarded`, behind a proxy."""
import json
import secrets
from contextlib import contextmanager

import httpx
import pytest

from tests.conftest import Server

TOKEN, SECRET = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
INTRANET = "https://intranet.example"


class Watched(Server):
    """A server whose whole log is kept, and which must come out of every attack alive and without a failure in its log."""

    def __init__(self, folder, *options, settings):
        super().__init__(folder, "--verbose", *options, settings=settings)
        self.folder = folder

    def unharmed_since(self, length: int, processes) -> bool:
        """Whether its processes still run, and nothing after the first `length` characters of its log tells of a failure."""
        news = self.text()[length:]
        assert "Traceback" not in news and " ERROR " not in news and " CRITICAL " not in news, news
        assert self.children() == processes
        return self.client.is_ready()


@contextmanager
def watched(folder, *options, settings):
    """A server of its own, ready."""
    running = Watched(folder, *options, settings=settings)
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def open_server(model, tmp_path_factory):
    settings = {"OPI_ADVISOR_TOKEN": "", "OPI_ADVISOR_ORIGINS": INTRANET, "OPI_ADVISOR_RATE_ADDRESS": "off"}
    with watched(tmp_path_factory.mktemp("open"), settings=settings) as server:
        yield server


@pytest.fixture(scope="session")
def guarded(model, tmp_path_factory):
    settings = {"OPI_ADVISOR_TOKEN": TOKEN, "OPI_ADVISOR_SECRET": SECRET, "OPI_ADVISOR_TRUSTED_HOPS": "1",
                "OPI_ADVISOR_RATE_CONVERSATION": "5/minute", "OPI_ADVISOR_RATE_ADDRESS": "20/minute"}
    with watched(tmp_path_factory.mktemp("guarded"), "--host", "0.0.0.0", settings=settings) as server:
        yield server


@pytest.fixture()
def unharmed(open_server):
    """Fails the test after which a process of the server is another, or its log tells of a failure."""
    length, processes = len(open_server.text()), open_server.children()
    yield
    assert open_server.unharmed_since(length, processes)


@pytest.fixture()
def program(open_server):
    """A program on the server's own machine."""
    with httpx.Client(base_url=open_server.url, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture()
def browser(open_server):
    """Somebody in front of the page."""
    with httpx.Client(base_url=open_server.url, trust_env=False, timeout=30, headers={"Origin": open_server.url}) as client:
        yield client


def say(client, message, sender="somebody", **more):
    """A message over the plain REST API; escaped, so that half a surrogate pair can be sent."""
    body = json.dumps({"sender": sender, "message": message, **more})
    return client.post("/webhooks/rest/webhook", content=body, headers={"Content-Type": "application/json"})


def reply_of(answer):
    """The reply contract of an answer of the plain REST API, which must have exactly one."""
    assert answer.status_code == 200, answer.text
    texts = [item["text"] for item in answer.json() if item.get("text")]
    (reply,) = [item["custom"] for item in answer.json() if "custom" in item]
    assert len(texts) == 1 and reply["kind"] != "trouble"
    return reply


def code_of(answer):
    """The code of an error, which must say what is wrong."""
    assert answer.headers["content-type"] == "application/json" and set(answer.json()) == {"error"}
    assert answer.json()["error"]["message"]
    return answer.json()["error"]["code"]
