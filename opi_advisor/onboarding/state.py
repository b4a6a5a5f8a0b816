"""What a conversation remembers of tour and placing, between two messages."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional

from opi_advisor.onboarding.placing import Placing
from opi_advisor.onboarding.tour import Tour
from opi_advisor.placements import Placements, read_placements

TOUR, PLACING = "tour", "placing"


@dataclass(frozen=True)
class Onboarding:
    """`active` is what a message steers now ("tour" or "placing"); both are kept while they pause. `waiting` tells that something
    else was asked meanwhile. `placements` is the result of the last placing."""

    active: Optional[str] = None
    waiting: bool = False
    tour: Optional[Tour] = None
    placing: Optional[Placing] = None
    placements: Placements = Placements()

    def to_dict(self) -> Dict[str, Any]:
        """As plain JSON, to be kept in a slot."""
        return {"active": self.active, "waiting": self.waiting, "tour": self.tour and self.tour.to_dict(),
                "placing": self.placing and self.placing.to_dict(), "placements": self.placements.to_query()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Onboarding":
        """Build an Onboarding from what `to_dict` gave."""
        tour, placing = data["tour"], data["placing"]
        return cls(data["active"], data["waiting"], tour and Tour.from_dict(tour), placing and Placing.from_dict(placing),
                   read_placements(data["placements"]))
