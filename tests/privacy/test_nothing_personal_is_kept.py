"""Numbers and addresses planted into real talks over REST and the page: in no file of the database, no log and no reply."""
import json
import uuid

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opi_advisor.advisor import Advisor
from opi_advisor.knowledge import DIMENSIONS, default_knowledge
from opi_advisor.project import ROOT
from tests.privacy.talks import rows
from tests.privacy.written_numbers import CARD, CPR, EMAIL, PHONE

TALKS = settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
SENTENCES = st.sampled_from(["Hvorfor er kommunen så langsom?", "What drives the company?", "hej", "Hvem er mest risikovillig?", ""])
ELSEWHERE = "127.0.0.9"  # this machine as well, but no address that anything else here has
FORWARDED = "203.0.113.77"


def digits(text):
    return "".join(character for character in text if character.isdigit())


@given(st.lists(st.tuples(SENTENCES, st.sampled_from([*CPR, *CARD, *EMAIL, *PHONE]), SENTENCES), min_size=1, max_size=3), st.booleans())
@TALKS
def test_what_is_planted_is_nowhere_afterwards(running, talk, by_page):
    person = running.person() if by_page else None
    sender = uuid.uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
    replies = []
    for before, planted, after in talk:
        text = f"{before} {planted} ! {after}"
        reply = person.ask(text) if person else running.program(text, sender)
        replies.append(json.dumps(reply, ensure_ascii=False))
    if person:
        person.rate(reply["receipt"], f"{talk[0][1]} ! {talk[-1][1]}")
        person.http.close()
    told = running.stored_bytes() + running.logged_bytes() + "".join(replies).encode()
    for _, planted, _ in talk:
        for spelling in {planted, planted.strip('<>"'), json.dumps(planted).strip('"'), *long_numbers(planted)}:
            assert spelling.encode() not in told, spelling


def long_numbers(planted):
    """The number without its blanks and dashes, where it is long enough not to stand anywhere by chance."""
    return [digits(planted)] if len(digits(planted)) >= 10 else []


def test_the_test_above_can_find_what_is_there(running):
    running.program("Hvorfor er blåbærgrøden rød?", "finder")
    assert "blåbærgrøden".encode() in running.stored_bytes()
    assert "»Partnere i et OPI-samarbejde«" in running.program("hej", "finder")[0]["text"]


def test_the_masks_are_stored_in_their_place(running, person):
    answer = person.ask("Mit CPR er 010190-1234. Hvorfor er kommunen så langsom?")
    person.rate(answer["receipt"], "Ring 20 30 40 50")
    masks = default_knowledge().privacy.masks
    assert f"Mit CPR er {masks.cpr}. Hvorfor".encode() in running.stored_bytes()
    assert (f"Ring {masks.phone}",) in rows(running.database, "SELECT missing FROM feedback")


def test_no_address_of_a_computer_is_stored_or_logged(running):
    """Neither the one that calls nor those that it says to call for, as a web server in front does."""
    headers = {"Origin": running.url, "X-Forwarded-For": FORWARDED, "X-Real-IP": FORWARDED, "Forwarded": f"for={FORWARDED}",
               "User-Agent": "Browser of Nogen"}
    elsewhere = httpx.HTTPTransport(local_address=ELSEWHERE)
    with httpx.Client(base_url=running.url, trust_env=False, timeout=30, transport=elsewhere, headers=headers) as http:
        conversation = http.post("/api/conversations", json={}).json()["conversation"]
        receipt = http.post("/api/messages", json={"conversation": conversation, "text": "Hvad driver virksomheden?"}).json()["receipt"]
        http.post("/api/feedback", json={"receipt": receipt, "rating": "up"})
        for path in ("/", "/nothing", "/api/start"):
            http.get(path)
        http.post("/api/messages", content=b"{")
        http.post("/webhooks/rest/webhook", json={"sender": "elsewhere", "message": "hej"})
    told = running.stored_bytes() + running.logged_bytes()
    for trace in (ELSEWHERE, FORWARDED, "Browser of Nogen", "sanic.access"):
        assert trace.encode() not in told


@pytest.mark.parametrize("sender", ["nogen@firma.example", "+4520304050", "010190-1234"])
def test_a_conversation_is_not_named_after_a_person(running, sender):
    with httpx.Client(base_url=running.url, trust_env=False, timeout=30) as http:
        answer = http.post("/webhooks/rest/webhook", json={"sender": sender, "message": "hej"})
    assert answer.status_code == 400 and "send an id that says nothing about a person" in answer.json()["error"]["message"]
    assert sender not in answer.text and sender.encode() not in running.stored_bytes() + running.logged_bytes()


def test_what_people_write_is_not_logged(running, person):
    person.ask("Hvorfor er blåbærgrøden rød?")
    running.program("Hvorfor er blåbærgrøden rød?", "mottled-sender")
    logged = running.logged_bytes()
    assert "blåbærgrøden".encode() not in logged and b"bl\\u00e5" not in logged and b"mottled-sender" not in logged


@pytest.mark.parametrize("mask", list(default_knowledge().privacy.masks.dict().values()))
def test_a_masked_message_is_understood_as_well_as_a_clean_one(understanding, mask):
    frames = {"da": ("{} Mit nummer er {}.", "Jeg kan nås på {1}. {0}", "{1} {0}", "{0} {1}"),
              "en": ("{} My number is {}.", "You can reach me at {1}. {0}", "{1} {0}", "{0} {1}")}
    said, right = 0, 0
    for dimension in DIMENSIONS:
        for language, forms in frames.items():
            question = default_knowledge().dimensions[dimension].question[language]
            clean = Advisor(understanding).ask("a", question)
            for form in forms:
                reply = Advisor(understanding).ask("a", form.format(question, mask))
                said += 1
                right += all(reply[key] == clean[key] for key in ("kind", "language", "dimensions", "parties"))
    print(f"{mask}: {right} of {said}")
    assert right >= 0.9 * said


@pytest.mark.parametrize("language", ["da", "en"])
def test_people_are_told_that_they_talk_to_a_machine_and_not_to_write_personal_data(language):
    """Article 50 of the AI Act, and what masking can't do."""
    word = {"da": "automatisk assistent", "en": "automatic assistant"}[language]
    page = json.loads((ROOT / "web" / "strings" / f"{language}.json").read_text(encoding="utf-8"))
    assert word in default_knowledge().phrases.greeting[language] and word in page["intro_who"]
    assert {"da": "personoplysninger", "en": "personal"}[language] in page["intro_privacy"]
