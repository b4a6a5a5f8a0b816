"""Every input that plain Rasa 3.6.21 falls over, or falls silent at, on a really running server."""
import json
import socket
import time

import pytest

from opi_advisor.channels.body import MAX_SENDER, MAX_TEXT
from tests.exposure.conftest import INTRANET, code_of, reply_of, say
from tests.stored_turns import stored_rows

pytestmark = pytest.mark.usefixtures("unharmed")
JSON = {"Content-Type": "application/json"}
REST = "/webhooks/rest/webhook"
POST = "POST /webhooks/rest/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
BODY = b'{"sender": "raw", "message": "hej"}'


def raw(server, sent: bytes) -> bytes:
    """What comes back to bytes that no HTTP library would send."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(sent)
        answer = b""
        while True:
            piece = connection.recv(65536)
            if not piece:
                return answer
            answer += piece


# What is no message: 400, and what is wrong

@pytest.mark.parametrize("body", [
    b"", b"{", b"null", b"[]", b'"text"', b"7", b"\xff", b"\xef\xbb\xbf{}", '{"sender": "a", "message": "hej"}'.encode("utf-16"),
    b"[" * 60_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000, b'{"sender": "a", "message": NaN}', b'{"n": 1' + b"0" * 60_000 + b"}",
    b'{"sender": "a", "message": "\xe6\xf8"}',
], ids=lambda body: repr(body[:12]))
def test_what_is_no_json_object_is_refused(program, body):
    assert code_of(program.post(REST, content=body, headers=JSON)) == "bad_request"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "json"])
def test_another_content_type_is_refused(program, content_type):
    answer = program.post(REST, content=BODY, headers={"Content-Type": content_type})
    assert code_of(answer) == "bad_request" and "Content-Type" in answer.text


@pytest.mark.parametrize("message", [None, 1, 1.5, True, [], ["hej"], {}, {"text": "hej"}])
def test_a_message_of_the_wrong_type_is_refused(program, message):
    answer = say(program, message)
    assert code_of(answer) == "bad_request" and "'message'" in answer.text


@pytest.mark.parametrize("sender", [None, 1, True, [], {"a": 1}, "", " ", "a\nb", "\u202eb", "a\u200f", "a\u0000b", "\x1b[31m"])
def test_a_sender_that_is_no_name_is_refused(program, sender):
    answer = say(program, "hej", sender)
    assert code_of(answer) == "bad_request" and "'sender'" in answer.text


@pytest.mark.parametrize("fields", [{}, {"sender": "a"}, {"message": "hej"}, {"text": "hej"}])
def test_a_missing_field_is_refused(program, fields):
    assert code_of(program.post(REST, json=fields)) == "bad_request"


def test_a_sender_has_a_limit(program):
    assert reply_of(say(program, "hej", "ø" * MAX_SENDER))
    assert code_of(say(program, "hej", "ø" * (MAX_SENDER + 1))) == "too_long"


@pytest.mark.parametrize("field", ["sender", "message", "metadata"])
def test_half_a_surrogate_pair_is_refused(program, field):
    """In `sender` it ends plain Rasa's process with SQLite."""
    body = json.dumps({"sender": "a", "message": "hej", field: "a\ud800b"})
    assert code_of(program.post(REST, content=body, headers=JSON)) == "bad_request"


@pytest.mark.parametrize("field", ["sender", "message"])
def test_a_nul_is_refused(program, field):
    """In `sender` it ends plain Rasa's process with PostgreSQL."""
    assert code_of(program.post(REST, json={"sender": "a", "message": "hej", field: "a\0b"})) == "bad_request"


@pytest.mark.parametrize("message", ["", " ", "/", "// /", "\u00a0\n\t", "\x07", "\u2028"])
def test_nothing_typed_is_refused(program, message):
    assert code_of(say(program, message)) == "empty"


# What is a message, if an odd one: one reply

@pytest.mark.parametrize("message", [
    "a\x0bb\x07c\x1b[31m", "\u202eksisir\u202c", "\u200fhej\u200e", "e" + "\u0301" * 100, "😀" * 50, "\u200b", "\ufffe\uffff", "ﷺ" * 900,
    "𝐡𝐞𝐣", "'; DROP TABLE events; --", "<script>alert(1)</script>", 
    "{0.__class__} {{7*7}} ${7*7} %s %n", "EXTERNAL: greet", "@hej", "æ" * MAX_TEXT,
    "\ud83d\ude00", "/back", "/unknown",
], ids=ascii)
def test_odd_text_gets_one_reply(program, message):
    assert reply_of(say(program, message, "odd"))["kind"] != "refusal"


