"""The page's routes on a really started server: every row and every error code of docs/http.md."""
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, PARTIES, default_knowledge
from opi_advisor.project import ROOT, STATIC
from opi_advisor.stores.turns import unpack
from tests.conftest import Server
from tests.stored_turns import stored_events, stored_rows

INTRANET = "https://intranet.example"
CONTACT = "mailto:opi@example.org"
JSON = {"Content-Type": "application/json"}
SLOW = "why is the municipality so slow to decide?"


@pytest.fixture(scope="module")
def site(model, tmp_path_factory):
    """A started server that allows one other site; `folder` has its database."""
    folder = tmp_path_factory.mktemp("site")
    running = Server(folder, settings={"OPI_ADVISOR_ORIGINS": INTRANET, "OPI_ADVISOR_CONTACT": CONTACT})
    running.folder = folder
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


@pytest.fixture()
def anyone(site):
    """A client without cookie and without origin, as a program is."""
    with httpx.Client(base_url=site.url, trust_env=False, timeout=30) as client:
        yield client


class Person:
    """Somebody in front of the page, or of a widget on the site `origin`."""

    def __init__(self, server, origin=None):
        self.http = httpx.Client(base_url=server.url, trust_env=False, timeout=30, headers={"Origin": origin or server.url})
        self.conversation = self.start().json()["conversation"]

    def start(self):
        return self.http.post("/api/conversations", json={})

    def send(self, **words):
        return self.http.post("/api/messages", json={"conversation": self.conversation, **words})

    def ask(self, text):
        answer = self.send(text=text)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture()
def person(site):
    someone = Person(site)
    yield someone
    someone.http.close()


@pytest.fixture()
def another(site):
    someone = Person(site)
    yield someone
    someone.http.close()


@pytest.fixture()
def widget(site):
    someone = Person(site, INTRANET)
    yield someone
    someone.http.close()


def code(answer):
    """The error code of an answer, whose status must be the one that docs/http.md gives it."""
    error = answer.json()["error"]
    assert set(answer.json()) == {"error"} and set(error) == {"code", "message"} and error["message"]
    documented = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    assert f"| `{error['code']}` | {answer.status_code} |" in documented
    assert "Traceback" not in answer.text
    return error["code"]


