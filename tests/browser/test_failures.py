"""What happens when something does not work, or a message does not fit."""
import os
import signal
import time

import pytest
from playwright.sync_api import expect

from tests.browser.chat import LANGUAGES, words

QUESTION = "Hvem beslutter hurtigst?"
REFUSED = "net::ERR_"


def test_the_server_stops_and_comes_back(open_page, site, watch):
    watch.provoke(REFUSED)
    chat = open_page()
    chat.ask(QUESTION)
    for process in site.children():  # the supervisor starts them again
        os.kill(process, signal.SIGKILL)
    chat.send("Og hvorfor er det sådan?")
    expect(chat.failure).to_contain_text(words("da", "not_sent"))
    expect(chat.failure).to_contain_text(words("da", "failed_offline"))
    expect(chat.status).to_contain_text(words("da", "not_sent"))
    assert chat.asked() == "Og hvorfor er det sådan?"
    wait_for(site.client.is_ready)
    chat.press(chat.button("da", "try_again"))
    assert chat.answer["reply"]["dimensions"] == ["decision_speed"]
    assert chat.asked() == "Og hvorfor er det sådan?" and chat.questions.count() == 2 and chat.failure.count() == 0
    expect(chat.field).to_be_focused()


def wait_for(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_without_a_network_nothing_vanishes(open_page, watch):
    watch.provoke("net::ERR_INTERNET_DISCONNECTED")
    chat = open_page()
    chat.page.context.set_offline(True)
    chat.send(QUESTION)
    expect(chat.failure).to_contain_text(words("da", "failed_offline"))
    chat.page.context.set_offline(False)
    chat.page.reload()
    expect(chat.failure).to_be_visible()
    chat.press(chat.button("da", "try_again"))
    assert chat.asked() == QUESTION and chat.failure.count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_sends_too_much_is_asked_to_wait(open_page, watch, language):
    watch.provoke("429")
    chat, sent = open_page(f"/?lang={language}"), []
    chat.page.on("request", lambda request: sent.append(request.post_data_json) if request.url.endswith("/api/messages") else None)
    chat.ask(QUESTION)
    chat.page.evaluate("""async (body) => {
        for (let count = 0; count < 30; count += 1) {
            await fetch("/api/messages", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
        }
    }""", {**sent[0], "text": "hej"})
    chat.send(QUESTION)
    expect(chat.failure).to_contain_text(words(language, "failed_too_many"))
    expect(chat.button(language, "try_again")).to_be_visible()


def test_feedback_that_could_not_be_stored_says_so(open_page, watch):
    watch.provoke("net::ERR_INTERNET_DISCONNECTED")
    chat = open_page()
    chat.ask(QUESTION)
    chat.page.context.set_offline(True)
    chat.button("da", "feedback_up").click()
    expect(chat.page.locator("opi-feedback .outcome")).to_have_text(words("da", "feedback_failed"))
    expect(chat.button("da", "feedback_up")).to_have_attribute("aria-pressed", "false")


def test_a_page_that_is_opened_too_early_waits_for_the_server(new_browser, watch):
    watch.provoke(REFUSED)
    page = new_browser().new_page()
    page.clock.install()
    page.route("**/api/start", lambda route: route.abort("connectionrefused"))
    page.goto("/?lang=da")
    expect(page.locator(".introduction .problem")).to_have_text(words("da", "starting"))
    page.unroute("**/api/start")
    page.clock.fast_forward("00:05")
    expect(page.locator("opi-comparison")).to_be_visible()
    expect(page.locator(".introduction .problem")).to_have_count(0)


def test_while_an_answer_is_on_its_way_it_says_so_and_sends_nothing_more(open_page):
    chat = open_page()
    held = chat.send_and_hold(QUESTION)
    expect(chat.page.locator(".working")).to_contain_text(words("da", "working"))
    expect(chat.status).to_have_text(words("da", "working"))
    chat.send("Og hvorfor?")
    expect(chat.field).to_have_value("Og hvorfor?")
    chat.reply_to(lambda: held[0].continue_())
    assert len(held) == 1 and chat.questions.count() == 1
    expect(chat.field).to_have_value("Og hvorfor?")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_over_the_limit_is_explained_in_place(open_page, language):
    chat, sent = open_page(f"/?lang={language}"), []
    chat.page.on("request", lambda request: sent.append(request.method))
    chat.send("x" * 1001)
    count, limit = ("1.001", "1.000") if language == "da" else ("1,001", "1,000")
    expect(chat.refusal).to_have_text(words(language, "too_long", count=count, limit=limit))
    expect(chat.field).to_have_attribute("aria-invalid", "true")
    assert "POST" not in sent and chat.questions.count() == 0
    chat.field.fill("x" * 1000)
    expect(chat.refusal).to_be_empty()


def test_the_longest_message_is_answered(open_page):
    chat = open_page()
    chat.ask("🙂" * 1000)  # two UTF-16 units each: both sides count characters
    assert chat.asked() == "🙂" * 1000


def test_characters_are_counted_from_four_fifths_of_the_limit_on(open_page):
    chat = open_page()
    shown = chat.page.locator("opi-composer .below")
    chat.field.fill("x" * 799)
    expect(shown).to_have_text(words("da", "input_hint"))
    chat.field.fill("x" * 800)
    expect(shown).to_contain_text(words("da", "characters", count="800", limit="1.000"))
    expect(chat.status).to_have_text(words("da", "characters", count="800", limit="1.000"))


def test_blank_messages_are_not_sent_and_shift_enter_breaks_the_line(open_page):
    chat = open_page()
    chat.send("  \n ")
    assert chat.questions.count() == 0
    chat.field.fill("Hvem beslutter")
    chat.field.press("Shift+Enter")
    chat.page.keyboard.type("hurtigst?")
    expect(chat.field).to_have_value("Hvem beslutter\nhurtigst?")
    chat.reply_to(lambda: chat.field.press("Enter"))
    assert chat.asked() == "Hvem beslutter\nhurtigst?"