@pytest.mark.parametrize("typed", ["/restart", " /restart", "/session_start", '/greet{"x": "y"}', "//restart", "\u00a0/restart"])
def test_typed_text_is_never_a_command(program, typed):
    sender = f"typed {ascii(typed)}"
    reply_of(say(program, "why is the municipality so slow to decide?", sender))
    reply_of(say(program, typed, sender))
    assert reply_of(say(program, "and the company?", sender))["dimensions"] == ["decision_speed"]


def test_what_rasa_would_take_beside_the_message_is_not_taken(program):
    answer = say(program, "hej", "beside", input_channel="page", metadata={"a": "b" * 1000}, stream=True)
    assert reply_of(answer) and reply_of(program.post(f"{REST}?stream=true&token=x", json={"sender": "beside", "message": "hej"}))


# Size

@pytest.mark.parametrize(("first", "language"), [("hvem beslutter hurtigst?", "da"), ("who decides faster?", "en")])
def test_a_message_over_the_limit_gets_a_kind_reply_in_the_conversations_language(program, first, language):
    assert reply_of(say(program, first, f"long {language}"))["language"] == language
    answer = say(program, "x" * (MAX_TEXT + 1), f"long {language}")
    reply = reply_of(answer)
    assert (reply["kind"], reply["topic"], reply["language"], reply["kept"]) == ("refusal", "too_long", language, False)
    assert ("Din besked" in answer.json()[0]["text"], "Your message" in answer.json()[0]["text"]) == (language == "da", language == "en")


def test_a_message_over_the_limit_gets_both_languages_where_there_is_no_conversation_yet(program):
    text = say(program, "x" * 60_000, "long at once").json()[0]["text"]
    assert "Din besked" in text and "Your message" in text and "60000" in text and str(MAX_TEXT) in text


def test_a_message_over_the_limit_is_neither_read_nor_kept(program):
    reply_of(say(program, "why is the municipality so slow to decide?", "long between"))
    reply_of(say(program, "and what about risk? " * 100, "long between"))
    assert reply_of(say(program, "and the company?", "long between"))["dimensions"] == ["decision_speed"]


def test_the_page_gets_the_same_kind_reply(browser):
    conversation = browser.post("/api/conversations", json={}).json()["conversation"]
    browser.post("/api/messages", json={"conversation": conversation, "text": "hvem beslutter hurtigst?"})
    answer = browser.post("/api/messages", json={"conversation": conversation, "text": "x" * (MAX_TEXT + 1)})
    assert answer.status_code == 200 and answer.json()["reply"]["kind"] == "refusal" and "Din besked" in answer.json()["text"]


@pytest.mark.parametrize("size", [64 * 1024 + 1, 10_000_000, 10**12])
def test_a_large_body_is_refused_before_it_is_read(open_server, size):
    began = time.monotonic()
    answer = raw(open_server, POST.encode() + b"Content-Length: %d\r\n\r\n" % size)
    assert answer.startswith(b"HTTP/1.1 413 ") and b'"too_long"' in answer and time.monotonic() - began < 2


def test_a_body_of_the_full_size_is_answered_at_once(program):
    """Plain Rasa needs 65 s for 10 MB of text, and everybody waits as long."""
    began = time.monotonic()
    assert reply_of(say(program, "ord " * 16_000, "full"))["kind"] == "refusal"
    assert time.monotonic() - began < 2


# Broken HTTP

@pytest.mark.parametrize("length", ["abc", "-5", "+5", "1_0", "", "1, 2", "9" * 20, "\xff", "5\r\nContent-Length: 6"], ids=ascii)
def test_a_wrong_content_length_is_refused(open_server, length):
    answer = raw(open_server, f"{POST}Content-Length: {length}\r\n\r\n".encode("latin-1") + BODY)
    assert answer.startswith(b"HTTP/1.1 400 ") and b'"bad_request"' in answer


