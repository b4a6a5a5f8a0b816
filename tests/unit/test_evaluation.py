"""The judgement of replies agrees with the contract, and bad cases are named."""
import pytest

from opi_advisor.evaluation import evaluate, judge, read_cases
from opi_advisor.scores_text import scores_text

GOLD = {"kind": "answer", "dimensions": ["risk"], "parties": ["public"], "facet": "why", "premise": "contradicts"}
RIGHT = {**GOLD, "language": "en"}


@pytest.mark.parametrize(("change", "wrong"), [
    ({}, None), ({"facet": "describe"}, None), ({"kind": "overview"}, "kind"), ({"dimensions": ["risk", "goals"]}, "dimensions"),
    ({"parties": ["private"]}, "parties"), ({"premise": "holds"}, "premise"), ({"language": "da"}, "language"),
])
def test_an_answer_is_understood_only_if_everything_but_the_facet_is_right(change, wrong):
    marks = judge(GOLD, "en", {**RIGHT, **change})
    assert marks["understood"] == (wrong is None)
    assert wrong is None or not marks[wrong]


def test_silence_is_never_right():
    for gold in (GOLD, {"kind": "out_of_scope"}, {"kind": "overview"}):
        assert not judge(gold, "en", {})["understood"]


def test_scores_are_counted_by_group():
    cases = [{"id": "a", "lang": "en", "turns": [{"user": "x", "gold": GOLD}, {"user": "y", "gold": {"kind": "out_of_scope"}, "lang": "da"}]}]
    scores = evaluate(cases, lambda sender, message: RIGHT)
    assert scores.share("understood") == 0.5
    assert scores.share("no_false_answer", "kind out_of_scope") == 0
    assert scores.premises() == {"found": 1, "missed": 0, "false": 0, "quiet": 0}
    assert scores.confusions() == [("out_of_scope", "risk", 1)]
    assert "understood: 1/2 = 50.0%" in scores_text(scores) and "ms a turn: p50" in scores_text(scores)


def test_a_broken_case_is_named_with_its_line(tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_text('\n{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"cases.jsonl:2: not a labelled conversation"):
        list(read_cases([path]))
