"""What the benchmarks judge by: the development set's first turns with one label each, and the figures of a set of answers."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, List, Mapping, Sequence, Tuple

from opi_advisor.evaluation import IN_SCOPE, read_cases
from opi_advisor.knowledge import DIMENSIONS
from opi_advisor.question import ANSWER, BACKGROUND, OUT_OF_SCOPE, OVERVIEW, SMALLTALK, SMALLTALK_INTENTS

IN_SCOPE_LABELS = (*DIMENSIONS, OVERVIEW, BACKGROUND)


@dataclass(frozen=True)
class FirstTurn:
    """The first message of a conversation; any of `right` is a right label for it."""

    text: str
    language: str
    kind: str
    right: Tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What a peer says of one message: its label, and how much speaks for each label (more is likelier, of any unit)."""

    label: str
    scores: Mapping[str, float]


def single_label(intent: str) -> str:
    """The label that an intent counts as: all small talk is one."""
    return SMALLTALK if intent in SMALLTALK_INTENTS else intent


def first_turns(paths: Iterable[Path]) -> List[FirstTurn]:
    """The first turns of labelled conversations.

    Raises:
        ValueError: a line is no labelled conversation; names file and line.
    """
    return [_first_turn(case) for case in read_cases(paths)]


def _first_turn(case: Mapping[str, Any]) -> FirstTurn:
    turn = case["turns"][0]
    kind = turn["gold"]["kind"]
    right = tuple(turn["gold"]["dimensions"]) if kind == ANSWER else (kind,)
    return FirstTurn(turn["user"], turn.get("lang", case["lang"]), kind, right)


def accuracy(turns: Sequence[FirstTurn], answers: Sequence[Answer], language: str) -> float:
    """The share (0 to 1) of the answerable turns in `language` with a right label.

    Raises:
        ValueError: there is no such turn.
    """
    marks = [answer.label in turn.right for turn, answer in zip(turns, answers)
             if turn.kind in IN_SCOPE and turn.language == language]
    if not marks:
        raise ValueError(f"no answerable turn in the language '{language}'")
    return sum(marks) / len(marks)


def out_of_scope_recall(turns: Sequence[FirstTurn], answers: Sequence[Answer], false_rejections: float) -> float:
    """The share (0 to 1) of the out-of-scope turns that are rejected, where at most the share `false_rejections` of the
    answerable ones is rejected too. A turn is rejected when its `rejection` is above the lowest threshold that allows.

    Raises:
        ValueError: no turn is answerable, or none is out of scope.
    """
    answerable = sorted((rejection(answer) for turn, answer in zip(turns, answers) if turn.kind in IN_SCOPE), reverse=True)
    strange = [rejection(answer) for turn, answer in zip(turns, answers) if turn.kind == OUT_OF_SCOPE]
    if not answerable or not strange:
        raise ValueError("answerable and out-of-scope turns are both needed")
    threshold = answerable[min(int(false_rejections * len(answerable)), len(answerable) - 1)]
    return sum(score > threshold for score in strange) / len(strange)


def rejection(answer: Answer) -> float:
    """How much more speaks for out of scope than for the likeliest label in scope; a label without a score counts as 0."""
    return answer.scores.get(OUT_OF_SCOPE, 0.0) - max(answer.scores.get(label, 0.0) for label in IN_SCOPE_LABELS)
