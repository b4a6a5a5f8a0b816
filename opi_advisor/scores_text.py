"""The scores of an evaluation as plain text for the terminal."""
from __future__ import annotations

from statistics import median
from typing import List

from opi_advisor.evaluation import Scores, Turn

MARKS = ("understood", "kind", "dimensions", "parties", "facet", "premise", "language", "not_rejected", "no_false_answer")
MAX_CONFUSIONS = 15


def scores_text(scores: Scores) -> str:
    """A line for each group of turns, the premises, the most frequent confusions, the times, and the sum."""
    lines = [_group_line(name, turns, scores) for name, turns in scores.groups().items()]
    found = scores.premises()
    lines.append(f"contradicted premises: recall {found['found']}/{found['found'] + found['missed']}, "
                 f"false corrections {found['false']}/{found['false'] + found['quiet']}")
    for gold, got, count in scores.confusions()[:MAX_CONFUSIONS]:
        lines.append(f"confused {count:3}x: {gold} read as {got}")
    times = sorted(turn.milliseconds for turn in scores.turns)
    lines.append(f"ms a turn: p50 {median(times):.1f}  p95 {times[int(0.95 * (len(times) - 1))]:.1f}  max {times[-1]:.1f}")
    right = sum(turn.marks["understood"] for turn in scores.turns)
    lines.append(f"understood: {right}/{len(scores.turns)} = {100 * right / len(scores.turns):.1f}%")
    return "\n".join(lines)


def _group_line(name: str, turns: List[Turn], scores: Scores) -> str:
    cells = [f"{mark} {100 * scores.share(mark, name):5.1f}%" for mark in MARKS if any(mark in turn.marks for turn in turns)]
    return f"{name:30} n={len(turns):4}  " + "  ".join(cells)
