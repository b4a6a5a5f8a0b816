"""A conversation that a person has deleted, by words or by the page: gone at once and for good, and nobody else's with it."""
import random
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from opi_advisor.channels.conversations import AGE, Conversations
from opi_advisor.knowledge import LANGUAGES, default_knowledge
from opi_advisor.privacy.forgetting import wish_to_forget
from opi_advisor.project import ROOT
from opi_advisor.yaml_source import read_yaml
from tests.privacy.talks import senders, tables_with, texts, traces

WORDS = default_knowledge().privacy.forget
SLOW, WHY = "why is the municipality so slow to decide?", "Hvad er grunden?"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wording_is_recognised_as_a_whole_message_only(language):
    knowledge = default_knowledge()
    for words in WORDS[language]:
        polite = {"da": "tak", "en": "please"}[language]
        for text in (words, words.upper(), f"  {words.capitalize()}!!", f"{words}, {polite}.", f"{words} 🙏"):
            assert wish_to_forget(text, knowledge) == language, text
        for text in (f"{words} {WHY}", f"{WHY} {words}", f"{words} {words}", f"don't {words}", f"ikke {words}", words[:-1]):
            assert wish_to_forget(text, knowledge) is None, text


def test_a_polite_question_is_a_wish_too():
    for text, language in (("Kan du slette samtalen?", None), ("Vil du glemme det?", None), ("Can you delete my data?", "en"),
                           ("Please forget this conversation", "en"), ("Could you forget everything, thanks", "en")):
        assert wish_to_forget(text, default_knowledge()) == language, text


def test_no_wording_is_an_example_of_something_else():
    examples = [example.strip().lstrip("- ").rstrip("?!.").casefold() for path in (ROOT / "data" / "nlu").rglob("*.yml")
                for example in path.read_text(encoding="utf-8").splitlines()]
    for language in LANGUAGES:
        assert not {words.casefold() for words in WORDS[language]} & set(examples)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", ["page", "rest"])
def test_words_delete_the_conversation_and_are_not_stored_either(running, person, channel, language):
    sender = f"secret-friend-{language}"
    running.program("Hvad driver Blaabaerfirmaet?", "bystander")
    before = set(senders(running.database))

    def ask(text):
        if channel == "page":
            return person.ask(text)["reply"]
        return running.program(text, sender)[1]["custom"]

    ask("Hvorfor er kommunen langsom, Sandkasseprojektet?")
    mine, = set(senders(running.database)) - before
    trace, = traces(running.database, mine)
    assert trace in running.stored_bytes()
    reply = ask(WORDS[language][0].capitalize() + "!")
    assert (reply["kind"], reply["language"], reply["kept"]) == ("forgotten", language, False)
    assert reply["sections"][0]["answer"] == default_knowledge().phrases.forgotten[language]
    assert set(senders(running.database)) == before and tables_with(running.database, mine) == []
    assert tables_with(running.database, "Sandkasseprojektet") == []
    assert trace not in running.stored_bytes() and mine.encode() not in running.stored_bytes()
    assert ask("and the company?")["dimensions"] == []  # nothing is remembered in the server either
    assert ask(WORDS[language][0])["kind"] == "forgotten"


def test_the_page_deletes_its_conversation(running, person):
    before = senders(running.database)
    person.ask(SLOW)
    assert len(senders(running.database)) == len(before) + 1
    answer = person.forget()
    assert answer.status_code == 204 and answer.content == b""
    assert senders(running.database) == before
    assert person.forget().status_code == 204  # there is nothing left, and that is what was asked for
    assert person.ask("and the company?")["reply"]["dimensions"] == []
    person.forget()


def test_nobody_deletes_the_conversation_of_another(running, person):
    person.ask(SLOW)
    before = senders(running.database)
    other = running.person()
    mine = person.conversation
    with httpx.Client(base_url=running.url, headers={"Origin": running.url}) as anyone:
        for http in (other.http, anyone):
            answer = http.post("/api/forget", json={"conversation": mine})
            assert answer.status_code == 401 and answer.json()["error"]["code"] == "no_conversation"
        assert person.http.post("/api/forget", json={"conversation": mine + "x"}).status_code == 401
        assert person.http.post("/api/forget", json={"conversation": mine}, headers={"Origin": "https://evil.example"}).status_code == 403
        assert person.http.post("/api/forget", json={}).status_code == 400
    other.http.close()
    assert senders(running.database) == before
    person.forget()


def test_an_old_conversation_can_still_be_deleted(monkeypatch):
    """A tab that was open for days can't go on with its conversation, but it can have it deleted."""
    ours, now = Conversations("secret of ours"), time.time()
    conversation = ours.start("browser-1", None)
    monkeypatch.setattr(time, "time", lambda: now + AGE + 10)
    assert ours.sender(conversation, "browser-1", None, age=None).startswith("page-browser-1-")


def test_a_message_at_the_same_moment_does_not_bring_it_back(running):
    """Whichever is first: what was said before the wish is gone, and at most a whole turn that came after it is there."""
    chance, before = random.Random(2026), set(senders(running.database))
    with ThreadPoolExecutor(2) as pool:
        for number in range(12):
            sender = f"racer-{number:02}"
            running.program("Hvad driver virksomheden, Foerstefirma?", sender)
            message = pool.submit(running.program, "Hvorfor er kommunen langsom, Andetfirma?", sender)
            time.sleep(chance.uniform(0, 0.1))
            wish = pool.submit(running.program, "forget this conversation", sender)
            assert wish.result()[1]["custom"]["kind"] == "forgotten" and message.result()
            left = texts(running.database, sender)
            assert "Foerstefirma" not in left and left.count('"event": "user"') <= 1
            assert ("Andetfirma" in left) == (left != "")
            running.program("forget this conversation", sender)
    assert set(senders(running.database)) == before


def test_the_words_stand_in_both_languages_and_only_once():
    data = read_yaml(ROOT / "knowledge" / "privacy.yml").data["forget"]
    assert set(data) == {"da", "en"} and len({*data["da"], *data["en"]}) == len(data["da"]) + len(data["en"])
    assert {"glem samtalen", "slet det hele"} <= set(data["da"]) and {"forget this conversation", "delete my data"} <= set(data["en"])
