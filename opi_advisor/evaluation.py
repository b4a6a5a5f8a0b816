"""Score an advisor on labelled conversations: the same judgement, whether it is asked over REST or in this process.

The labels are those of the reply contract; docs/evaluation.md explains each figure.
"""
from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Sequence, Tuple

IN_SCOPE = ("answer", "overview", "background")
Ask = Callable[[str, str], Mapping[str, Any]]  # (sender, message) -> the reply contract, {} for silence


@dataclass(frozen=True)
class Turn:
    """One judged turn of a case."""

    case: str
    number: int
    language: str
    user: str
    gold: Mapping[str, Any]
    got: Mapping[str, Any]
    marks: Mapping[str, bool]
    milliseconds: float


@dataclass
class Scores:
    """All turns, and the share of right marks in each group of turns."""

    turns: List[Turn] = field(default_factory=list)

    def groups(self) -> Dict[str, List[Turn]]:
        """The turns by what they have in common: language, kind, dimension, facet, place in the dialogue."""
        found: Dict[str, List[Turn]] = defaultdict(list)
        for turn in self.turns:
            for name in _groups_of(turn):
                found[name].append(turn)
        return dict(sorted(found.items()))

    def share(self, mark: str, group: str = "all") -> float:
        """The share (0 to 1) of the turns in `group` whose `mark` is right; 1 where no turn has that mark."""
        marks = [turn.marks[mark] for turn in self.groups().get(group, ()) if mark in turn.marks]
        return sum(marks) / len(marks) if marks else 1.0

    def premises(self) -> Dict[str, int]:
        """How contradicted premises were found: counts of found, missed, false and quiet."""
        counts = {"found": 0, "missed": 0, "false": 0, "quiet": 0}
        for turn in self.turns:
            if turn.gold["kind"] == "answer":
                gold, got = turn.gold["premise"] == "contradicts", turn.got.get("premise") == "contradicts"
                counts[("found" if got else "missed") if gold else ("false" if got else "quiet")] += 1
        return counts

    def confusions(self) -> List[Tuple[str, str, int]]:
        """Pairs (gold, got) of kind or dimensions that were confused, with how often, the most frequent first."""
        counts: Dict[Tuple[str, str], int] = defaultdict(int)
        for turn in self.turns:
            gold, got = _topic(turn.gold), _topic(turn.got)
            if gold != got:
                counts[gold, got] += 1
        return sorted(((gold, got, count) for (gold, got), count in counts.items()), key=lambda row: (-row[2], row))


def read_cases(paths: Iterable[Path]) -> Iterator[Dict[str, Any]]:
    """Read labelled conversations, one JSON object a line.

    Raises:
        ValueError: a line is no JSON object with "id", "lang" and "turns"; names file and line.
    """
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                case = json.loads(line)
                case["id"], case["lang"], [turn["gold"]["kind"] for turn in case["turns"]]
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path}:{number}: not a labelled conversation ({error!r})") from None
            yield case


def evaluate(cases: Iterable[Mapping[str, Any]], ask: Ask) -> Scores:
    """Ask every turn of every case, each case in a conversation of its own, and judge the replies."""
    scores = Scores()
    for case in cases:
        for number, turn in enumerate(case["turns"], 1):
            language = turn.get("lang", case["lang"])
            begin = time.perf_counter()
            got = ask(case["id"], turn["user"])
            milliseconds = 1000 * (time.perf_counter() - begin)
            scores.turns.append(Turn(case["id"], number, language, turn["user"], turn["gold"], got,
                                     judge(turn["gold"], language, got), milliseconds))
    return scores


def judge(gold: Mapping[str, Any], language: str, got: Mapping[str, Any]) -> Dict[str, bool]:
    """Compare one reply with its gold labels: mark -> right or wrong."""
    kind = got.get("kind")
    marks = {"kind": kind == gold["kind"]}
    if gold["kind"] != "out_of_scope":
        marks["language"] = got.get("language") == language
    if gold["kind"] == "answer":
        for name in ("dimensions", "parties"):
            marks[name] = marks["kind"] and set(got.get(name, ())) == set(gold[name])
        marks["facet"] = marks["kind"] and got.get("facet") == gold["facet"]
        marks["premise"] = (got.get("premise") == "contradicts") == (gold["premise"] == "contradicts")
        marks["understood"] = marks["dimensions"] and marks["parties"] and marks["premise"] and marks["language"]
    else:
        marks["understood"] = marks["kind"] and marks.get("language", True)
    if gold["kind"] == "out_of_scope":
        marks["no_false_answer"] = kind not in IN_SCOPE
    elif gold["kind"] in IN_SCOPE:
        marks["not_rejected"] = kind != "out_of_scope"
    return marks


def _groups_of(turn: Turn) -> Sequence[str]:
    groups = ["all", f"kind {turn.gold['kind']}", f"language {turn.language}",
              "later turns" if turn.number > 1 else "first turns"]
    if turn.gold["kind"] == "answer":
        groups += [f"dimension {name}" for name in turn.gold["dimensions"]]
        groups.append(f"facet {turn.gold['facet']}")
    return groups


def _topic(labels: Mapping[str, Any]) -> str:
    if labels.get("kind") != "answer":
        return str(labels.get("kind"))
    return "+".join(sorted(labels["dimensions"]))
