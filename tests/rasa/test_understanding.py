"""How well the trained model understands: floors on the development set, and every button is understood."""
import json

import pytest

from opi_advisor.advisor import Advisor
from opi_advisor.evaluation import evaluate
from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, default_knowledge
from opi_advisor.scores_text import scores_text
from tests.conftest import EVALUATION

K = default_knowledge()
FLOORS = json.loads((EVALUATION / "floors.json").read_text(encoding="utf-8"))
BASELINE = json.loads((EVALUATION / "baseline.json").read_text(encoding="utf-8"))
TOLERANCE, TURNS = 0.005, 2  # another processor rounds otherwise: a share, or this many turns of a small group, may flip


@pytest.fixture(scope="module")
def scores(understanding, development_cases):
    return evaluate(development_cases, Advisor(understanding).ask)


def test_the_development_set_is_large_and_bilingual(development_cases):
    turns = [(turn.get("lang", case["lang"]), number) for case in development_cases for number, turn in enumerate(case["turns"])]
    assert len(turns) >= 400
    for language in LANGUAGES:
        assert sum(spoken == language for spoken, _ in turns) >= 0.4 * len(turns)
    dialogues = sum(len(case["turns"]) for case in development_cases if len(case["turns"]) > 1)
    assert dialogues >= len(turns) / 3


@pytest.mark.parametrize(("group", "mark"), [(group, mark) for group, marks in FLOORS.items() for mark in marks])
def test_understanding_does_not_fall(scores, group, mark):
    assert scores.share(mark, group) >= FLOORS[group][mark], scores_text(scores)


@pytest.mark.parametrize(("group", "mark"), [(group, mark) for group, marks in FLOORS.items() for mark in marks])
def test_no_change_falls_below_the_baseline(scores, group, mark):
    allowed = max(TOLERANCE, TURNS / len(scores.groups()[group]))
    assert scores.share(mark, group) >= BASELINE[group][mark] - allowed, f"see bench/baseline.py\n{scores_text(scores)}"


def test_the_gates_can_fail(development_cases):
    silent = evaluate(development_cases, lambda sender, message: {})
    assert silent.share("understood") < FLOORS["all"]["understood"] < BASELINE["all"]["understood"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dimension_questions_on_buttons_lead_to_their_dimension(advisor, language):
    for dimension in DIMENSIONS:
        question, _ = advisor.say(dimension + language, K.dimensions[dimension].question[language])
        assert (question.kind, question.dimensions, question.parties, question.language) == ("answer", (dimension,), ("private", "public"), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_topic_questions_on_buttons_lead_to_their_topic(advisor, language):
    for topic in K.topics.values():
        question, _ = advisor.say(topic.id + language, topic.question[language])
        assert (question.kind, question.topic, question.language) == ("background", topic.id, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("button", "expected"), [
    ("ask_private", {"parties": ("private",)}), ("ask_public", {"parties": ("public",)}), ("ask_why", {"facet": "why"}),
    ("ask_advice", {"facet": "advice"}), ("ask_overview", {"kind": "overview"}),
    ("say_private", {"side": "private"}), ("say_public", {"side": "public"}),
])
def test_the_other_buttons_lead_where_they_say(advisor, language, button, expected):
    for dimension in DIMENSIONS:
        sender = dimension + language + button
        advisor.say(sender, K.dimensions[dimension].question[language])
        question, _ = advisor.say(sender, getattr(K.phrases, button)[language])
        assert {key: getattr(question, key) for key in expected} == expected
        assert question.language == language
        if not {"kind", "side"} & set(expected):
            assert question.dimensions == (dimension,)
