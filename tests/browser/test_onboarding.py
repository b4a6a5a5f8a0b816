"""The tour on the page and in the widget, and what any reply of the onboarding can carry."""
import re

import pytest
from playwright.sync_api import expect

from opi_advisor.knowledge import LANGUAGES
from tests.browser.chat import words
from tests.browser.onboarding import FIRST_STOP, KNOWLEDGE, answer, begin_lesson, begin_question, press
from tests.browser.test_hostile_text import assert_harmless
from tests.browser.test_keyboard import tab_to
from tests.unit.onboarding_talk import right_letter, say_first

both_languages = pytest.mark.parametrize("language", LANGUAGES)
PHRASES = KNOWLEDGE.onboarding_phrases.phrases
NOT_THE_SOURCES = {"da": "ikke fra kilden", "en": "not from the source"}
STOPS = len(KNOWLEDGE.onboarding.tour.stops)
HOSTILE_LINKS = ["javascript:window.harmed=1", "//evil.example/x", "/\\evil.example", "/\t/evil.example", "https://evil.example/",
                 "data:text/html,x", "", "/../x", "\" onclick=\"window.harmed=1"]


def replaced(page, change):
    """Have `change` alter each reply of the server on its way."""
    def handle(route):
        response = route.fetch()
        data = response.json()
        change(data["reply"])
        route.fulfill(response=response, json=data)
    page.route("**/api/messages", handle)


@both_languages
def test_the_tour_starts_by_its_button(open_page, language):
    chat = open_page(f"/?lang={language}")
    start = chat.page.locator(".beginnings button").first
    said = start.inner_text()
    card = chat.press(start)
    assert chat.asked() == said and chat.answer["reply"]["step"]["name"] == "side"
    expect(card.locator("h4")).to_have_text(PHRASES.tour_title[language])
    expect(chat.page.get_by_role("group", name=words(language, "answers"))).to_be_visible()
    expect(chat.page.locator(".beginnings")).to_have_count(0)


@both_languages
@pytest.mark.parametrize("side, other", [("public", "private"), ("private", "public")])
def test_a_lesson_shows_both_sides_beside_each_other_and_marks_what_is_ours(open_page, language, side, other):
    chat = open_page(f"/?lang={language}")
    card = begin_lesson(chat, language, side)
    own, their, situation = chat.answer["reply"]["sections"]
    shown_own, shown_their = card.locator(f".parties > .{side}"), card.locator(f".parties > .{other}")
    expect(shown_own.locator(".text")).to_have_text(own["answer"])
    expect(shown_their.locator(".text")).to_have_text(their["answer"])
    assert shown_own.bounding_box()["x"] < shown_their.bounding_box()["x"]
    ours = card.locator(".advice").first
    expect(ours).to_contain_text(situation["answer"])
    expect(ours.locator(".label")).to_contain_text(NOT_THE_SOURCES[language])
    expect(card.locator(".advice").last.locator(".label")).to_have_text(words(language, "suggestions"))
    expect(card.locator("opi-scale")).to_have_count(1)
    expect(chat.page.get_by_role("group", name=words(language, "what_now"))).to_be_visible()


@both_languages
def test_where_one_is_can_be_seen_and_is_announced(open_page, language):
    chat = open_page(f"/?lang={language}")
    card = begin_lesson(chat, language)
    label = PHRASES.label[language].format(number=1, of=STOPS)
    expect(card.locator(".step")).to_have_text(re.compile(f"{re.escape(chat.answer['reply']['step']['title'])}\\s*{label}"))
    expect(chat.status).to_contain_text(label)
    bar, done = card.locator(".bar").bounding_box(), card.locator(".bar .done").bounding_box()
    assert done["width"] / bar["width"] == pytest.approx(1 / STOPS, abs=0.02)
    expect(card.locator(".bar")).to_have_attribute("aria-hidden", "true")


@both_languages
def test_a_question_does_not_show_its_answer(open_page, language):
    chat = open_page(f"/?lang={language}")
    card = begin_question(chat, language)
    question = FIRST_STOP.questions[0]
    expect(card).to_contain_text(question.text[language])
    expect(card.locator("opi-scale, opi-sources, opi-feedback")).to_have_count(0)
    group = chat.page.get_by_role("group", name=words(language, "answers"))
    for option in question.options:
        expect(group).to_contain_text(option[language])


