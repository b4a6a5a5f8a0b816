"""A conversation that a person deletes is gone from the page, from the tab's storage and from the server."""

import pytest
from playwright.sync_api import expect

from tests.browser.chat import LANGUAGES, words
from tests.stored_turns import stored_events

QUESTION = "Hvem beslutter hurtigst?"
FORGET = {"da": "Glem samtalen!", "en": "Forget this conversation."}


@pytest.fixture()
def stored(site, database_folder):
    """Counts the rows of conversations that were begun since the test did."""
    def senders():
        return set(stored_events(database_folder / "conversations.db"))

    before = senders()
    return lambda: senders() - before


def start_anew(chat):
    chat.button("da", "new_conversation").click()
    chat.button("da", "restart_yes").click()


def test_a_new_conversation_deletes_the_old_one_on_the_server(open_page, stored):
    chat = open_page()
    chat.ask(QUESTION)
    assert len(stored()) == 1
    start_anew(chat)
    expect(chat.status).to_have_text(words("da", "restarted"))
    assert stored() == set()


@pytest.mark.parametrize("where", ["page", "widget"])
def test_typed_words_delete_it_and_only_the_reply_stays(open_page, open_intranet, stored, where):
    for language in LANGUAGES:
        if where == "page":
            chat = open_page()
        else:
            chat = open_intranet()
            chat.button("da", "launcher").click()
        chat.ask(QUESTION)
        assert len(stored()) == 1
        chat.send(FORGET[language])
        expect(chat.questions).to_have_count(1)
        expect(chat.questions).to_contain_text(FORGET[language])
        expect(chat.replies).to_have_count(1)
        assert stored() == set() and QUESTION not in chat.page.evaluate("JSON.stringify(sessionStorage)")


def test_what_the_server_could_not_delete_is_said(open_page, stored, watch):
    watch.provoke("net::ERR_INTERNET_DISCONNECTED")
    chat = open_page()
    chat.ask(QUESTION)
    chat.page.context.set_offline(True)
    start_anew(chat)
    expect(chat.status).to_have_text(words("da", "restart_failed"))
    expect(chat.page.locator(".introduction .problem")).to_contain_text(words("da", "restart_failed"))
    assert len(stored()) == 1 and chat.questions.count() == 0


def test_a_question_on_its_way_is_deleted_as_well(open_page, stored):
    chat = open_page()
    chat.ask(QUESTION)
    held = chat.send_and_hold("Og hvorfor er det sådan?")
    start_anew(chat)
    expect(chat.questions).to_have_count(0)
    chat.page.wait_for_timeout(300)
    assert stored() == set()  # the first turn is gone at once
    with chat.page.expect_response("**/api/forget"):  # the second one as soon as it came to the server
        held[0].continue_()
    expect(chat.status).to_have_text(words("da", "restarted"))
    assert stored() == set()


def test_a_first_question_that_was_not_sent_yet_never_is(open_page, stored):
    chat, held = open_page(), []
    chat.page.route("**/api/conversations", lambda route: held.append(route))
    chat.send(QUESTION)
    while not held:
        chat.page.wait_for_timeout(20)
    start_anew(chat)
    held[0].continue_()
    expect(chat.status).to_have_text(words("da", "restarted"))
    chat.page.wait_for_timeout(300)
    assert stored() == set()
