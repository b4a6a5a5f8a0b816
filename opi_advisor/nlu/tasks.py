"""What is learnt of a message: one task for each head, with the label that it learns and what it sees of the text."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from opi_advisor.knowledge import DIMENSIONS
from opi_advisor.nlu.labels import Labels

Example = Tuple[str, Labels]
ViewNames = Tuple[str, ...]
YES, NO = "yes", "no"
NOBODY = "nobody"
ABOUT_DIMENSIONS = "about dimensions"  # the intents of the six dimensions as one; which of them is a head of its own
LOOSE, EXACT = 4.0, 2.0  # tolerances; with looser ones for what a wrong premise is told by, fewer are found


@dataclass(frozen=True)
class Task:
    """What one head learns: from the meaning and which views of the text, which label, how strongly and how exactly fitted."""

    views: ViewNames
    label: Callable[[Labels], Optional[str]]
    strength: float = 20.0
    tolerance: float = LOOSE


def _flag(value: Optional[bool]) -> Optional[str]:
    return None if value is None else (YES if value else NO)


def _parties(labels: Labels) -> Optional[str]:
    return None if labels.parties is None else "+".join(sorted(labels.parties)) or NOBODY


def _intent_or_dimension(labels: Labels) -> Optional[str]:
    return ABOUT_DIMENSIONS if labels.intent in DIMENSIONS else labels.intent


def _dimension(name: str) -> Callable[[Labels], Optional[str]]:
    return lambda labels: _flag(name in labels.dimensions) if labels.dimensions else None


def _claim_in(name: str) -> Callable[[Labels], Optional[str]]:
    return lambda labels: labels.claim if name in labels.dimensions else None


WHAT, HOW, WHO = ("plain",), ("behaviour",), ("plain", "mentions")  # what is said; how somebody behaves, whoever it is; who is named

# the slowest to learn first, so that no processor is left idle at the end
TASKS: Dict[str, Task] = {
    "intent": Task(WHAT, _intent_or_dimension, 30.0),
    "parties": Task(WHO, _parties),
    "dimension": Task(WHAT, lambda labels: labels.dimensions[0] if labels.dimensions else None, 30.0),
    "facet": Task(HOW, lambda labels: labels.facet),
    "side": Task(WHO, lambda labels: labels.side),
    "language": Task(WHAT, lambda labels: labels.language),
    "topic": Task(WHAT, lambda labels: labels.topics[0] if labels.topics else None),
    "elliptical": Task(WHAT, lambda labels: _flag(labels.elliptical)),
    "assumes": Task(HOW, lambda labels: _flag(labels.assumes), 10.0, EXACT),
    "polar": Task(HOW, lambda labels: _flag(labels.polar), 10.0, EXACT),
    "claim": Task(HOW, lambda labels: labels.claim, 10.0, EXACT),
    **{f"claim {name}": Task(HOW, _claim_in(name), 10.0, EXACT) for name in DIMENSIONS},
    **{f"also {name}": Task(WHAT, _dimension(name)) for name in DIMENSIONS},
    "several": Task(WHAT, lambda labels: _flag(len(labels.dimensions) > 1) if labels.dimensions else None),
}


def labels_for(name: str, examples: Sequence[Example]) -> List[Optional[str]]:
    """What each example teaches the head `name`, if anything.

    Raises:
        ValueError: it is fewer than two classes; names the label.
    """
    labels = [TASKS[name].label(label) for _, label in examples]
    if len(set(labels) - {None}) < 2:
        raise ValueError(f"the training data has fewer than two classes of the label '{name}'; see docs/nlu-data.md")
    return labels
