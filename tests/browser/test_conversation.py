"""A question becomes a card, and the conversation goes on from it."""
import pytest
from playwright.sync_api import expect

from tests.browser.chat import LANGUAGES, words

WHY = {"da": "Hvorfor er kommunen så længe om at beslutte noget?", "en": "Why is the municipality so slow to decide?"}
DESCRIBE = {"da": "Hvad driver virksomheden?", "en": "What drives the company?"}
FALSE_PREMISE = {"da": "Hvorfor er kommunen bange for risiko?", "en": "Why is the municipality so afraid of risk?"}
ADVICE = {"da": "Hvad kan vi gøre ved det?", "en": "What can we do about it?"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_becomes_a_card(open_page, language):
    chat = open_page(f"/?lang={language}")
    card = chat.ask(WHY[language])
    reply, section = chat.answer["reply"], chat.answer["reply"]["sections"][0]
    assert (chat.asked(), reply["language"], reply["dimensions"]) == (WHY[language], language, ["decision_speed"])
    expect(card.locator(".parties > .public .text")).to_have_text(section["answer"])
    expect(card.locator(".parties > .private .text")).to_have_text(section["contrast"])
    expect(card.locator(".note")).to_have_text(reply["note"])
    expect(card.locator("opi-scale")).to_have_count(1)
    expect(chat.page.locator("opi-chat .answer")).to_have_attribute("lang", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_statements_are_listed(open_page, language):
    chat = open_page(f"/?lang={language}")
    card = chat.ask(DESCRIBE[language])
    texts = {statement["id"]: statement["text"] for statement in chat.answer["reply"]["statements"]}
    listed = [texts[id] for id in chat.answer["reply"]["sections"][0]["statements"]]
    assert listed
    expect(card.locator(".points li")).to_have_text(listed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_statement_has_its_place_in_the_source(open_page, language):
    chat = open_page(f"/?lang={language}")
    card = chat.ask(WHY[language])
    statements, sources = chat.answer["reply"]["statements"], card.locator("opi-sources")
    expect(sources.locator("li").first).to_be_hidden()
    sources.get_by_text(words(language, "where_from")).click()
    expect(sources).to_contain_text(words(language, "source_document", document=statements[0]["source"]["document"]))
    expect(sources.locator("cite")).to_have_text(statements[0]["source"]["row"])
    expect(sources.locator("cite")).to_have_attribute("lang", "da")
    for place, statement in zip(sources.locator("li li").all(), statements, strict=True):
        expect(place).to_contain_text(words(language, "source_point", point=statement["source"]["point"]))
        expect(place).to_contain_text(statement["text"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_false_premise_is_corrected_set_apart_and_first(open_page, language):
    chat = open_page(f"/?lang={language}")
    card = chat.ask(FALSE_PREMISE[language])
    correction = card.locator(".correction")
    expect(correction).to_contain_text(words(language, "correction"))
    expect(correction).to_contain_text(chat.answer["reply"]["opening"])
    assert correction.bounding_box()["y"] < card.locator(".section").first.bounding_box()["y"]
    expect(chat.ask(WHY[language]).locator(".correction")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_suggestions_are_marked_as_ours(open_page, language):
    chat = open_page(f"/?lang={language}")
    expect(chat.ask(WHY[language]).locator(".advice")).to_have_count(0)
    advice = chat.ask(ADVICE[language]).locator(".advice")
    expect(advice.locator(".label")).to_have_text(words(language, "suggestions"))
    suggestions = chat.answer["reply"]["suggestions"]
    assert suggestions
    for shown, suggestion in zip(advice.locator("li").all(), suggestions, strict=True):
        expect(shown).to_contain_text(suggestion["text"])


def test_a_reply_follows_the_language_of_the_question(open_page):
    chat = open_page("/?lang=da")
    card = chat.ask(WHY["en"])
    expect(card).to_contain_text(words("en", "where_from"))
    expect(chat.page.locator("opi-chat .answer")).to_have_attribute("lang", "en")
    expect(chat.page.locator("html")).to_have_attribute("lang", "da")
    expect(chat.button("da", "new_conversation")).to_be_visible()


def test_a_follow_up_is_sent_as_the_button_that_was_offered(open_page):
    chat = open_page()
    chat.ask(WHY["da"])
    offered = chat.answer["buttons"]
    expect(chat.buttons).to_have_text([button["title"] for button in offered])
    with chat.page.expect_request("**/api/messages") as request:
        chat.press(chat.buttons.first)
    assert request.value.post_data_json["button"] == offered[0]["button"] and "text" not in request.value.post_data_json
    assert chat.asked() == offered[0]["title"]
    assert chat.answer["reply"]["parties"] == ["private"] and chat.answer["reply"]["dimensions"] == ["decision_speed"]
    expect(chat.page.locator("opi-reply .buttons")).to_have_count(1)
    expect(chat.field).to_be_focused()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_the_start_are_asked_by_a_click(open_page, language):
    chat = open_page(f"/?lang={language}")
    examples = chat.page.locator(".examples button")
    expect(examples).to_have_count(4)
    example = examples.first.inner_text()
    chat.press(examples.first)
    assert chat.asked() == example and chat.answer["reply"]["kind"] == "answer"
    expect(examples).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_start_says_what_it_is_and_offers_a_person(open_page, language):
    chat = open_page(f"/?lang={language}")
    for key in ("intro_who", "intro_privacy"):
        expect(chat.page.locator(".introduction")).to_contain_text(words(language, key))
    expect(chat.page.get_by_role("link", name=words(language, "contact"))).to_have_attribute("href", "mailto:opi@example.org")


def test_the_language_of_the_interface_is_switched_and_kept(open_page):
    chat = open_page("/?lang=da")
    chat.page.get_by_role("button", name="English").click()
    expect(chat.page.locator("html")).to_have_attribute("lang", "en")
    expect(chat.page.get_by_role("heading", name=words("en", "intro_title"))).to_be_visible()
    chat.page.goto("/")
    expect(chat.page.get_by_role("heading", name=words("en", "intro_title"))).to_be_visible()


def test_each_reply_is_announced_once(open_page):
    chat = open_page()
    chat.ask(WHY["da"])
    expect(chat.status).to_have_count(1)
    expect(chat.status).to_contain_text(chat.answer["reply"]["sections"][0]["answer"])
    expect(chat.page.locator("[aria-live], [role=log]")).to_have_count(0)


def test_a_copied_reply_has_its_source(open_page):
    chat = open_page(permissions=["clipboard-read", "clipboard-write"])
    chat.ask(WHY["da"])
    chat.button("da", "copy").click()
    expect(chat.status).to_have_text(words("da", "copied"))
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert chat.answer["reply"]["sections"][0]["answer"] in copied and "Kilde: »Partnere i et OPI-samarbejde«" in copied


def test_feedback_is_stored(open_page, ratings):
    chat = open_page()
    chat.ask(WHY["da"])
    before = ratings()
    chat.button("da", "feedback_up").click()
    expect(chat.page.locator("opi-feedback .outcome")).to_have_text(words("da", "feedback_thanks"))
    stored = [rating for rating in ratings() if rating not in before]
    assert [(rating["rating"], rating["missing"], rating["dimensions"]) for rating in stored] == [("up", None, ["decision_speed"])]


def test_a_comment_replaces_the_rating_without_one(open_page, ratings):
    chat = open_page()
    chat.ask(FALSE_PREMISE["da"])
    before = ratings()
    chat.button("da", "feedback_down").click()
    chat.page.get_by_label(words("da", "feedback_missing")).fill("Et eksempel fra en kommune, tak: æøå")
    chat.button("da", "feedback_send").click()
    expect(chat.button("da", "feedback_down")).to_be_focused()
    stored = [rating for rating in ratings() if rating not in before]
    assert [(rating["rating"], rating["missing"]) for rating in stored] == [("down", "Et eksempel fra en kommune, tak: æøå")]
