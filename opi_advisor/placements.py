"""Where a project's own two parties stand on the six scales, as people placed them: kept, compared, and written into links."""
from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Dict, List, Mapping, Optional, Tuple
from urllib.parse import parse_qsl, urlencode

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, PARTIES

PLACES = (1, 2, 3, 4, 5)  # from the left pole of a scale to its right one
UNKNOWN = "x"
MAX_QUERY = 400  # characters; the longest that is right has about 150
_PAIR = re.compile(rf"([1-5]|{UNKNOWN})-([1-5]|{UNKNOWN})")
_QUERY_IN_TEXT = re.compile(rf"(?:[?&]|^)((?:(?:side|lang|placing|{'|'.join(DIMENSIONS)})(?:=[^\s&]*)?&?)+)$")


class PlacementsError(ValueError):
    """A query that can't be read as placements; the message says what is wrong and what to write."""


@dataclass(frozen=True)
class Placements:
    """The placements of both parties; `side` is the party of the person who placed them, None where that is neither.

    `places` has a place of PLACES for each dimension and party that was placed.
    """

    side: Optional[str] = None
    places: Mapping[Tuple[str, str], int] = field(default_factory=dict)

    def place(self, dimension: str, party: str) -> Optional[int]:
        """The place of `party` on the scale of `dimension`; None where nobody knows."""
        return self.places.get((dimension, party))

    def placed(self, dimension: str, party: str, place: Optional[int]) -> "Placements":
        """The same with one place set, or taken out with None."""
        others = {key: value for key, value in self.places.items() if key != (dimension, party)}
        return replace(self, places=others if place is None else {**others, (dimension, party): place})

    def of(self, party: str) -> "Placements":
        """Those of one party alone, for the other party to add its own; without the side of who placed them."""
        return Placements(None, {key: value for key, value in self.places.items() if key[1] == party})

    def only_party(self) -> Optional[str]:
        """The one party that was placed; None where both were, or neither."""
        placed = {party for _, party in self.places}
        return placed.pop() if len(placed) == 1 else None

    def to_query(self) -> str:
        """As the query of a link: side=public&goals=1-5&risk=x-4, the private party's place first."""
        pairs = [(name, "-".join(str(self.place(name, party) or UNKNOWN) for party in PARTIES))
                 for name in DIMENSIONS if any(self.place(name, party) for party in PARTIES)]
        return urlencode(([("side", self.side)] if self.side else []) + pairs)


@dataclass(frozen=True)
class Gap:
    """How far the parties stand apart on one scale, in steps."""

    dimension: str
    size: int


def gaps(placements: Placements) -> List[Gap]:
    """The gaps between the parties where both were placed, the widest first; equal ones in the order of the comparison."""
    found = []
    for name in DIMENSIONS:
        private, public = (placements.place(name, party) for party in PARTIES)
        if private and public and private != public:
            found.append(Gap(name, abs(private - public)))
    return sorted(found, key=lambda gap: -gap.size)


def read_placements(query: str) -> Placements:
    """Read what `to_query` wrote.

    Raises:
        PlacementsError: a parameter is unknown, doubled, or has a value that is none.
    """
    if len(query) > MAX_QUERY:
        raise PlacementsError(f"The placements are too long: at most {MAX_QUERY} characters.")
    values = _single_values(query)
    side = values.pop("side", None)
    if side is not None and side not in PARTIES:
        raise PlacementsError(f"side is {side!r}: write {' or '.join(PARTIES)}, or leave it out.")
    places: Dict[Tuple[str, str], int] = {}
    for name, value in values.items():
        pair = _PAIR.fullmatch(value)
        if name not in DIMENSIONS:
            raise PlacementsError(f"{name!r} is not known: write side, or one of {', '.join(DIMENSIONS)}.")
        if not pair:
            raise PlacementsError(f"{name} is {value!r}: write two places from 1 to 5, the private party's first, with {UNKNOWN} for "
                                  "one that is not known, such as 2-4 or x-4.")
        places.update({(name, party): int(place) for party, place in zip(PARTIES, pair.groups()) if place != UNKNOWN})
    return Placements(side, places)


def query_in(text: str) -> Optional[str]:
    """The placements in a message that is a link or their query, as people paste it; None where there is none.

    The query is given without what belongs to the page alone (placing, lang).
    """
    found = _QUERY_IN_TEXT.search(text.strip())
    if not found or not any(f"{name}=" in found.group(1) for name in DIMENSIONS):
        return None
    return "&".join(part for part in found.group(1).split("&") if part.partition("=")[0] not in ("placing", "lang", ""))


def language_in(text: str) -> Optional[str]:
    """The language that such a message names with lang=; None where it names none."""
    found = _QUERY_IN_TEXT.search(text.strip())
    language = dict(parse_qsl(found.group(1))).get("lang") if found else None
    return language if language in LANGUAGES else None


def _single_values(query: str) -> Dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict", max_num_fields=20)
    except ValueError:
        raise PlacementsError("The placements can't be read: write them as goals=1-5&risk=2-4, with & between them.")
    values = dict(pairs)
    for name, _ in pairs:
        if sum(1 for other, _ in pairs if other == name) > 1:
            raise PlacementsError(f"{name!r} stands there twice: keep one.")
    return values