@both_languages
@pytest.mark.parametrize("is_right", [True, False])
def test_right_or_wrong_is_told_in_words_and_by_a_sign(open_page, language, is_right):
    chat = open_page(f"/?lang={language}")
    begin_question(chat, language)
    card = answer(chat, language, is_right)
    verdict, reply = card.locator(".verdict"), chat.answer["reply"]
    assert reply["right"] is is_right
    expect(verdict).to_have_text(reply["opening"])
    expect(verdict).to_contain_text((PHRASES.right if is_right else PHRASES.wrong)[language])
    expect(verdict).to_have_class(re.compile("right" if is_right else "wrong"))
    expect(verdict.locator("svg.icon")).to_be_visible()
    expect(card).to_contain_text(FIRST_STOP.questions[0].explanation[language])
    for statement in reply["statements"]:
        expect(card.locator("opi-sources").get_by_text(statement["text"])).to_be_visible()


def test_the_signs_of_right_and_wrong_differ(open_page):
    chat = open_page()
    begin_question(chat, "da")
    signs = [answer(chat, "da", False).locator(".verdict path").get_attribute("d")]
    press(chat, say_first("back", "da"))
    if chat.answer["reply"]["step"]["name"] == "lesson":
        press(chat, say_first("quiz", "da"))
    signs.append(answer(chat, "da", True).locator(".verdict path").get_attribute("d"))
    assert len(set(signs)) == 2


@both_languages
def test_another_question_is_answered_and_the_tour_waits(open_page, language):
    chat = open_page(f"/?lang={language}")
    begin_lesson(chat, language)
    card = chat.ask({"da": "Hvad driver virksomheden?", "en": "What drives the company?"}[language])
    reply = chat.answer["reply"]
    assert reply["kind"] == "answer" and reply["offer"]
    offer, buttons = card.locator(".offer"), card.locator(".buttons")
    expect(offer).to_have_text(reply["offer"])
    assert offer.bounding_box()["y"] < buttons.bounding_box()["y"]
    expect(chat.page.get_by_role("group", name=words(language, "follow_ups"))).to_be_visible()
    press(chat, say_first("go_on", language))
    assert chat.answer["reply"]["step"]["name"] == "lesson"
    expect(chat.page.locator(".offer")).to_have_count(0)


def test_the_tour_goes_on_after_a_reload(open_page):
    chat = open_page()
    begin_question(chat, "da")
    chat.page.reload()
    expect(chat.replies).to_have_count(3)
    answer(chat, "da", True)
    assert chat.answer["reply"]["right"] is True


@both_languages
def test_a_link_starts_the_tour_once(open_page, language):
    chat = open_page(f"/?lang={language}&tour=1")
    expect(chat.replies).to_have_count(1)
    assert chat.asked() == say_first("start_tour", language) and "tour" not in chat.page.url
    chat.page.reload()
    expect(chat.page.locator("opi-comparison")).to_be_visible()
    assert chat.questions.count() == 1


@pytest.mark.parametrize("address", ["/?lang=da&tour=0", "/?lang=da&tour=", "/?lang=da&tour=%3Cscript%3E"])
def test_another_value_does_not_start_it(open_page, address):
    chat = open_page(address)
    expect(chat.page.locator(".beginnings button")).to_have_count(2)
    assert chat.questions.count() == 0


def test_the_links_of_the_summary(open_page, site):
    chat = open_page()
    begin_lesson(chat, "da")
    while chat.answer["reply"]["step"]["name"] != "summary":
        press(chat, say_first("skip", "da"))
    links = chat.page.locator("opi-links a")
    expect(links).to_have_count(STOPS + 1)
    profile = links.last
    expect(profile).to_have_attribute("href", re.compile(f"^{re.escape(site.url)}/profile\\?"))
    expect(profile).to_have_attribute("target", "_blank")
    expect(profile).to_have_attribute("rel", "noopener")
    expect(profile).to_have_accessible_name(re.compile(re.escape(words("da", "new_tab"))))
    chat.page.evaluate("window.isTheSamePage = true")
    dimension = links.first.get_attribute("href").partition("#")[2]
    chat.press(links.first)
    assert chat.answer["reply"]["dimensions"] == [dimension] and chat.page.url.endswith(f"#{dimension}")
    assert chat.page.evaluate("window.isTheSamePage")


