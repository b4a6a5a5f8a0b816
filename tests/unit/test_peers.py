"""The figures of the peer benchmark: labels that match, and recall at equal false rejection, on numbers made by hand."""
import json

import pytest

from first_turns import Answer, FirstTurn, accuracy, first_turns, out_of_scope_recall, rejection, single_label
from figure_table import table, write_between_markers


def turn(kind, *right, language="en"):
    return FirstTurn("?", language, kind, right or (kind,))


def answer(label, out_of_scope=0.0, risk=0.0):
    return Answer(label, {"out_of_scope": out_of_scope, "risk": risk})


def test_all_small_talk_is_one_label():
    assert {single_label(intent) for intent in ("greet", "thanks", "tell_side")} == {"smalltalk"}
    assert [single_label(intent) for intent in ("risk", "follow_up", "out_of_scope")] == ["risk", "follow_up", "out_of_scope"]


def test_only_first_turns_are_read_each_with_its_labels_and_language(tmp_path):
    gold = {"kind": "answer", "dimensions": ["risk", "goals"]}
    case = {"id": "a", "lang": "en", "turns": [{"user": "one", "gold": gold, "lang": "da"}, {"user": "two", "gold": {"kind": "overview"}}]}
    path = tmp_path / "cases.jsonl"
    path.write_text(f"{json.dumps(case)}\n{json.dumps({**case, 'turns': case['turns'][1:]})}\n", encoding="utf-8")
    assert first_turns([path]) == [FirstTurn("one", "da", "answer", ("risk", "goals")), FirstTurn("two", "en", "overview", ("overview",))]


def test_either_of_two_dimensions_is_right_and_a_rejection_is_wrong():
    turns = [turn("answer", "risk", "goals"), turn("answer", "risk", "goals"), turn("answer", "risk"), turn("overview")]
    answers = [answer("risk"), answer("goals"), answer("out_of_scope"), answer("risk")]
    assert accuracy(turns, answers, "en") == 0.5


def test_accuracy_is_of_answerable_turns_in_one_language():
    turns = [turn("answer", "risk"), turn("answer", "risk", language="da"), turn("out_of_scope"), turn("smalltalk")]
    answers = [answer("risk"), answer("goals"), answer("risk"), answer("risk")]
    assert accuracy(turns, answers, "en") == 1
    assert accuracy(turns, answers, "da") == 0
    with pytest.raises(ValueError, match="'sv'"):
        accuracy(turns, answers, "sv")


def test_rejection_weighs_out_of_scope_against_the_best_label_in_scope():
    scores = {"out_of_scope": 0.5, "risk": 0.25, "goals": 0.125, "smalltalk": 0.75}
    assert rejection(Answer("smalltalk", scores)) == 0.25
    assert rejection(Answer("risk", {"risk": 0.5})) == -0.5
    assert rejection(Answer("risk", {**{name: -2.0 for name in ("overview", "background", "goals", "incentives", "horizon", "decision_speed",
                                                                "organisation_type")}, "risk": -1.0, "out_of_scope": -3.0})) == -2


# fifty answerable turns with rejections 0.01 to 0.50, and four out of scope
ANSWERABLE = [(turn("answer", "risk"), answer("risk", number / 100)) for number in range(1, 51)]
STRANGE = [(turn("out_of_scope"), answer("out_of_scope", score)) for score in (0.2, 0.485, 0.495, 0.9)]


@pytest.mark.parametrize(("false_rejections", "recall"), [(0.0, 0.25), (0.02, 0.5), (0.04, 0.75), (1.0, 1.0)])
def test_recall_is_taken_where_as_many_answerable_turns_are_rejected_as_allowed(false_rejections, recall):
    turns, answers = zip(*ANSWERABLE, *STRANGE)
    assert out_of_scope_recall(turns, answers, false_rejections) == recall


def test_equal_scores_are_not_rejected_beyond_the_allowance():
    turns, answers = zip(*[(turn("answer", "risk"), answer("risk", 0.5))] * 50, (turn("out_of_scope"), answer("out_of_scope", 0.5)))
    assert out_of_scope_recall(turns, answers, 0.02) == 0


def test_small_talk_has_no_part_in_the_recall():
    turns, answers = zip(*ANSWERABLE, *STRANGE, *[(turn("smalltalk"), answer("smalltalk", 5.0))] * 9)
    assert out_of_scope_recall(turns, answers, 0.02) == 0.5


def test_recall_needs_turns_of_both_kinds():
    for pairs in (ANSWERABLE, STRANGE):
        with pytest.raises(ValueError, match="both needed"):
            out_of_scope_recall(*zip(*pairs), 0.02)


def test_a_table_takes_the_place_between_its_markers(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("before\n<!-- peers: begin (x) -->\nold\n<!-- peers: end -->\nafter\n", encoding="utf-8")
    for _ in range(2):
        write_between_markers(path, "peers", table([("a", "b"), ("1", "2")]))
    assert path.read_text(encoding="utf-8") == (
        "before\n<!-- peers: begin (x) -->\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<!-- peers: end -->\nafter\n")
    with pytest.raises(ValueError, match="components: begin"):
        write_between_markers(path, "components", "text")
