"""The rows of a table in which two are compared, each with a goal and whether it is reached."""
from __future__ import annotations

import statistics
from typing import List, Sequence

HEAD = ("figure", "OPI Advisor", "plain Rasa", "ratio", "goal", "reached")


def at_most(title: str, ours: float, plain: float, shown: str, goal: float) -> List[str]:
    """A row of two figures, of which ours should be at most `goal` times the other; `shown` formats each."""
    ratio = ours / plain
    return [title, shown.format(ours), shown.format(plain), f"{ratio:.2f}", f"at most {goal:g}", _said(ratio <= goal)]


def at_least(title: str, ours: float, plain: float, shown: str, goal: float) -> List[str]:
    """A row of two figures, of which ours should be at least `goal` times the other; `shown` formats each."""
    ratio = ours / plain
    return [title, shown.format(ours), shown.format(plain), f"{ratio:.2f}", f"at least {goal:g}", _said(ratio >= goal)]


def by_itself(title: str, ours: float, plain: float, goal: float) -> List[str]:
    """A row of two figures that are ratios already, of which ours should be at most `goal`, whatever the other is."""
    return [title, f"{ours:.2f}", f"{plain:.2f}", "", f"ours at most {goal:g}", _said(ours <= goal)]


def without_goal(title: str, ours: float, plain: float, shown: str) -> List[str]:
    """A row for the reader to know."""
    return [title, shown.format(ours), shown.format(plain), f"{ours / plain:.2f}", "", ""]


def percentile_95(values: Sequence[float]) -> float:
    """What 95 % of them are within."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def _said(reached: bool) -> str:
    return "yes" if reached else "no"
