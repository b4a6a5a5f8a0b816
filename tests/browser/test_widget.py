"""The widget on another site's page, which has a strict content security policy and a hostile style sheet."""
import pytest
from playwright.sync_api import expect

from tests.browser.chat import LANGUAGES, words

QUESTION = {"da": "Hvem beslutter hurtigst?", "en": "Who decides faster?"}
STYLE = """(element) => {
  const style = getComputedStyle(element);
  return ["display", "visibility", "opacity", "color", "backgroundColor", "font", "position", "transform", "width", "height"]
    .map((name) => style[name]);
}"""


def panel(chat):
    return chat.page.get_by_role("dialog")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_opens_answers_and_closes(open_intranet, language):
    chat = open_intranet(f"/wild?lang={language}")
    launcher = chat.button(language, "launcher")
    expect(panel(chat)).to_be_hidden()
    launcher.click()
    expect(panel(chat)).to_be_visible()
    expect(chat.field).to_be_focused()
    chat.ask(QUESTION[language])
    assert chat.answer["reply"]["dimensions"] == ["decision_speed"]
    chat.press(chat.buttons.first)
    chat.page.keyboard.press("Escape")
    expect(panel(chat)).to_be_hidden()
    expect(launcher).to_be_focused()


def test_the_close_button_returns_the_focus(open_intranet):
    chat = open_intranet()
    chat.button("da", "launcher").click()
    chat.button("da", "close").click()
    expect(chat.button("da", "launcher")).to_be_focused()


def test_its_history_survives_a_reload(open_intranet):
    chat = open_intranet("/wild?lang=da&open=")
    chat.ask(QUESTION["da"])
    chat.page.reload()
    expect(chat.replies).to_have_count(1)
    chat.ask("Hvorfor er det sådan?")
    assert chat.answer["reply"]["dimensions"] == ["decision_speed"]


def test_its_feedback_is_stored(open_intranet, ratings):
    chat = open_intranet("/wild?lang=en&open=")
    chat.ask(QUESTION["en"])
    before = ratings()
    chat.button("en", "feedback_up").click()
    expect(chat.page.locator("opi-feedback .outcome")).to_have_text(words("en", "feedback_thanks"))
    assert [rating["language"] for rating in ratings() if rating not in before] == ["en"]


def test_a_wild_style_sheet_changes_nothing_in_it(open_intranet):
    def styles(address):
        page = open_intranet(address).page
        expect(page.locator(".examples button")).to_have_count(4)
        parts = (".panel", ".head h2", ".close", ".introduction h3", ".examples button >> nth=0", "opi-composer textarea")
        return {part: page.locator(f"opi-advisor {part}").evaluate(STYLE) for part in parts}

    assert styles("/wild?lang=da&open=") == styles("/calm?lang=da&open=")


def test_it_leaves_the_page_around_it_as_it_was(open_intranet):
    page = open_intranet("/calm?lang=en&open=").page
    expect(page).to_have_title("Intranet")
    expect(page.locator("html")).to_have_attribute("lang", "da")
    assert page.evaluate("document.styleSheets.length + document.adoptedStyleSheets.length") == 0
    assert page.evaluate("document.body.children.length") == 2


def test_open_starts_open_without_taking_the_focus(open_intranet):
    chat = open_intranet("/wild?lang=da&open=")
    expect(panel(chat)).to_be_visible()
    assert chat.page.evaluate("document.activeElement === document.body")


def test_heading_contact_and_accent(open_intranet):
    chat = open_intranet("/wild?lang=en&open=&heading=Ask+%3Cb%3Eus&contact=https%3A%2F%2Fhelp.example%2Fopi&accent=gold")
    expect(panel(chat)).to_have_accessible_name("Ask <b>us")
    expect(chat.page.get_by_role("link", name=words("en", "contact"))).to_have_attribute("href", "https://help.example/opi")
    expect(chat.page.locator("opi-advisor .head")).to_have_css("background-color", "rgb(255, 215, 0)")
    expect(chat.page.locator("opi-advisor .head")).to_have_css("color", "rgb(0, 0, 0)")


def test_without_them_the_server_names_the_contact_and_odd_values_are_ignored(open_intranet):
    chat = open_intranet("/wild?lang=da&open=&contact=javascript%3Aalert(1)&accent=url(x)")
    expect(panel(chat)).to_have_accessible_name(words("da", "name"))
    expect(chat.page.get_by_role("link", name=words("da", "contact"))).to_have_attribute("href", "mailto:opi@example.org")
    usual = open_intranet("/wild?lang=da&open=").page.locator("opi-advisor .head").evaluate(STYLE)
    assert chat.page.locator("opi-advisor .head").evaluate(STYLE) == usual


def test_without_lang_it_speaks_the_language_of_the_page(open_intranet):
    chat = open_intranet("/wild?open=", locale="en-GB")
    expect(chat.button("da", "send")).to_be_visible()


def test_attributes_changed_by_a_script_take_effect(open_intranet):
    chat = open_intranet("/wild?lang=da")
    chat.page.evaluate("""() => {
        const widget = document.querySelector("opi-advisor");
        widget.setAttribute("lang", "en");
        widget.setAttribute("open", "");
    }""")
    expect(panel(chat)).to_be_visible()
    expect(chat.button("en", "send")).to_be_visible()


def test_a_site_that_was_not_allowed_gets_no_answer(new_browser, intranet, watch):
    watch.provoke("has been blocked by CORS policy")
    watch.provoke("net::ERR_FAILED")
    page = new_browser().new_page()
    page.goto(f"{intranet.unknown_url}/calm?lang=da&open=")
    page.locator("opi-composer textarea").fill(QUESTION["da"])
    page.locator("opi-composer textarea").press("Enter")
    expect(page.locator("opi-chat li .problem")).to_contain_text(words("da", "not_sent"))
    expect(page.locator("opi-reply")).to_have_count(0)