@pytest.mark.parametrize(("path", "rest"), [
    (REST, "Transfer-Encoding: gzip\r\n\r\n"), (REST, "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
    (REST, "Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n"), (REST, "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello"),
    ("/nothing", "Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n"), (REST, "Expect: nonsense\r\nContent-Length: 2\r\n\r\n{}"),
])
def test_a_body_whose_end_is_not_clear_is_refused(open_server, path, rest):
    answer = raw(open_server, (POST.replace(REST, path) + rest).encode())
    assert answer[9:12] in (b"400", b"404", b"417") and b'"error"' in answer


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "x"])
def test_a_packed_body_is_refused(program, coding):
    answer = program.post(REST, content=BODY, headers={**JSON, "Content-Encoding": coding})
    assert code_of(answer) == "bad_request" and "Content-Encoding" in answer.text


@pytest.mark.parametrize("line", [b"GET /\xff HTTP/1.1", b"GET http:///// HTTP/1.1", b"GET x HTTP/1.1", b"CONNECT x:80 HTTP/1.1",
                                  b"NONSENSE", b"PRI * HTTP/2.0", b"GET /a b HTTP/1.1", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/9"],
                         ids=ascii)
def test_what_is_no_http_is_refused(open_server, line):
    answer = raw(open_server, line + b"\r\nHost: localhost\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ") and b'"bad_request"' in answer


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "TRACE", "FOO"])
def test_other_methods_are_refused(program, method):
    """Plain Rasa answers GET with 500."""
    answer = program.request(method, REST)
    assert answer.status_code == 405 and answer.headers["allow"] == "POST"


@pytest.mark.parametrize("headers", [
    {"Host": "[::1"}, {"Host": "a b"}, {"Origin": "http://[::"}, {"X-Forwarded-For": ",,,"}, {"X-Forwarded-Port": "x"},
    {"Forwarded": "for="}, {"Cookie": "opi_session=\xff"}, {"X-Request-ID": "\xff"}, {"Authorization": "Bearer \xff"},
    {"Upgrade": "websocket", "Connection": "Upgrade"}, {"Accept-Encoding": "gzip;q=x"}, {"If-None-Match": '"'}, {"Accept": "\xff/;q=2"},
], ids=ascii)
@pytest.mark.parametrize("path", ["/api/start", REST, "/api/messages"])
def test_odd_headers_do_no_harm(program, path, headers):
    encoded = [(name, value.encode("latin-1")) for name, value in headers.items()]
    method, content = ("GET", b"") if path == "/api/start" else ("POST", BODY)
    answer = program.request(method, path, content=content, headers=[*encoded, *JSON.items()])
    assert answer.status_code < 500


# What others may not do

@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/conversations/somebody/tracker"), ("GET", "/conversations/somebody/story"),
    ("POST", "/conversations/somebody/tracker/events"), ("POST", "/conversations/somebody/messages"),
    ("POST", "/conversations/somebody/execute"), ("POST", "/model/parse"), ("POST", "/model/train"), ("PUT", "/model"),
    ("DELETE", "/model"), ("GET", "/status"), ("GET", "/version"), ("GET", "/domain"), ("POST", "/webhooks/callback/webhook"),
])
def test_rasas_own_http_api_is_off(program, method, path):
    assert code_of(program.request(method, path)) == "not_found"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{INTRANET}.evil.example", "http://127.0.0.1:1"])
def test_a_page_of_another_site_can_not_use_the_plain_api(program, origin):
    answer = program.post(REST, content=BODY, headers={**JSON, "Origin": origin})
    assert code_of(answer) == "origin_not_allowed" and "access-control-allow-origin" not in answer.headers


def test_a_foreign_name_that_points_here_does_not_help(program):
    """A page can have its own name looked up anew, as this machine's address; the browser then takes it for the same site."""
    answer = program.post(REST, content=BODY, headers={**JSON, "Host": "evil.example", "Origin": "http://evil.example"})
    assert code_of(answer) == "unauthorized"


@pytest.mark.parametrize("kind", ["page", "widget"])
def test_the_plain_api_does_not_reach_conversations_of_the_page(open_server, program, browser, kind):
    if kind == "widget":
        browser.headers["Origin"] = INTRANET
    conversation = browser.post("/api/conversations", json={}).json()["conversation"]
    browser.post("/api/messages", json={"conversation": conversation, "text": "why is the municipality so slow to decide?"})
    sender = stored_rows(open_server.folder / "conversations.db")[-1].sender_id
    assert sender.startswith(f"{kind}-")
    assert code_of(say(program, "and the company?", sender)) == "bad_request"
    assert browser.post("/api/messages", json={"conversation": conversation, "text": "and the company?"}).json()["reply"]["dimensions"] == [
        "decision_speed"]
