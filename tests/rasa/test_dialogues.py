"""Conversations over REST with a really started server: what a person types, and what comes back.

Scenarios are named after what people do; each stands in both languages.
"""
import uuid

import pytest

from opi_advisor.knowledge import default_knowledge

K = default_knowledge()


def talk(server, *messages):
    sender = f"test-{uuid.uuid4().hex}"
    return [server.client.ask(sender, message) for message in messages]


def labels(answer):
    return tuple(answer.custom[key] for key in ("kind", "language", "dimensions", "parties", "facet"))


SCENARIOS = {
    "happy path": (
        ["why is the municipality so slow to decide?", "and the company?", "what do we do about it?"],
        ["hvorfor er kommunen så langsom til at beslutte sig?", "og virksomheden?", "hvad gør vi ved det?"],
        [("answer", ["decision_speed"], ["public"], "why"), ("answer", ["decision_speed"], ["private"], "why"),
         ("answer", ["decision_speed"], ["private"], "advice")]),
    "overview and numbers": (
        ["Give me an overview", "number 4", "and the next one"],
        ["Giv mig et overblik", "nummer 4", "og den næste"],
        [("overview", [], [], None), ("answer", ["risk"], ["private", "public"], "compare"),
         ("answer", ["decision_speed"], ["private", "public"], "compare")]),
    "digression": (
        ["what drives the company?", "what does procurement law say?", "and the municipality?"],
        ["hvad driver virksomheden?", "hvad siger udbudsloven?", "og kommunen?"],
        [("answer", ["incentives"], ["private"], "describe"), ("out_of_scope", [], [], None),
         ("answer", ["incentives"], ["public"], "describe")]),
    "correction": (
        ["what goals does the region have?", "no, I meant the company"],
        ["hvilke mål har regionen?", "nej, jeg mente virksomheden"],
        [("answer", ["goals"], ["public"], "describe"), ("answer", ["goals"], ["private"], "describe")]),
    "we and they": (
        ["I work for a small company", "why are they so slow to decide?", "and us?"],
        ["Jeg arbejder i en lille virksomhed", "hvorfor er de så langsomme til at beslutte sig?", "og os?"],
        [("smalltalk", [], [], None), ("answer", ["decision_speed"], ["public"], "why"), ("answer", ["decision_speed"], ["private"], "why")]),
    "two at once, one by one, and both parties": (
        ["What is the region's attitude to risk, and how fast does it decide?", "only the first please", "and the second?", "and for both of them?"],
        ["Hvad er regionens holdning til risiko, og hvor hurtigt beslutter den?", "kun det første, tak", "og det andet?", "og for dem begge?"],
        [("answer", ["risk", "decision_speed"], ["public"], "describe"), ("answer", ["risk"], ["public"], "describe"),
         ("answer", ["decision_speed"], ["public"], "describe"), ("answer", ["decision_speed"], ["private", "public"], "compare")]),
    "disambiguation": (
        ["and the company?"], ["og virksomheden?"], [("clarification", [], ["private"], None)]),
    "around the table": (
        ["what can derail an OPI project?", "hello", "thank you"],
        ["hvad kan afspore et OPI-projekt?", "hej", "mange tak"],
        [("background", [], [], None), ("smalltalk", [], [], None), ("smalltalk", [], [], None)]),
}


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario(server, name, language):
    english, danish, expected = SCENARIOS[name]
    answers = talk(server, *(english if language == "en" else danish))
    assert [labels(answer) for answer in answers] == [(kind, language, *rest) for kind, *rest in expected]
    for answer in answers:
        assert answer.text


@pytest.mark.parametrize(("message", "language", "correction"), [
    ("Hvorfor er kommunen så bange for risiko?", "da", K.phrases.corrected_one["da"]),
    ("Why is the municipality so afraid of risk?", "en", K.phrases.corrected_one["en"]),
])
def test_a_false_premise_is_corrected_first(server, message, language, correction):
    answer, = talk(server, message)
    assert answer.custom["premise"] == "contradicts"
    assert answer.text.startswith(correction)
    assert K.dimensions["risk"].parties.public.answer[language] in answer.text


@pytest.mark.parametrize(("message", "start"), [
    ("Er kommunen langsom til at beslutte?", K.phrases.verdict_yes["da"]), ("Is the municipality slow to decide?", K.phrases.verdict_yes["en"]),
    ("Er kommunen hurtig til at beslutte?", K.phrases.verdict_no["da"]), ("Is the municipality fast to decide?", K.phrases.verdict_no["en"]),
])
def test_yes_and_no_come_first(server, message, start):
    answer, = talk(server, message)
    assert answer.text.startswith(start)


def test_a_very_short_message_keeps_the_language(server):
    danish = talk(server, "hvad driver kommunen?", "ok")
    english = talk(server, "what drives the municipality?", "ok")
    assert [answer.custom["language"] for answer in danish + english] == ["da", "da", "en", "en"]


def test_the_language_can_change_in_the_middle(server):
    answers = talk(server, "hvorfor er kommunen langsom?", "and the company?", "og hvad gør vi ved det?")
    assert [answer.custom["language"] for answer in answers] == ["da", "en", "da"]
    assert [answer.custom["dimensions"] for answer in answers] == [["decision_speed"]] * 3


@pytest.mark.parametrize("message", ["/restart", "/session_start", "/thanks", "  /greet", "🙂", "?", "!"])
def test_nothing_typed_acts_as_a_command_and_all_is_answered(server, message):
    _, second, third = talk(server, "why is the municipality so slow to decide?", message, "and the company?")
    assert second.text and second.custom["language"] == "en"
    assert third.custom["dimensions"] == ["decision_speed"]


def test_every_message_gets_one_reply_with_one_contract(server):
    import httpx

    for message in ("why is the municipality slow?", "hej", "what is the weather like?"):
        items = httpx.post(f"{server.url}/webhooks/rest/webhook", json={"sender": uuid.uuid4().hex, "message": message}).json()
        assert sum("text" in item for item in items) == 1
        assert sum("kind" in item.get("custom", {}) for item in items) == 1


def test_conversations_do_not_touch_each_other(server):
    one, other = f"test-{uuid.uuid4().hex}", f"test-{uuid.uuid4().hex}"
    server.client.ask(one, "I work for a company")
    assert server.client.ask(other, "why are we so slow to decide?").custom["parties"] == ["private", "public"]