def raw(server, head: str, body: bytes = b"") -> bytes:
    """What the server answers to bytes that no HTTP library would send."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body)
        answer = b""
        while True:
            piece = connection.recv(65536)
            if not piece:
                return answer
            answer += piece


# Page, assets, widget

def test_the_page_is_served_and_each_asset_it_names(anyone):
    page = anyone.get("/", params={"lang": "da", "q": "Hvem beslutter hurtigst?"})
    assert page.status_code == 200 and page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    named = re.findall(r'(?:src|href)="(assets/[^"]+)"', page.text)
    assert named and any(name.endswith(".js") for name in named)
    for name in named:
        asset = anyone.get(f"/{name}")
        assert asset.status_code == 200 and asset.content == (STATIC / name).read_bytes()
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_the_widget_is_the_same_bundle(anyone):
    widget = anyone.get("/widget.js")
    assert widget.headers["cache-control"] == "public, max-age=300" and "etag" in widget.headers
    assert widget.headers["content-type"].startswith("text/javascript")
    bundle = next(name for name in re.findall(r'src="(assets/[^"]+\.js)"', anyone.get("/").text))
    assert anyone.get(f"/{bundle}").content == widget.content


@pytest.mark.parametrize("path", ["/", "/widget.js", "/api/start", "/comparison.json"])
def test_a_version_that_the_browser_has_is_not_sent_again(anyone, path):
    first = anyone.get(path)
    again = anyone.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == first.headers["etag"]
    assert anyone.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("path", ["/widget.js", "/api/start", "/comparison.json"])
def test_it_is_compressed_for_those_who_take_it(anyone, path):
    small = anyone.get(path, headers={"Accept-Encoding": "gzip"})
    plain = anyone.get(path, headers={"Accept-Encoding": "identity"})
    assert small.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert small.content == plain.content and int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert "Accept-Encoding" in small.headers["vary"] and "Accept-Encoding" in plain.headers["vary"]


@pytest.mark.parametrize("path", ["/", "/widget.js", "/api/start", "/comparison.json"])
def test_head_is_get_without_a_body(anyone, path):
    got, head = anyone.get(path), anyone.head(path)
    assert head.status_code == 200 and head.content == b""
    assert head.headers["content-length"] == got.headers["content-length"] and head.headers["etag"] == got.headers["etag"]


@pytest.mark.parametrize("path", ["/assets/nothing.js", "/assets/..%2findex.html", "/assets/../../credentials.yml", "/static/index.html",
                                  "/index.html", "/api", "/api/nothing", "/conversations/x/tracker"])
def test_nothing_else_is_served(anyone, path):
    assert code(anyone.get(path)) == "not_found"


@pytest.mark.parametrize(("method", "path"), [("POST", "/"), ("DELETE", "/api/start"), ("GET", "/api/messages"), ("PUT", "/api/feedback"),
                                              ("HEAD", "/api/conversations"), ("PATCH", "/widget.js")])
def test_other_methods_are_refused_with_those_that_work(anyone, method, path):
    answer = anyone.request(method, path)
    assert answer.status_code == 405 and answer.headers["allow"]
    assert method == "HEAD" or code(answer) == "method_not_allowed"


# What the page needs at its start, and the comparison for other programs

def test_start_has_what_the_page_needs(anyone):
    answer = anyone.get("/api/start")
    assert answer.headers["cache-control"] == "no-cache" and answer.headers["content-type"] == "application/json"
    start = answer.json()
    assert set(start) == {"limit", "contact", "document", "parties", "dimensions", "examples", "onboarding"}
    assert start["limit"] == 1000 and start["contact"] == CONTACT
    assert [dimension["id"] for dimension in start["dimensions"]] == list(DIMENSIONS)
    assert {language: len(start["examples"][language]) for language in start["examples"]} == {"da": 4, "en": 4}
    both = [start["document"], *(start["parties"][party][key] for party in PARTIES for key in ("title", "name", "plural"))]
    for dimension in start["dimensions"]:
        both += [dimension[key] for key in ("name", "explanation", "question", "contrast")]
        both += [dimension["axis"]["left"], dimension["axis"]["right"]]
        for party in PARTIES:
            assert dimension["axis"][party] in range(1, 6)
            view = dimension["parties"][party]
            both += [view["answer"], *(statement["text"] for statement in view["statements"])]
            assert [(statement["id"], statement["point"]) for statement in view["statements"]] == [
                (f"{dimension['id']}.{party}.{point}", point) for point in (1, 2, 3)]
    assert all(set(text) == set(LANGUAGES) and all(text.values()) for text in both)


def test_the_comparison_names_the_place_of_each_statement(anyone):
    comparison = anyone.get("/comparison.json").json()
    statements = [statement for dimension in comparison["dimensions"] for party in PARTIES
                  for statement in dimension["parties"][party]["statements"]]
    assert len(statements) == 36
    for statement in statements:
        known = default_knowledge().statements[statement["id"]]
        assert statement["source"] == vars(known.source) and statement["text"] == {"da": known.text["da"], "en": known.text["en"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_example_question_is_answered(person, language):
    for question in person.http.get("/api/start").json()["examples"][language]:
        person.conversation = person.start().json()["conversation"]
        reply = person.ask(question)["reply"]
        assert (reply["kind"], reply["language"]) == ("answer", language), question
        assert len(reply["dimensions"]) == 1 and reply["premise"] != "contradicts", question


# Conversations and messages

def test_a_conversation_sets_a_cookie_once(site):
    with httpx.Client(base_url=site.url, headers={"Origin": site.url}) as browser:
        first, second = browser.post("/api/conversations", json={}), browser.post("/api/conversations", json={})
    assert first.status_code == second.status_code == 201
    assert set(first.json()) == {"conversation"} and first.json() != second.json()
    cookie = first.headers["set-cookie"]
    assert cookie.startswith("opi_session=") and "set-cookie" not in second.headers
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; ")) and "Secure" not in cookie and "Domain" not in cookie


def test_the_cookie_is_secure_where_the_browser_came_by_https(site, anyone):
    headers = {"Origin": site.url.replace("http:", "https:"), "Sec-Fetch-Site": "same-origin"}  # a proxy took the TLS off
    answer = anyone.post("/api/conversations", json={}, headers=headers)
    assert answer.status_code == 201 and answer.headers["set-cookie"].endswith("; Secure")


def test_a_forged_cookie_is_replaced(site, anyone):
    answer = anyone.post("/api/conversations", json={}, headers={"Origin": site.url, "Cookie": "opi_session=ImEi.awbsJQ.forged"})
    assert answer.status_code == 201 and "set-cookie" in answer.headers


def test_a_message_gets_one_reply(person):
    answer = person.ask(SLOW)
    assert set(answer) == {"reply", "text", "buttons", "receipt"}
    reply = answer["reply"]
    assert set(reply) == {"kind", "language", "dimensions", "parties", "facet", "premise", "topic", "opening", "sections", "statements",
                          "suggestions", "note", "step", "right", "links", "placements", "offer", "kept"}
    assert reply["kept"] is True
    assert (reply["kind"], reply["dimensions"], reply["parties"]) == ("answer", ["decision_speed"], ["public"])
    assert reply["sections"][0]["answer"] in answer["text"] and len(answer["text"].split("\n\n")) > 1
    assert all(set(button) == {"title", "button"} and button["title"] != button["button"] for button in answer["buttons"])


def test_the_conversation_goes_on_and_a_new_one_knows_nothing(person):
    person.ask(SLOW)
    assert person.ask("and the company?")["reply"]["dimensions"] == ["decision_speed"]
    person.conversation = person.start().json()["conversation"]
    assert person.ask("and the company?")["reply"]["dimensions"] == []


def test_a_pressed_button_sends_what_was_offered(person):
    button = next(button for button in person.ask(SLOW)["buttons"] if button["title"] == "And the private partner?")
    answer = person.send(button=button["button"])
    assert answer.json()["reply"]["dimensions"] == ["decision_speed"] and answer.json()["reply"]["parties"] == ["private"]


def test_placements_become_a_result(person):
    reply = person.send(placements="side=public&goals=1-5&risk=x-4", language="en").json()["reply"]
    assert reply["language"] == "en"
    assert (reply["kind"], reply["topic"], reply["step"]["name"]) == ("onboarding", "placing", "result")
    assert reply["placements"] == "side=public&goals=1-5&risk=x-4" and reply["dimensions"] == ["goals"]


def test_the_start_buttons_say_what_is_understood(person):
    start = person.http.get("/api/start").json()["onboarding"]
    for topic, words in start.items():
        for language, text in words.items():
            reply = person.send(text=text).json()["reply"]
            assert (reply["kind"], reply["topic"]) == ("onboarding", topic), text
            assert reply["language"] == language
            person.send(text="stop")


def test_only_offered_buttons_work(person, another):
    button = person.ask(SLOW)["buttons"][0]
    another.ask(SLOW)
    assert code(another.send(button=button["button"])) == "unknown_button"
    for value in (button["title"], "/restart", button["button"][:-2], person.conversation, ""):
        assert code(person.send(button=value)) == "unknown_button"


@pytest.mark.parametrize("typed", ["/restart", "\u00a0/restart", "/session_start", '/risk{"x":1}', '/tell_side{"side": "public"}', "/ /restart"])
def test_typed_text_is_never_a_command(person, site, typed):
    person.ask(SLOW)
    person.ask(typed)
    message, = [event for event in unpack(stored_rows(site.folder / "conversations.db")[-1]) if event["event"] == "user"]
    assert message["input_channel"] == "page"
    assert not message["text"].startswith("/")  # so it went through the reading of messages, which a command goes around


def test_nobody_goes_on_with_the_conversation_of_another(site, person, another, anyone):
    person.ask(SLOW)
    stolen = {"conversation": person.conversation, "text": "and the company?"}
    assert code(another.http.post("/api/messages", json=stolen)) == "no_conversation"
    assert code(anyone.post("/api/messages", json=stolen, headers={"Origin": site.url})) == "no_conversation"
    assert code(anyone.post("/api/messages", json=stolen, headers={"Origin": INTRANET})) == "no_conversation"
    person.conversation += "x"
    assert code(person.send(text="and the company?")) == "no_conversation"


def test_a_client_can_not_choose_its_sender(person, another):
    person.ask(SLOW)
    answer = another.http.post("/api/messages", json={"conversation": another.conversation, "sender": "page-x", "text": "and the company?"})
    assert answer.json()["reply"]["dimensions"] == []


@pytest.mark.parametrize("text", ["", "  ", "/", "//// ", "\u00a0\n"])
def test_nothing_typed_is_empty(person, text):
    assert code(person.send(text=text)) == "empty"


def test_a_long_text_is_refused_and_one_at_the_limit_is_not(person):
    assert person.ask("x" * 1001)["reply"]["kind"] == "refusal"
    assert person.ask("æ" * 1000)["reply"]["kind"] != "refusal"


@pytest.mark.parametrize("words", [{}, {"text": 1}, {"text": None}, {"text": ["a"]}, {"text": {"a": "b"}}, {"text": "a\0b"}, {"button": 7},
                                   {"text": "a", "button": "b"}, {"text": "a", "placements": "goals=1-5"}, {"placements": "goals=9-9"},
                                   {"placements": "goals=1-5&goals=1-5"}, {"placements": ""}, {"placements": "goals=x-x"},
                                   {"placements": "risk=<script>"}, {"placements": 7}, {"placements": "goals=1-5", "language": "xx"}])
def test_wrong_words_are_named(person, words):
    assert code(person.send(**words)) == "bad_request"


@pytest.mark.parametrize("path", ["/api/conversations", "/api/messages", "/api/feedback", "/webhooks/rest/webhook"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff", b"[" * 60000], ids=lambda body: repr(body[:8]))
def test_a_wrong_body_is_named(person, path, body):
    assert code(person.http.post(path, content=body, headers=JSON)) == "bad_request"


@pytest.mark.parametrize("body", [b'{"a": NaN}', b'{"text": "\\ud800"}', b'{"conversation": 1}', b'{"text": "a"}'])
def test_a_body_with_wrong_values_is_named(person, body):
    assert code(person.http.post("/api/messages", content=body, headers=JSON)) == "bad_request"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_a_form_can_not_post(person, content_type):
    body = json.dumps({"conversation": person.conversation, "text": SLOW})
    answer = person.http.post("/api/messages", content=body, headers={"Content-Type": content_type})
    assert code(answer) == "bad_request" and "application/json" in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/api/messages", "/webhooks/rest/webhook"])
def test_a_body_over_64_kib_is_refused_before_it_is_read(site, path):
    head = f"POST {path} HTTP/1.1\nHost: x\nContent-Type: application/json\nConnection: close\n"
    for answer in (raw(site, head + f"Content-Length: {64 * 1024 + 1}"),
                   raw(site, head + "Transfer-Encoding: chunked", b"10001\r\n" + b"x" * 0x10001 + b"\r\n")):
        assert answer.startswith(b"HTTP/1.1 413 ") and b'"too_long"' in answer and b"Content-Security-Policy" in answer


def test_what_is_no_http_gets_an_error_too(site):
    assert b'"bad_request"' in raw(site, "NONSENSE")
    assert raw(site, "GET /api/start HTTP/1.1\nHost: x\nX-Long: " + "x" * 20000).startswith(b"HTTP/1.1 413 ")


# Other sites

def test_a_widget_on_an_allowed_site_has_conversations_without_cookie(widget):
    started = widget.start()
    assert started.status_code == 201 and "set-cookie" not in started.headers
    assert started.headers["access-control-allow-origin"] == INTRANET and "Origin" in started.headers["vary"]
    assert "access-control-allow-credentials" not in started.headers
    widget.ask(SLOW)
    answer = widget.ask("and the company?")
    assert answer["reply"]["dimensions"] == ["decision_speed"]
    assert widget.send(button=answer["buttons"][0]["button"]).status_code == 200


def test_page_and_widget_do_not_share_conversations(person, widget):
    widget.http.cookies.update(person.http.cookies)
    as_page = widget.http.post("/api/messages", json={"conversation": person.conversation, "text": "hi"})
    as_widget = person.http.post("/api/messages", json={"conversation": widget.conversation, "text": "hi"})
    assert code(as_page) == code(as_widget) == "no_conversation"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://intranet.example.evil.example", "http://intranet.example",
                                    "https://intranet.example:8443", "", "file://"])
def test_other_origins_are_refused(site, person, origin):
    headers = {"Origin": origin}
    for path in ("/api/conversations", "/api/messages", "/api/feedback"):
        answer = person.http.post(path, json={"conversation": person.conversation, "text": SLOW}, headers=headers)
        assert code(answer) == "origin_not_allowed" and "access-control-allow-origin" not in answer.headers
    assert code(person.http.get("/api/start", headers=headers)) == "origin_not_allowed"
    assert code(person.http.options("/api/messages", headers={**headers, "Access-Control-Request-Method": "POST"})) == "origin_not_allowed"


def test_another_port_of_this_host_is_another_site(site, person):
    assert code(person.http.get("/api/start", headers={"Origin": "http://127.0.0.1:1"})) == "origin_not_allowed"


def test_what_a_client_says_about_a_proxy_is_not_believed(person):
    headers = {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https",
               "X-Forwarded-For": "10.0.0.1", "Forwarded": "for=10.0.0.1;host=evil.example;proto=https"}
    assert code(person.http.post("/api/conversations", json={}, headers=headers)) == "origin_not_allowed"


def test_a_post_without_origin_needs_the_word_of_the_browser(site, anyone):
    assert code(anyone.post("/api/conversations", json={})) == "origin_not_allowed"
    for site_header in ("cross-site", "same-site"):
        assert code(anyone.post("/api/conversations", json={}, headers={"Sec-Fetch-Site": site_header})) == "origin_not_allowed"
    for site_header in ("same-origin", "none"):
        assert anyone.post("/api/conversations", json={}, headers={"Sec-Fetch-Site": site_header}).status_code == 201


def test_a_preflight_is_answered(anyone):
    asked = {"Origin": INTRANET, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    answer = anyone.options("/api/messages", headers=asked)
    assert answer.status_code == 204 and answer.headers["access-control-allow-origin"] == INTRANET
    assert "POST" in answer.headers["access-control-allow-methods"] and answer.headers["access-control-allow-headers"] == "Content-Type"
    assert "Origin" in answer.headers["vary"] and "access-control-allow-credentials" not in answer.headers


def test_the_script_is_shared_with_allowed_sites_only(anyone):
    assert anyone.get("/widget.js", headers={"Origin": INTRANET}).headers["access-control-allow-origin"] == INTRANET
    for headers in ({}, {"Origin": "https://evil.example"}):
        answer = anyone.get("/widget.js", headers=headers)
        assert answer.status_code == 200 and "access-control-allow-origin" not in answer.headers and "Origin" in answer.headers["vary"]


def test_every_kind_of_response_has_the_security_headers(person):
    message = {"conversation": person.conversation, "text": "hej"}
    rest = {"sender": "headers", "message": "hej"}
    http = person.http
    answers = [
        http.get("/"), http.head("/"), http.get("/widget.js"), http.get("/api/start"), http.get("/comparison.json"), http.get("/nothing"),
        http.delete("/"), person.start(), http.post("/api/messages", json=message), person.send(text=""), http.options("/api/messages"),
        http.get("/webhooks/rest/ready"), http.post("/webhooks/rest/webhook", json=rest),
        http.get("/", headers={"If-None-Match": http.get("/").headers["etag"]}), http.get("/api/start", headers={"Origin": "null"}),
    ]
    assert {answer.status_code for answer in answers} == {200, 201, 204, 304, 400, 403, 404, 405}
    for answer in answers:
        assert answer.headers["content-security-policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
            "base-uri 'none'; form-action 'self'; frame-ancestors 'self'")
        assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["referrer-policy"] == "no-referrer"


def test_the_plain_rest_api_is_as_before(anyone):
    items = anyone.post("/webhooks/rest/webhook", json={"sender": "a program", "message": SLOW}).json()
    assert [sorted(item) for item in items] == [["buttons", "recipient_id", "text"], ["custom", "recipient_id"]]
    assert anyone.get("/webhooks/rest/").json() == {"status": "ok"} and anyone.get("/webhooks/rest/ready").json()["ready"] is True


# Feedback

def feedback_rows(site):
    with sqlite3.connect(site.folder / "conversations.db") as database:
        database.row_factory = sqlite3.Row
        tables = database.execute("SELECT name FROM sqlite_master WHERE name = 'feedback'").fetchall()
        return [dict(row) for row in database.execute("SELECT * FROM feedback ORDER BY rowid")] if tables else []


def test_feedback_is_kept_replaced_and_anonymous(site, person):
    before = feedback_rows(site)
    receipt = person.ask(SLOW)["receipt"]
    first = person.http.post("/api/feedback", json={"receipt": receipt, "rating": "down", "missing": " Hvad med\x0bregionen? "})
    assert first.status_code == 204 and first.content == b""
    (row,) = [row for row in feedback_rows(site) if row not in before]
    assert set(row) == {"receipt", "day", "language", "kind", "dimensions", "facet", "premise", "rating", "missing"}
    assert (row["language"], row["kind"], json.loads(row["dimensions"]), row["rating"], row["missing"]) == (
        "en", "answer", ["decision_speed"], "down", "Hvad med regionen?")
    assert person.http.post("/api/feedback", json={"receipt": receipt, "rating": "up"}).status_code == 204
    (row,) = [row for row in feedback_rows(site) if row not in before]
    assert (row["rating"], row["missing"]) == ("up", None)
    kept = json.dumps(row)
    senders = list(stored_events(site.folder / "conversations.db"))
    assert any(sender.startswith("page-") for sender in senders)
    for part in (person.conversation, SLOW, "127.0.0.1", *senders):
        assert part not in kept
    assert row["receipt"] not in "".join(senders)


def test_feedback_from_a_widget_and_on_the_command_line(site, widget):
    receipt = widget.ask("hvad driver virksomheden?")["receipt"]
    assert widget.http.post("/api/feedback", json={"receipt": receipt, "rating": "down", "missing": "Et eksempel"}).status_code == 204

    def command(*options):
        environment = {"OPI_ADVISOR_DATABASE": str(site.folder / "conversations.db"), "PATH": ""}
        done = subprocess.run([sys.executable, "-m", "opi_advisor", "feedback", *options], cwd=ROOT, env=environment,
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "da down answer incentives: Et eksempel" in command()
    assert any(rating["missing"] == "Et eksempel" for rating in json.loads(command("--json")))


def test_wrong_feedback_is_named(person):
    receipt = person.ask("hej")["receipt"]
    for body, expected in (
        ({"receipt": receipt + "x", "rating": "up"}, "unknown_receipt"), ({"receipt": person.conversation, "rating": "up"}, "unknown_receipt"),
        ({"receipt": 1, "rating": "up"}, "bad_request"), ({"rating": "up"}, "bad_request"), ({"receipt": receipt}, "bad_request"),
        ({"receipt": receipt, "rating": "sideways"}, "bad_request"), ({"receipt": receipt, "rating": "up", "missing": 1}, "bad_request"),
        ({"receipt": receipt, "rating": "up", "missing": "x" * 501}, "too_long"),
    ):
        assert code(person.http.post("/api/feedback", json=body)) == expected, body
    assert person.http.post("/api/feedback", json={"receipt": receipt, "rating": "up", "missing": "x" * 500}).status_code == 204


# Under load, and when a part of the server is away

def test_many_people_at_once_each_get_their_own_reply(site):
    questions = {SLOW: "decision_speed", "What drives the company?": "incentives", "Hvem er mest risikovillig?": "risk"}

    def ask(question):
        someone = Person(site)
        try:
            return someone.ask(question)["reply"]["dimensions"]
        finally:
            someone.http.close()

    asked = list(questions) * 4
    with ThreadPoolExecutor(len(asked)) as pool:
        assert list(pool.map(ask, asked)) == [[questions[question]] for question in asked]


def test_without_the_action_server_there_is_an_honest_reply_and_then_the_conversation_goes_on(site, person):
    person.ask(SLOW)
    actions = next(pid for pid in site.children() if b"action_process" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(actions, signal.SIGSTOP)  # a dead one is back too soon to be noticed
    try:
        reply = person.ask("what drives the company?")["reply"]
        assert reply["kind"] == "trouble" and reply["dimensions"] == ["incentives"] and reply["kept"] is True
    finally:
        os.kill(actions, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while (reply := person.ask("and the company?")["reply"])["kind"] == "trouble":
        assert time.monotonic() < deadline
    assert reply["dimensions"] == ["decision_speed"]


def test_a_broken_table_is_an_error_without_details(site, person):
    receipt = person.ask(SLOW)["receipt"]
    assert person.http.post("/api/feedback", json={"receipt": receipt, "rating": "up"}).status_code == 204
    with sqlite3.connect(site.folder / "conversations.db") as database:
        database.execute("ALTER TABLE feedback RENAME TO feedback_aside")
        database.execute("CREATE TABLE feedback (other TEXT)")
    try:
        failed = person.http.post("/api/feedback", json={"receipt": receipt, "rating": "up"})
    finally:
        with sqlite3.connect(site.folder / "conversations.db") as database:
            database.execute("DROP TABLE feedback")
            database.execute("ALTER TABLE feedback_aside RENAME TO feedback")
    assert code(failed) == "internal" and "feedback" not in failed.text and "sqlite" not in failed.text.lower()
    assert person.http.post("/api/feedback", json={"receipt": receipt, "rating": "up"}).status_code == 204
