"""All labels of one training example, from its intent and the metadata of its group.

The keys of the metadata, and what they mean, are described in docs/nlu-data.md.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional, Tuple

from opi_advisor.knowledge import DIMENSIONS, PARTIES, other_party

FACETS = ("describe", "why", "compare", "advice")
NO_FACET = "none"
NO_SIDE = "none"
OPEN = "open"  # of a premise: the example was not judged


@dataclass(frozen=True)
class Labels:
    """What one example teaches; None where it teaches nothing about a label."""

    intent: Optional[str]
    language: Optional[str]
    dimensions: Tuple[str, ...]
    parties: Optional[Tuple[str, ...]]
    facet: Optional[str]
    assumes: Optional[bool]
    polar: Optional[bool]
    claim: Optional[str]  # "private" or "public", of a message about one party
    order: Optional[str]  # "aligned" or "swapped", of a message about both
    elliptical: Optional[bool]
    side: Optional[str]
    topics: Tuple[str, ...]


def labels_of(intent: str, metadata: Mapping[str, Any]) -> Labels:
    """Work out every label of an example.

    Args:
        intent: the example's intent.
        metadata: its group's metadata (lang, dimensions, parties, facet, premise, claim, follow_up, side, topics,
            phrase).
    """
    phrase = bool(metadata.get("phrase"))
    about_dimension = intent in DIMENSIONS
    question = about_dimension and not phrase
    asks = question or intent == "follow_up"
    premise = metadata.get("premise", "none")
    about = _about(metadata)
    unknown_party = not about and bool(set(metadata.get("parties", ())) & {"they", "we", "other"})
    claimed = _claimed(metadata, about, premise) if about_dimension else None
    return Labels(
        intent=None if phrase else intent,
        language=metadata.get("lang"),
        dimensions=tuple(metadata.get("dimensions", (intent,))) if about_dimension else (),
        parties=tuple(metadata.get("parties", ())) if asks else None,
        facet=metadata.get("facet", NO_FACET) if asks else None,
        assumes=premise != "none" if question and premise != OPEN and not unknown_party else None,
        polar="claim" in metadata if question else None,
        claim=claimed if claimed in PARTIES else None,
        order=claimed if claimed in ("aligned", "swapped") else None,
        elliptical=bool(metadata.get("follow_up")) if question else None,
        side=None if phrase else metadata.get("side", NO_SIDE),
        topics=tuple(metadata.get("topics", ())),
    )


def _about(metadata: Mapping[str, Any]) -> Tuple[str, ...]:
    """The parties that a message is about, as far as the message alone can tell."""
    named = tuple(party for party in PARTIES if party in metadata.get("parties", ()))
    side = metadata.get("side")
    if named or not side:
        return named
    if "they" in metadata.get("parties", ()):
        return (other_party(side),)
    return (side,) if "we" in metadata.get("parties", ()) else ()


def _claimed(metadata: Mapping[str, Any], about: Tuple[str, ...], premise: str) -> Optional[str]:
    if premise in ("none", OPEN):
        return metadata.get("claim")
    if len(about) == 2:
        return "aligned" if premise == "holds" else "swapped"
    if len(about) == 1:
        return about[0] if premise == "holds" else other_party(about[0])
    return None
