"""The parts of the page's channel, and the whole of it without a Rasa behind: not built, not ready, broken."""
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from sanic import Sanic

from opi_advisor.channels import answering
from opi_advisor.channels.body import MAX_TEXT, as_plain_text, message_text, text_field
from opi_advisor.channels.conversations import AGE, Conversations
from opi_advisor.channels.errors import ApiError
from opi_advisor.channels.page import PageChannel
from opi_advisor.channels.static_files import FOR_EVER, accepts_gzip, read_static_files
from opi_advisor.knowledge import default_knowledge
from opi_advisor.settings import read_settings
from opi_advisor.stores import NoLock, NotKept, NotRead, Overtaken, current_outcome
from tests.coroutines import run

REPLY = {"language": "da", "kind": "answer", "dimensions": ["risk"], "facet": "why", "premise": "none"}
SITE = "https://intranet.example"


def refusal(call) -> str:
    with pytest.raises(ApiError) as caught:
        call()
    return caught.value.code


@pytest.mark.parametrize("typed", ["/restart", " /restart", "//restart", "/ /restart", "\u00a0/restart", "\x0b/restart",
                                   "\u2003/\x1c/restart"])
def test_typed_text_never_begins_a_command(typed):
    assert as_plain_text(typed) == "restart"
    assert message_text({"text": typed}, "text") == "restart"


@pytest.mark.parametrize("typed", ["", " ", "/", " / // ", "\u00a0\n\t", "\x07"])
def test_nothing_is_empty(typed):
    assert refusal(lambda: message_text({"text": typed}, "text")) == "empty"


def test_a_text_is_checked():
    assert refusal(lambda: text_field({"text": "x" * (MAX_TEXT + 1)}, "text", MAX_TEXT)) == "too_long"
    assert message_text({"text": "a\x0bb\x07c\nd"}, "text") == "a b c\nd"
    for wrong in ({}, {"text": None}, {"text": 1}, {"text": ["a"]}, {"text": "a\0b"}):
        assert refusal(lambda: text_field(wrong, "text")) == "bad_request"


def test_a_conversation_belongs_to_its_owner():
    ours = Conversations("secret of ours")
    own, widget = ours.start("browser-1", None), ours.start(None, SITE)
    assert ours.sender(own, "browser-1", None).startswith("page-browser-1-")
    assert ours.sender(widget, None, SITE).startswith("widget-")
    for conversation, browser, origin in (
        (own, "browser-2", None), (own, None, None), (own, None, SITE), (widget, "browser-1", None), (widget, None, None),
        (widget, None, "https://other.example"), (own[:-1], "browser-1", None), ("", "browser-1", None), ("ø", "browser-1", None),
        (ours.new_browser()[1], "browser-1", None), (ours.receipt(REPLY), "browser-1", None),
        (Conversations("another secret").start("browser-1", None), "browser-1", None),
    ):
        assert refusal(lambda: ours.sender(conversation, browser, origin)) == "no_conversation"


def test_each_conversation_is_another():
    ours = Conversations("secret of ours")
    assert len({ours.start("browser-1", None) for _ in range(100)}) == 100
    assert len({ours.new_browser() for _ in range(100)}) == 100


def test_a_button_belongs_to_its_conversation():
    ours = Conversations("secret of ours")
    button = ours.offer("page-1", "Hvorfor?")
    assert ours.pressed("page-1", button) == "Hvorfor?"
    for sender, value in (("page-2", button), ("page-1", "Hvorfor?"), ("page-1", button + "x"), ("page-1", "")):
        assert refusal(lambda: ours.pressed(sender, value)) == "unknown_button"


def test_a_receipt_carries_the_facts():
    ours = Conversations("secret of ours")
    receipt = ours.rated(ours.receipt(REPLY))
    assert (receipt.kind, list(receipt.dimensions), receipt.facet) == ("answer", ["risk"], "why")
    assert ours.rated(ours.receipt(REPLY)).id != receipt.id
    assert refusal(lambda: ours.rated(ours.start("browser-1", None))) == "unknown_receipt"


def test_what_is_signed_grows_too_old(monkeypatch):
    ours = Conversations("secret of ours")
    conversation, button, receipt = ours.start("browser-1", None), ours.offer("page-1", "Hvorfor?"), ours.receipt(REPLY)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + AGE - 10)
    assert ours.sender(conversation, "browser-1", None) and ours.pressed("page-1", button) and ours.rated(receipt)
    monkeypatch.setattr(time, "time", lambda: now + AGE + 10)
    assert refusal(lambda: ours.sender(conversation, "browser-1", None)) == "no_conversation"
    assert refusal(lambda: ours.pressed("page-1", button)) == "unknown_button"
    assert refusal(lambda: ours.rated(receipt)) == "unknown_receipt"


@pytest.mark.parametrize(("header", "accepted"), [
    ("gzip", True), ("br, GZIP;q=0.5", True), ("", False), ("br", False), ("gzip;q=0", False), ("gzip; q=0.00", False), ("gzipped", False),
])
def test_gzip_is_sent_to_those_who_take_it(header, accepted):
    assert accepts_gzip(header) is accepted


def test_static_files_are_read_with_type_and_caching(tmp_path: Path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "page-1.css").write_text("a { color: red }" * 100)
    (tmp_path / "secret.txt").write_text("not served")
    files = read_static_files(tmp_path)
    assert list(files) == ["assets/page-1.css"]
    file = files["assets/page-1.css"]
    assert file.content_type.startswith("text/css") and file.caching == FOR_EVER and len(file.compressed) < len(file.body)
    assert read_static_files(tmp_path / "missing") == {}


