"""The comparison beside the conversation: picture and table, and the links that lead into it."""
import re

import pytest
from playwright.sync_api import expect

from opi_advisor.knowledge import PARTIES, default_knowledge
from tests.browser.chat import LANGUAGES, words

DECISIONS = "/?lang=da#decision_speed"
QUESTION = "Hvem beslutter hurtigst?"


@pytest.fixture(scope="module")
def dimensions():
    return list(default_knowledge().dimensions.values())


def marked(page):
    """The dimensions that are lit, by their address."""
    return [link.get_attribute("href") for link in page.locator("opi-comparison a[aria-current=true]").all()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_places_both_parties_as_the_knowledge_does(open_page, dimensions, language):
    page = open_page(f"/?lang={language}").page
    scales = page.locator("opi-comparison opi-scale")
    expect(scales).to_have_count(6)
    for scale, dimension in zip(scales.all(), dimensions, strict=True):
        picture = scale.locator("svg[role=img]")
        line = picture.bounding_box()
        for party in PARTIES:
            mark = scale.locator(f"svg.{party}").locator("circle, rect").bounding_box()
            share = (mark["x"] + mark["width"] / 2 - line["x"]) / line["width"]
            assert share == pytest.approx((getattr(dimension.axis, party) - 1) / 4, abs=0.06), (dimension.id, party)
        expect(picture).to_have_accessible_name(re.compile(re.escape(getattr(dimension.name, language)), re.I))
        expect(scale.locator(".poles span")).to_have_text([getattr(dimension.axis.left, language), getattr(dimension.axis.right, language)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_has_every_statement(open_page, dimensions, language):
    page = open_page(f"/?lang={language}").page
    page.get_by_role("button", name=words(language, "show_table")).click()
    table = page.get_by_role("table", name=words(language, "table_caption"))
    expect(table.get_by_role("columnheader")).to_have_count(3)
    expect(table.get_by_role("rowheader")).to_have_count(6)
    knowledge = default_knowledge()
    for row, dimension in zip(table.get_by_role("row").all()[1:], dimensions, strict=True):
        statements = [getattr(statement.text, language) for party in ("public", "private") for statement in knowledge.of_party(dimension.id, party)]
        expect(row.get_by_role("listitem")).to_have_text(statements)
    page.get_by_role("button", name=words(language, "show_picture")).click()
    expect(page.locator("opi-comparison opi-scale")).to_have_count(6)


def test_the_topic_of_the_conversation_is_lit(open_page):
    chat = open_page()
    assert marked(chat.page) == []
    chat.ask(QUESTION)
    expect(chat.page.locator("opi-comparison .badge")).to_have_text(words("da", "current"))
    assert marked(chat.page) == ["#decision_speed"]
    chat.ask("Hvem er mest risikovillig?")
    expect(chat.page.locator("opi-comparison li.current")).to_contain_text("Risiko")
    assert marked(chat.page) == ["#risk"]


def test_choosing_a_dimension_asks_about_it(open_page):
    chat = open_page()
    chat.press(chat.page.locator("opi-comparison a").nth(1))
    assert chat.answer["reply"]["dimensions"] == ["incentives"]
    assert chat.page.url.endswith("#incentives")
    chat.ask("Hvem er mest risikovillig?")
    assert "#" not in chat.page.url.rstrip("#")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_to_a_dimension_asks_its_question_once(open_page, dimensions, language):
    chat = open_page(f"/?lang={language}#decision_speed")
    expect(chat.replies).to_have_count(1)
    asked = next(getattr(dimension.question, language) for dimension in dimensions if dimension.id == "decision_speed")
    assert chat.asked() == asked and marked(chat.page) == ["#decision_speed"]
    chat.page.reload()
    expect(chat.replies).to_have_count(1)
    expect(chat.page.locator("opi-comparison .badge")).to_be_visible()
    assert chat.questions.count() == 1


def test_a_link_followed_on_the_open_page_asks(open_page):
    chat = open_page(DECISIONS)
    expect(chat.replies).to_have_count(1)
    chat.reply_to(lambda: chat.page.evaluate("location.hash = 'risk'"))
    assert chat.answer["reply"]["dimensions"] == ["risk"]


def test_a_question_in_the_address_is_asked_once(open_page):
    chat = open_page("/?lang=da&q=Hvem+beslutter+hurtigst%3F")
    expect(chat.replies).to_have_count(1)
    assert chat.asked() == QUESTION and "q=" not in chat.page.url
    chat.page.reload()
    expect(chat.page.locator("opi-comparison .badge")).to_be_visible()
    assert chat.questions.count() == 1 and chat.replies.count() == 1


def test_a_question_in_the_address_that_is_too_long_waits_in_the_field(open_page):
    chat = open_page("/?lang=da&q=" + "x" * 1001)
    expect(chat.refusal).to_have_text(words("da", "too_long", count="1.001", limit="1.000"))
    assert chat.questions.count() == 0


@pytest.mark.parametrize("address", ["/?lang=da#%", "/?lang=da#no_such_topic", "/?lang=da#__proto__", "/?lang=xx&q=%20"])
def test_an_address_with_nonsense_opens_the_page(open_page, address):
    chat = open_page(address)
    assert chat.questions.count() == 0
    assert chat.ask(QUESTION)


def test_the_language_in_the_address(open_page):
    page = open_page("/?lang=en", locale="da-DK").page
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title(words("en", "page_title"))
    assert open_page("/", locale="en-GB").page.title() == words("en", "page_title")
    assert open_page("/", locale="de-DE").page.title() == words("da", "page_title")
