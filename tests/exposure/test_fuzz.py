"""Thousands of made-up requests to a really running server: it never fails, never falls silent, never ends."""
import json
import re
import socket

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exposure.conftest import INTRANET

pytestmark = pytest.mark.usefixtures("unharmed")
REST = "/webhooks/rest/webhook"
JSON = {"Content-Type": "application/json"}

NAMES = ["Origin", "Host", "Cookie", "Authorization", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Range", "Accept-Encoding",
         "If-None-Match", "Content-Type", "Content-Encoding", "Expect", "Upgrade"]


def examples(count):
    return settings(max_examples=count, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))


# All characters, half surrogate pairs among them; json.dumps escapes what UTF-8 does not have.
TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
VALUE = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
                     lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8)
ANY = VALUE | TEXT
HEADER = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xff, exclude_characters="\x7f"), max_size=40)


def body_with(**fields):
    """A JSON object that has or lacks each of `fields`, and sometimes any other value, or no JSON at all."""
    objects = st.fixed_dictionaries({}, optional=fields)
    return st.one_of(objects.map(json.dumps), VALUE.map(json.dumps), st.binary(max_size=80))


def check(answer):
    """An error that says what is wrong, or a success; with one reply where it is one of the plain API."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        assert answer.json()["error"]["message"]
    elif answer.request.url.path == REST and answer.request.method == "POST":
        assert [item for item in answer.json() if item.get("text")]
        assert len([item for item in answer.json() if item.get("custom", {}).get("kind", "trouble") != "trouble"]) == 1


@examples(800)
@given(body=body_with(sender=ANY, message=VALUE.filter(lambda value: not isinstance(value, str)), metadata=ANY))
def test_any_body_that_is_no_message_to_the_plain_api(program, body):
    check(program.post(REST, content=body, headers=JSON))


@examples(100)
@given(message=st.text(st.characters(exclude_categories=()), min_size=1, max_size=300), sender=st.sampled_from(["one", "two", "three"]))
def test_any_text_to_the_plain_api(program, message, sender):
    check(program.post(REST, content=json.dumps({"sender": sender, "message": message}), headers=JSON))


@examples(800)
@given(path=st.sampled_from(["/api/conversations", "/api/messages", "/api/feedback", "/api/forget"]), data=st.data(),
       origin=st.sampled_from([None, "own", INTRANET]) | HEADER)
def test_any_body_to_the_pages_api(browser, open_server, path, data, origin):
    headers = {"own": {"Origin": open_server.url}, None: {"Sec-Fetch-Site": "none"}}.get(origin) or {"Origin": origin.encode("latin-1")}
    body = data.draw(body_with(conversation=ANY, text=ANY, button=ANY, receipt=ANY, rating=ANY, missing=ANY))
    try:
        check(browser.post(path, content=body, headers={**JSON, **headers}))
    except httpx.LocalProtocolError:  # no header that the library would send
        pass


@examples(100)
@given(text=st.text(st.characters(exclude_categories=()), min_size=1, max_size=300))
def test_any_text_to_the_page(browser, conversation, text):
    check(browser.post("/api/messages", content=json.dumps({"conversation": conversation, "text": text}), headers=JSON))


@pytest.fixture()
def conversation(browser):
    return browser.post("/api/conversations", json={}).json()["conversation"]


@examples(800)
@given(method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"]),
       path=st.sampled_from(["/", REST, "/api/start", "/webhooks/rest/ready", "/health/ready", "/widget.js", "/comparison.json"])
       | st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7e), max_size=40).map("/".__add__),
       names=st.lists(st.sampled_from(NAMES), unique=True, max_size=4), value=HEADER)
def test_any_method_path_and_header(program, method, path, names, value):
    try:
        check(program.request(method, path, headers=[(name, value.encode("latin-1")) for name in names]))
    except (httpx.InvalidURL, httpx.LocalProtocolError):  # nothing that the library would send
        pass


PIECES = st.sampled_from([
    b"POST", b"GET", b" ", b"/", REST.encode(), b" HTTP/1.1", b"\r\n", b"\r\n\r\n", b"\n", b":", b"Host: localhost\r\n", b"\xff",
    b"\0", b"{}",
    b"Content-Length: 2\r\n", b"Content-Length: ", b"Content-Type: application/json\r\n", b"Transfer-Encoding: chunked\r\n", b"5\r\n",
    b"0\r\n\r\n",
])


@examples(500)
@given(pieces=st.lists(PIECES | st.binary(max_size=6), max_size=14), whole=st.booleans())
def test_any_bytes_at_all(open_server, pieces, whole):
    head = b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: localhost\r\n" if whole else b""
    with socket.create_connection(("127.0.0.1", open_server.port), timeout=20) as connection:
        connection.sendall(head + b"".join(pieces))
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:  # it hung up on what it had not read
            pass
    assert answer == b"" or re.match(rb"HTTP/1\.1 [234]\d\d ", answer), answer[:200]