class RasaLess:
    """The channel in a Sanic of its own. `agent` and `on_new_message` stand where Rasa stands and change from test to test."""

    def __init__(self, folder: Path):
        settings = replace(read_settings({}), database=folder / "conversations.db")
        self.app = Sanic("page_without_rasa", configure_logging=False)
        self.app.blueprint(PageChannel(settings, "secret of ours", folder / "static").blueprint(self._hand_on), url_prefix="/")
        run(self.app._startup())

    async def _hand_on(self, message):
        return await self.on_new_message(message)

    def run(self, requests, agent=None, on_new_message=None):
        self.app.ctx.agent, self.on_new_message = agent, on_new_message

        async def session():
            address = "http://advisor.example"
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=address, headers={"Origin": address}) as client:
                return await requests(client)

        return run(session())


@pytest.fixture(scope="module")
def rasa_less(tmp_path_factory):
    # One for all tests here: Sanic rewrites its own methods at a start, which works once in a process.
    built = RasaLess(tmp_path_factory.mktemp("page"))
    yield built
    Sanic._app_registry.pop(built.app.name)


class ReadyAgent:
    @staticmethod
    def is_ready():
        return True


async def ask(client):
    conversation = (await client.post("/api/conversations", json={})).json()["conversation"]
    return await client.post("/api/messages", json={"conversation": conversation, "text": "hej"})


def test_a_page_that_was_not_built_says_what_to_run(rasa_less):
    async def requests(client):
        return [await client.get(path) for path in ("/", "/widget.js", "/api/start")]

    page, widget, start = rasa_less.run(requests)
    assert page.status_code == widget.status_code == 503
    assert "uv sync" in page.text and page.headers["content-type"].startswith("text/plain")
    assert start.status_code == 200


def test_without_a_model_it_is_not_ready(rasa_less):
    answer = rasa_less.run(ask, None)
    assert answer.status_code == 503 and answer.json()["error"]["code"] == "not_ready"
    assert int(answer.headers["retry-after"]) > 0


async def says_nothing(message):
    return None


async def fails(message):
    raise RuntimeError("a secret of the inside")


async def has_no_lock(message):
    raise NoLock("Redis does not answer")


async def is_overtaken(message):
    await message.output_channel.send_custom_json("person", {**REPLY, "note": None, "kind": "answer"})
    current_outcome().failure = Overtaken("The conversation changed")


@pytest.mark.parametrize("happens", [says_nothing, fails, has_no_lock, is_overtaken])
def test_a_message_that_rasa_does_not_answer_gets_a_reply_that_says_so(rasa_less, caplog, happens):
    answer = rasa_less.run(ask, ReadyAgent, happens)
    assert answer.status_code == 200 and answer.json()["reply"]["kind"] == "trouble" and answer.json()["reply"]["kept"] is False
    assert answer.json()["text"] == default_knowledge().phrases.trouble["da"]
    assert "a secret of the inside" not in answer.text and ("a secret of the inside" in caplog.text) is (happens is fails)


@pytest.mark.parametrize(("failure", "phrase"), [(NotKept("disk full"), "not_kept"), (NotRead("no answer"), "not_read")])
def test_what_could_not_be_kept_is_said(rasa_less, failure, phrase):
    async def answers(message):
        await message.output_channel.send_text_message("person", "The answer.")
        await message.output_channel.send_custom_json("person", {**REPLY, "note": "Typically."})
        current_outcome().failure = failure

    answer = rasa_less.run(ask, ReadyAgent, answers).json()
    said = default_knowledge().phrases.dict()[phrase]["da"]
    assert answer["text"] == f"The answer.\n\n{said}"
    assert answer["reply"] == {**REPLY, "note": f"Typically. {said}", "kept": False}


def test_what_is_kept_is_marked_so(rasa_less):
    async def answers(message):
        await message.output_channel.send_text_message("person", "The answer.")
        await message.output_channel.send_custom_json("person", {**REPLY, "note": None})

    answer = rasa_less.run(ask, ReadyAgent, answers).json()
    assert answer["text"] == "The answer." and answer["reply"] == {**REPLY, "note": None, "kept": True}


@pytest.mark.parametrize(("proxies", "status"), [(0, 403), (1, 201)])
def test_a_proxy_is_believed_where_the_settings_say_so(rasa_less, monkeypatch, proxies, status):
    monkeypatch.setitem(rasa_less.app.config, "PROXIES_COUNT", proxies)  # as OPI_ADVISOR_TRUSTED_HOPS sets it
    headers = {"Origin": "https://opi.kommune.example", "X-Forwarded-Host": "opi.kommune.example:443", "X-Forwarded-Proto": "https",
               "X-Forwarded-For": "10.0.0.1"}

    async def requests(client):
        return await client.post("/api/conversations", json={}, headers=headers)

    answer = rasa_less.run(requests)
    assert answer.status_code == status
    assert status == 403 or answer.headers["set-cookie"].endswith("; Secure")


def test_cookies_of_others_with_unusual_names_do_no_harm(rasa_less):
    async def requests(client):
        first = await client.post("/api/conversations", json={})
        cookie = first.headers["set-cookie"].split(";")[0]
        client.cookies.clear()
        return await client.post("/api/conversations", json={}, headers={"Cookie": f'a/b="1; {cookie}; c@d=2'})

    assert "set-cookie" not in rasa_less.run(requests).headers


def test_who_waits_too_long_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr(answering, "MAX_WAIT", 0.05)
    monkeypatch.setattr(answering, "AT_ONCE", 1)
    app = SimpleNamespace(ctx=SimpleNamespace())
    answering.install(app)

    async def crowd():
        async with answering._place(app):
            with pytest.raises(ApiError) as refused:
                async with answering._place(app):
                    pass
        async with answering._place(app):  # the first has left
            return refused.value

    error = run(crowd())
    assert error.code == "not_ready" and "again in a moment" in str(error)