def test_links_that_lead_elsewhere_are_no_links(open_page, site):
    chat = open_page()
    replaced(chat.page, lambda reply: reply.update(links=[{"title": f"<b>{href}</b>", "href": href} for href in HOSTILE_LINKS]))
    card = chat.press(chat.page.locator(".beginnings button").first)
    expect(card.locator("opi-links li")).to_have_count(len(HOSTILE_LINKS))
    expect(card.locator("opi-links li").first).to_have_text("<b>javascript:window.harmed=1</b>")
    hrefs = [link.get_attribute("href") for link in card.locator("opi-links a").all()]
    assert all(href.startswith(f"{site.url}/") for href in hrefs), hrefs
    assert_harmless(chat.page)


def test_hostile_text_in_a_reply_of_the_onboarding(open_page):
    text = "<img src=x onerror=\"window.harmed=1\"> [her](javascript:window.harmed=1)"

    def change(reply):
        reply.update(opening=text, offer=text, placements="goals=<script>", links=[{"title": text, "href": "/#<script>"}])
        reply["step"].update(title=text, label=text)
        for section in reply["sections"]:
            section.update(title=text, answer=text, ours=True)

    chat = open_page()
    replaced(chat.page, change)
    card = chat.press(chat.page.locator(".beginnings button").first)
    expect(card.locator("h4")).to_have_text(text)
    expect(card.locator("opi-placements")).to_have_count(0)
    assert_harmless(chat.page)


def test_a_stop_by_keyboard_alone(open_page):
    chat = open_page()
    keyboard = chat.page.keyboard

    def choose(start):
        tab_to(chat, chat.buttons.filter(has_text=re.compile(f"^{re.escape(start)}")), "Shift+Tab")
        chat.reply_to(lambda: keyboard.press("Enter"))
        expect(chat.field).to_be_focused()

    keyboard.press("Tab")
    keyboard.press("Enter")
    tab_to(chat, chat.page.locator(".beginnings button").first, "Shift+Tab")
    chat.reply_to(lambda: keyboard.press("Enter"))
    expect(chat.field).to_be_focused()
    choose(KNOWLEDGE.phrases.say_private["da"])
    choose(say_first("quiz", "da"))
    choose(f"{right_letter(FIRST_STOP.questions[0].text['da']).upper()}:")
    assert chat.answer["reply"]["right"] is True
    choose(say_first("next", "da"))
    assert chat.answer["reply"]["step"]["number"] == 2


@both_languages
def test_the_widget_has_the_tour_and_places_by_words(open_intranet, language, site):
    chat = open_intranet(f"/wild?lang={language}&open=")
    buttons = chat.page.locator(".beginnings button")
    expect(buttons).to_have_count(2)
    said = buttons.last.inner_text()
    chat.press(buttons.last)
    assert chat.asked() == said and chat.answer["reply"]["topic"] == "placing"
    press(chat, KNOWLEDGE.phrases.say_public[language])
    assert chat.answer["reply"]["step"]["name"] == "place"
    expect(chat.page.get_by_role("button", name=words(language, "use_sliders"))).to_have_count(0)
    expect(chat.page.locator("opi-placements opi-scale")).to_have_count(1)
    replaced(chat.page, lambda reply: reply.update(links=[{"title": "x", "href": "/#risk"}]))
    press(chat, "4")
    link = chat.page.locator("opi-links a")
    expect(link).to_have_attribute("href", f"{site.url}/#risk")
    expect(link).to_have_attribute("target", "_blank")


@both_languages
def test_the_footer_leads_to_the_sheets(open_page, language, site):
    links = open_page(f"/?lang={language}").page.get_by_role("contentinfo").get_by_role("link")
    assert [link.get_attribute("href") for link in links.all()] == [
        f"{site.url}/comparison?lang={language}", f"{site.url}/comparison.csv?lang={language}", f"{site.url}/comparison.json"]
