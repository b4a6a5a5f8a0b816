"""What stands in the one-page profile: both parties on the six scales, and what to talk about. Pure functions over the knowledge base."""
from __future__ import annotations

from dataclasses import dataclass
from typing import List, Mapping, Optional, Sequence, Tuple

from opi_advisor.knowledge import PARTIES, Knowledge, other_party
from opi_advisor.placements import Placements, gaps

TALKING_POINTS = 3
Places = Mapping[str, Optional[int]]  # party -> its place on a scale; None where nobody knows


@dataclass(frozen=True)
class Sentence:
    """What one party typically does, and the points of its row in the source that say so."""

    party: str
    text: str
    points: Tuple[int, ...]


@dataclass(frozen=True)
class Scale:
    """One dimension: its row in the source, its poles, where both parties stand, and a sentence on each."""

    name: str
    row: str
    left: str
    right: str
    typical: Places
    placed: Optional[Places]  # None where neither party was placed
    sentences: Tuple[Sentence, ...]


@dataclass(frozen=True)
class TalkingPoint:
    """One gap between the parties, as placed or as is typical; what it tends to lead to and what to ask and do, all of it ours."""

    name: str
    is_placed: bool
    places: Places
    clash: str
    meeting: str
    suggestion: Optional[str]  # for the reader's side; None where that is not known


@dataclass(frozen=True)
class Profile:
    """The whole profile; `parties` in the order to show them, the reader's own first."""

    side: Optional[str]
    parties: Tuple[str, ...]
    scales: Tuple[Scale, ...]
    talking_points: Tuple[TalkingPoint, ...]

    @property
    def has_placements(self) -> bool:
        """Whether anybody placed anything."""
        return any(scale.placed for scale in self.scales)


def make_profile(placements: Placements, language: str, knowledge: Knowledge) -> Profile:
    """The profile for the side in `placements`, with what was placed beside what is typical."""
    side = placements.side
    parties = (side, other_party(side)) if side else PARTIES
    return Profile(
        side=side,
        parties=parties,
        scales=tuple(_scale(name, parties, placements, language, knowledge) for name in knowledge.dimensions),
        talking_points=tuple(_talking_point(name, placements, language, knowledge) for name in _talked_about(placements, knowledge)),
    )


def _scale(name: str, parties: Sequence[str], placements: Placements, language: str, knowledge: Knowledge) -> Scale:
    dimension = knowledge.dimensions[name]
    placed = _places(name, placements)
    views = [(party, dimension.parties[party].answer) for party in parties]
    return Scale(
        name=dimension.name[language],
        row=dimension.row,
        left=dimension.axis.left[language],
        right=dimension.axis.right[language],
        typical=_places(name, _typical(knowledge)),
        placed=placed if any(placed.values()) else None,
        sentences=tuple(Sentence(party, answer[language], answer.points) for party, answer in views),
    )


def _talked_about(placements: Placements, knowledge: Knowledge) -> List[str]:
    """The dimensions with the widest gaps; where not enough were placed, those that are typical of the others."""
    as_placed = [gap.dimension for gap in gaps(placements)]
    as_typical = [gap.dimension for gap in gaps(_typical(knowledge)) if not _is_placed(gap.dimension, placements)]
    return [*as_placed, *as_typical][:TALKING_POINTS]


def _talking_point(name: str, placements: Placements, language: str, knowledge: Knowledge) -> TalkingPoint:
    ours = next(item for item in knowledge.onboarding.placing.dimensions if item.dimension == name)
    is_placed = _is_placed(name, placements)
    return TalkingPoint(
        name=knowledge.dimensions[name].name[language],
        is_placed=is_placed,
        places=_places(name, placements if is_placed else _typical(knowledge)),
        clash=ours.clash[language],
        meeting=ours.meeting[language],
        suggestion=knowledge.advice[name][placements.side][0][language] if placements.side else None,
    )


def _typical(knowledge: Knowledge) -> Placements:
    return Placements(None, {(name, party): getattr(dimension.axis, party)
                             for name, dimension in knowledge.dimensions.items() for party in PARTIES})


def _places(name: str, placements: Placements) -> Places:
    return {party: placements.place(name, party) for party in PARTIES}


def _is_placed(name: str, placements: Placements) -> bool:
    """Whether both parties were placed, so that there is something to compare."""
    return all(_places(name, placements).values())
