"""axe-core finds nothing, in every state of page and widget and in every appearance; nothing scrolls sideways."""
from typing import Iterator, List

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat, words
from tests.browser.onboarding import Sliders, answer, begin_question, press
from tests.unit.onboarding_talk import say_first

RULES = {"resultTypes": ["violations"],
         "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
APPEARANCES = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "phone of 320 pixels": {"viewport": {"width": 320, "height": 640}},
    "400 % of 1280 x 1024": {"viewport": {"width": 320, "height": 256}},
}
in_every_appearance = pytest.mark.parametrize("appearance", APPEARANCES.values(), ids=APPEARANCES)


def violations(page: Page) -> List[str]:
    """What axe finds, each with its rule and the elements."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found]


def states_of_the_page(chat: Chat, watch) -> Iterator[str]:
    """Lead the page through its states; yields the name of each."""
    yield "start"
    chat.ask("Hvorfor er kommunen bange for risiko?")
    yield "correction"
    chat.page.locator("opi-sources summary").click()
    chat.button("da", "feedback_down").click()
    expect(chat.page.get_by_label(words("da", "feedback_missing"))).to_be_visible()
    yield "sources and comment field open"
    chat.ask("Hvad kan vi gøre ved det?")
    expect(chat.page.locator(".advice")).to_be_visible()
    yield "suggestions"
    chat.page.get_by_role("button", name=words("da", "show_table")).click()
    yield "table"
    chat.send("x" * 1001)
    yield "too long"
    chat.button("da", "new_conversation").click()
    yield "confirmation"
    watch.provoke("net::ERR_INTERNET_DISCONNECTED")
    chat.page.context.set_offline(True)
    chat.send("Hvem beslutter hurtigst?")
    expect(chat.failure).to_be_visible()
    yield "not sent"


def states_of_the_onboarding(chat: Chat) -> Iterator[str]:
    """Lead the page through tour and sliders; yields the name of each state."""
    begin_question(chat, "da")
    yield "lesson and question"
    answer(chat, "da", False)
    yield "wrong answer"
    chat.ask("Hvad driver virksomheden?")
    yield "tour waits"
    press(chat, say_first("go_on", "da"))
    while chat.answer["reply"]["step"]["name"] != "summary":
        press(chat, say_first("next" if chat.answer["reply"]["right"] is not None else "skip", "da"))
    yield "summary with links"
    press(chat, say_first("start_placing", "da"))
    yield "a place by words"
    chat.button("da", "use_sliders").click()
    sliders = Sliders(chat)
    expect(sliders.heading).to_be_focused()
    yield "sliders"
    sliders.send.click()
    expect(sliders.refusal).to_have_text(words("da", "placing_empty"))
    yield "sliders refused"
    sliders.place_all("public", 5)
    sliders.place_all("private", 1)
    yield "sliders moved"
    chat.reply_to(sliders.send.click)
    yield "result"
    chat.page.goto("/?lang=da&placing&goals=x-5")
    expect(sliders.all).to_have_count(6)
    yield "sliders for the partner"
    chat.page.goto("/?lang=da&placing&goals=6-6")
    expect(sliders.element.locator(".problem")).to_be_visible()
    yield "sliders from a bad link"


@in_every_appearance
def test_tour_and_placing(open_page, appearance):
    chat, found = open_page(**appearance), {}
    for state in states_of_the_onboarding(chat):
        found[state] = violations(chat.page)
        assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{state} scrolls sideways"
    assert len(found) == 11 and not any(found.values()), found


@in_every_appearance
def test_the_page(open_page, watch, appearance):
    chat, found = open_page(**appearance), {}
    for state in states_of_the_page(chat, watch):
        found[state] = violations(chat.page)
        assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{state} scrolls sideways"
    assert len(found) == 8 and not any(found.values()), found


@in_every_appearance
def test_the_widget_on_a_foreign_page(open_intranet, appearance):
    chat, found = open_intranet("/wild?lang=en&accent=gold", **appearance), {}
    found["closed"] = violations(chat.page)
    chat.button("en", "launcher").click()
    expect(chat.page.locator(".examples button")).to_have_count(4)
    found["open"] = violations(chat.page)
    chat.ask("Why is the municipality so afraid of risk?")
    found["answer"] = violations(chat.page)
    assert not any(found.values()), found
    assert chat.page.locator("opi-advisor .panel").evaluate("(panel) => panel.scrollWidth <= panel.clientWidth")


def test_the_overview_and_an_answer_on_its_way(open_page):
    chat = open_page()
    chat.ask("Giv mig et overblik")
    assert chat.answer["reply"]["kind"] == "overview"
    assert violations(chat.page) == []
    held = chat.send_and_hold("Hvem beslutter hurtigst?")
    expect(chat.page.locator(".working")).to_be_visible()
    assert violations(chat.page) == []
    chat.reply_to(lambda: held[0].continue_())


def test_a_planted_fault_is_found(open_page):
    page = open_page().page
    page.evaluate("""() => {
        const inside = document.querySelector("opi-page").shadowRoot.querySelector("opi-chat").shadowRoot;
        inside.querySelector("h2").insertAdjacentHTML("afterend", '<button></button>');
    }""")
    assert ["button-name" in found for found in violations(page)] == [True]


def test_the_document_of_the_conversation_is_readable_by_headings(open_page):
    chat = open_page()
    chat.ask("Giv mig et overblik")
    levels = [int(heading.evaluate("(heading) => heading.tagName[1]")) for heading in chat.page.get_by_role("heading").all()]
    assert levels[:3] == [1, 2, 3] and levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in zip(levels, levels[1:]))
    for landmark in ("banner", "main", "contentinfo"):
        expect(chat.page.get_by_role(landmark)).to_have_count(1)
