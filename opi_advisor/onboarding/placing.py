"""Placing both parties on the six scales, one after the other: what is asked next, and what has been said. Pure functions."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Optional, Tuple

from opi_advisor.knowledge import DIMENSIONS, PARTIES, other_party
from opi_advisor.placements import Placements, read_placements


@dataclass(frozen=True)
class Placing:
    """How far a placing has come.

    `placements` is what has been said. `given` is the party that placed itself already, by a link, and is not asked about. `at` counts
    the scales asked so far, None as long as the person's side is not known. `neutral` is a person who comes from neither side.
    """

    placements: Placements = Placements()
    given: Optional[str] = None
    at: Optional[int] = None
    neutral: bool = False

    def to_dict(self) -> Dict[str, Any]:
        """As plain JSON, to be kept in a slot."""
        return {**vars(self), "placements": self.placements.to_query()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Placing":
        """Build a Placing from what `to_dict` gave."""
        return cls(**{**data, "placements": read_placements(data["placements"])})


def scales(placing: Placing) -> List[Tuple[str, str]]:
    """What is asked, in its order: (dimension, party), the person's own party first."""
    own = placing.placements.side or PARTIES[0]
    return [(name, party) for name in DIMENSIONS for party in (own, other_party(own)) if party != placing.given]


def scale_of(placing: Placing) -> Optional[Tuple[str, str]]:
    """The scale that is asked about now; None before the first and after the last."""
    asked = scales(placing)
    return asked[placing.at] if placing.at is not None and placing.at < len(asked) else None


def placed(placing: Placing, places: List[Optional[int]]) -> Placing:
    """With places for the scale that is asked about and those after it; None for one that is not known."""
    placements = placing.placements
    for (dimension, party), place in zip(scales(placing)[placing.at:], places):
        placements = placements.placed(dimension, party, place)
    return replace(placing, placements=placements, at=placing.at + len(places))


def room_in_dimension(placing: Placing) -> int:
    """How many places can be given at once: those of the dimension that is asked about now."""
    asked = scales(placing)
    dimension, _ = asked[placing.at]
    return sum(1 for name, _ in asked[placing.at:] if name == dimension)
