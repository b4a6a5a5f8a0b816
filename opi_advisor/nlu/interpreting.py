"""From the chances that the heads give to the labels of a reading. Pure functions; all thresholds but those of the dimensions asked about."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Dict, Iterable, List, Mapping, Optional, Sequence

from opi_advisor.knowledge import DIMENSIONS, PARTIES, other_party
from opi_advisor.nlu.heads import Chances, log_odds
from opi_advisor.nlu.labels import NO_FACET, NO_SIDE
from opi_advisor.nlu.tasks import ABOUT_DIMENSIONS, NOBODY, YES
from opi_advisor.nlu.words import Tags

SURE = 0.9  # log odds below which it stays open whose behaviour is described: better no correction than a false one
ASSUMED = 0.6  # chance above which what a message says is taken for granted; for the same reason
TORN = 0.85  # chance of the second dimension against the first, from which the person is asked which is meant
NAME_WORDS = 4  # of a message that hardly says more than the name of a dimension
MENTIONED = 0.1  # chance from which the only party that the message names is the one meant by a pronoun, or by nothing
SURE_OF_SIDE = 0.6  # chance below which a message that tells something else as well does not tell the asker's side
SURELY_NO_SIDE = 0.9  # chance above which even a message that tells who is asking tells no side ("I'm a consultant")
SURE_OF_LANGUAGE = 0.97  # below it, as with "ok" or "why?", the conversation keeps its language
FOLLOW_UP = "follow_up"
OF_NO_NAME = ("they", "we", NOBODY)


@dataclass(frozen=True)
class Guess:
    """What a message is about."""

    intent: str
    ranking: Dict[str, float]  # the chance of each intent
    nearest: List[str]  # the two likeliest dimensions
    is_torn: bool  # between these two
    leans: bool  # on an earlier message, though a dimension is called by its name


def guessed(chances: Chances, named: Sequence[str]) -> Guess:
    """The likeliest intent; `named` are the dimensions that the message calls by their names."""
    by_dimension, others = _by_dimension(chances), dict(chances["intent"])
    about = others.pop(ABOUT_DIMENSIONS)
    nearest = sorted(DIMENSIONS, key=lambda name: -by_dimension[name])[:2]
    # the dimensions first compete as one: a question about two of them is still one
    intent = nearest[0] if about > max(others.values()) else best(others)
    leans = intent == FOLLOW_UP and bool(named)
    if leans:
        intent = max(named, key=lambda name: by_dimension[name])
        about += others[FOLLOW_UP]
    if intent in named:  # it does not follow up what was spoken of before
        others[FOLLOW_UP] = 0.0
    is_torn = by_dimension[nearest[1]] > TORN * by_dimension[nearest[0]]
    return Guess(intent, {**others, **{name: about * chance for name, chance in by_dimension.items()}}, nearest, is_torn, leans)


def _by_dimension(chances: Chances) -> Dict[str, float]:
    """The chance of each dimension, by the head that chooses one and those that say yes or no to each: their geometric mean."""
    odds = {name: math.exp((log_odds(chance) + odds_of(name, chances)) / 2) for name, chance in chances["dimension"].items()}
    return {name: of_one / sum(odds.values()) for name, of_one in odds.items()}


def odds_of(dimension: str, chances: Chances) -> float:
    """Log odds that a message asks about a dimension, whatever others."""
    return log_odds(chances[f"also {dimension}"][YES])


def best(of_head: Mapping[str, float]) -> str:
    """The likeliest class of a head."""
    return max(of_head, key=lambda name: of_head[name])


def languages(of_head: Mapping[str, float], is_familiar: bool, has_words: bool) -> Dict[str, Optional[str]]:
    """The language, where it is sure, and the likelier one."""
    likely = best(of_head)
    return {"language": likely if is_familiar and of_head[likely] > SURE_OF_LANGUAGE else None, "likely_language": likely if has_words else None}


def facet_of(chances: Chances) -> Optional[str]:
    """What is asked of the parties, where anything tells."""
    facet = best(chances["facet"])
    return None if facet == NO_FACET else facet


def manner(chances: Chances) -> Dict[str, bool]:
    """Whether the message takes what it says for granted, or asks if it is so."""
    assumes, polar = chances["assumes"][YES], chances["polar"][YES]
    return {"assumes": assumes > max(ASSUMED, polar), "polar": polar > 0.5}


def parties_of(of_head: Mapping[str, float], tags: Tags, speaks_of_both: bool) -> List[str]:
    """The parties that the message is about, or a pronoun for them.

    Args:
        tags: which words name a party.
        speaks_of_both: whether it has words for both without their names, as "the two".
    """
    read = best(of_head)
    mentioned = [party for party in PARTIES if party in tags]
    if read in OF_NO_NAME and len(mentioned) == 1 and of_head[mentioned[0]] > MENTIONED:
        return mentioned
    found = [] if read == NOBODY else read.split("+")
    return list(PARTIES) if speaks_of_both and not found else found


def handled(parties: List[str], acting: Sequence[str], intent: str, claim: Optional[str]) -> List[str]:
    """Of a message that asks for advice the parties to handle, not the one that is to act: "what can a supplier do about that"."""
    if len(parties) != 1 or parties != acting:
        return parties
    if intent == FOLLOW_UP:
        return []
    return [claim] if claim == other_party(parties[0]) else parties


def only_names(words: Sequence[str], named: Sequence[str], parties: Sequence[str]) -> bool:
    """Whether a message is hardly more than the name of a dimension: "goals, then?" """
    return bool(named) and not parties and len(words) <= NAME_WORDS


def side_of(intent: str, of_head: Mapping[str, float], said: Sequence[str]) -> Optional[str]:
    """The asker's side; a message that only tells who is asking tells one of the two, where there is any sign of it.

    Args:
        said: the parties that the message says are the asker's own.
    """
    if len(set(said)) == 1:
        return said[0]
    if intent == "tell_side" and of_head[NO_SIDE] < SURELY_NO_SIDE:
        return max(PARTIES, key=lambda party: of_head[party])
    return next((party for party in PARTIES if of_head[party] > SURE_OF_SIDE), None)


def public_claim(chances: Chances, dimensions: Iterable[str]) -> float:
    """How much the words describe the public pattern (above 0) or the private one (below), as log odds."""
    names = ["claim", *(f"claim {name}" for name in dimensions)]
    return sum(log_odds(chances[name]["public"]) for name in names)


def claimed(public: float) -> Optional[str]:
    """Whose pattern that is, where it is sure."""
    if abs(public) < SURE:
        return None
    return "public" if public > 0 else "private"


def order_of(of_each: Mapping[str, float]) -> Optional[str]:
    """Whether each party is given its own behaviour or the other's.

    Args:
        of_each: what is said of each, as `public_claim` tells it; empty where not both are named.
    """
    if not of_each:
        return None
    if of_each["public"] >= of_each["private"]:
        return "aligned"
    return "swapped" if of_each["private"] - of_each["public"] > SURE else None
