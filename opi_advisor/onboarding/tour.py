"""The guided tour as a walk over the stops of knowledge/onboarding.yml: where a person is, and how they move. Pure functions."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Dict, Mapping, Optional, Tuple

from opi_advisor.onboarding_file import QuizQuestion, Stop, TourContent


@dataclass(frozen=True)
class Tour:
    """Where a person is on the tour.

    `stop` is the id of the stop, None as long as their side is not known. `question` counts the questions of the stop from 1; 0 is
    its lesson. `answered` tells whether the current question was. `results` has the latest answer to each question by its id: whether
    it was right. `neutral` is a person who comes from neither side.
    """

    stop: Optional[str] = None
    question: int = 0
    answered: bool = False
    neutral: bool = False
    results: Mapping[str, bool] = field(default_factory=dict)

    def to_dict(self) -> Dict[str, Any]:
        """As plain JSON, to be kept in a slot."""
        return {**vars(self), "results": dict(self.results)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Tour":
        """Build a Tour from what `to_dict` gave."""
        return cls(**data)


def place_of(tour: Tour, content: TourContent) -> Tuple[int, Stop]:
    """The number (from 1) of the stop where the tour is, and the stop; the first where the file has no such stop any more."""
    return next(((number, stop) for number, stop in enumerate(content.stops, 1) if stop.id == tour.stop), (1, content.stops[0]))


def question_of(tour: Tour, content: TourContent) -> Optional[QuizQuestion]:
    """The question where the tour is; None at a lesson."""
    _, stop = place_of(tour, content)
    return stop.questions[tour.question - 1] if 1 <= tour.question <= len(stop.questions) else None


def begun(tour: Tour, content: TourContent) -> Tour:
    """At the first lesson."""
    return _at(tour, content.stops[0])


def forward(tour: Tour, content: TourContent) -> Optional[Tour]:
    """One step on: from a lesson to its question, from a question to the next one or the next stop; None at the end."""
    _, stop = place_of(tour, content)
    if tour.question < len(stop.questions):
        return replace(tour, question=tour.question + 1, answered=False)
    return next_stop(tour, content)


def next_stop(tour: Tour, content: TourContent) -> Optional[Tour]:
    """At the lesson of the next stop; None after the last."""
    number, _ = place_of(tour, content)
    return _at(tour, content.stops[number]) if number < len(content.stops) else None


def backward(tour: Tour, content: TourContent) -> Optional[Tour]:
    """One step back: from a question to its lesson, from a lesson to that of the stop before; None at the first."""
    number, stop = place_of(tour, content)
    if tour.question:
        return _at(tour, stop)
    return _at(tour, content.stops[number - 2]) if number > 1 else None


def answered(tour: Tour, content: TourContent, option: int) -> Tour:
    """With `option` (from 0) chosen for the current question."""
    question = question_of(tour, content)
    return replace(tour, answered=True, results={**tour.results, question.id: question.options[option].right})


def _at(tour: Tour, stop: Stop) -> Tour:
    return replace(tour, stop=stop.id, question=0, answered=False)
