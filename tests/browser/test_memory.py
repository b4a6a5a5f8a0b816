"""What the tab remembers, and what it forgets."""
from playwright.sync_api import expect

from tests.browser.chat import Chat, words

QUESTION, NEXT = "Hvem beslutter hurtigst?", "Og hvorfor er det sådan?"


def test_a_reload_keeps_the_history_and_the_conversation(open_page):
    chat = open_page()
    chat.ask(QUESTION)
    chat.button("da", "feedback_up").click()
    expect(chat.button("da", "feedback_up")).to_have_attribute("aria-pressed", "true")
    chat.page.reload()
    expect(chat.replies).to_have_count(1)
    assert chat.asked() == QUESTION
    expect(chat.button("da", "feedback_up")).to_have_attribute("aria-pressed", "true")
    chat.ask(NEXT)
    assert chat.answer["reply"]["dimensions"] == ["decision_speed"]
    assert chat.questions.count() == 2


def test_a_button_offered_before_a_reload_works_after_it(open_page):
    chat = open_page()
    chat.ask(QUESTION)
    chat.page.reload()
    chat.press(chat.buttons.first)
    assert chat.answer["reply"]["kind"] == "answer"


def test_another_tab_begins_afresh(open_page):
    chat = open_page()
    chat.ask(QUESTION)
    tab = chat.page.context.new_page()
    tab.goto("/?lang=da")
    expect(tab.locator("opi-comparison")).to_be_visible()
    assert tab.locator("opi-chat .question").count() == 0
    other = Chat(tab)
    other.ask(NEXT)
    assert other.answer["reply"]["dimensions"] == []
    chat.ask(NEXT)
    assert chat.answer["reply"]["dimensions"] == ["decision_speed"]


def test_a_new_conversation_asks_first_and_then_forgets(open_page):
    chat = open_page()
    chat.ask(QUESTION)
    chat.button("da", "new_conversation").click()
    expect(chat.button("da", "restart_yes")).to_be_focused()
    chat.button("da", "restart_no").click()
    expect(chat.button("da", "new_conversation")).to_be_focused()
    chat.button("da", "new_conversation").click()
    chat.page.keyboard.press("Escape")
    expect(chat.button("da", "new_conversation")).to_be_focused()
    assert chat.questions.count() == 1
    chat.button("da", "new_conversation").click()
    chat.button("da", "restart_yes").click()
    expect(chat.questions).to_have_count(0)
    expect(chat.field).to_be_focused()
    expect(chat.status).to_have_text(words("da", "restarted"))
    chat.page.reload()
    expect(chat.page.locator(".examples button")).to_have_count(4)
    chat.ask(NEXT)
    assert chat.answer["reply"]["dimensions"] == []


def test_a_conversation_that_the_server_does_not_know_goes_on_in_a_new_one(open_page, watch):
    chat = open_page()
    chat.ask(QUESTION)
    chat.page.context.clear_cookies()
    watch.provoke("the server responded with a status of 401")
    chat.ask(QUESTION)
    assert chat.questions.count() == 2 and chat.failure.count() == 0
