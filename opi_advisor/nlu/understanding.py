"""Reads a message: every label that the examples teach, from one set of n-grams, by one linear head a label."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import scipy.sparse as sp

from opi_advisor.knowledge import DIMENSIONS
from opi_advisor.nlu.features import NgramFeatures, masked, plain, zones
from opi_advisor.nlu.heads import Head
from opi_advisor.nlu.labels import NO_FACET, Labels
from opi_advisor.nlu.words import Lexicon, PartyTagger, ReferenceReader, tokens

Example = Tuple[str, Labels]
YES, NO = "yes", "no"
PARTY_WORDS = ("private", "public", "they", "we")


def _flag(value: Optional[bool]) -> Optional[str]:
    return None if value is None else (YES if value else NO)


def _party(name: str) -> Callable[[Labels], Optional[str]]:
    return lambda labels: None if labels.parties is None else _flag(name in labels.parties)


def _dimension(name: str) -> Callable[[Labels], Optional[str]]:
    return lambda labels: _flag(name in labels.dimensions)


@dataclass(frozen=True)
class Task:
    """What one head learns: from which view of the text, which label, how strongly fitted."""

    view: str
    label: Callable[[Labels], Optional[str]]
    strength: float = 20.0


TASKS: Dict[str, Task] = {
    "intent": Task("plain", lambda labels: labels.intent, 30.0),
    "language": Task("plain", lambda labels: labels.language),
    "side": Task("plain", lambda labels: labels.side),
    "topic": Task("plain", lambda labels: labels.topics[0] if labels.topics else None),
    "elliptical": Task("plain", lambda labels: _flag(labels.elliptical)),
    "facet": Task("masked", lambda labels: labels.facet),
    "assumes": Task("masked", lambda labels: _flag(labels.assumes), 10.0),
    "polar": Task("masked", lambda labels: _flag(labels.polar), 10.0),
    "claim": Task("masked", lambda labels: labels.claim, 10.0),
    **{f"dimension {name}": Task("plain", _dimension(name)) for name in DIMENSIONS},
    **{f"party {name}": Task("plain", _party(name)) for name in PARTY_WORDS},
}


class Understanding:
    """Turns a text into a reading; made by `fit`."""

    def __init__(self, lexicon: Lexicon, features: Mapping[str, NgramFeatures], heads: Mapping[str, Head]):
        self._tagger, self._references = PartyTagger(lexicon), ReferenceReader(lexicon)
        self.lexicon, self.features, self.heads = lexicon, features, heads

    @classmethod
    def fit(cls, examples: Sequence[Example], lexicon: Lexicon) -> "Understanding":
        """Train every head on the examples that carry its label.

        Raises:
            ValueError: the examples carry fewer than two classes of some label; names the label.
        """
        tagger = PartyTagger(lexicon)
        views = [_views(text, tagger) for text, _ in examples]
        features = {name: NgramFeatures() for name in ("plain", "masked")}
        matrices = {name: features[name].fit([view[name] for view in views]) for name in features}
        heads = {}
        for name, task in TASKS.items():
            labels = [task.label(label) for _, label in examples]
            rows = [row for row, label in enumerate(labels) if label is not None]
            if len({labels[row] for row in rows}) < 2:
                raise ValueError(f"the training data has fewer than two classes of the label '{name}'; see docs/nlu-data.md")
            heads[name] = Head.fit(matrices[task.view][rows], [labels[row] for row in rows], task.strength)
        return cls(lexicon, features, heads)

    def read(self, text: str) -> Dict[str, Any]:
        """Read one message.

        Returns:
            The fields of `opi_advisor.question.Reading` as plain JSON, and "ranking": each intent's probability.
        """
        words = tokens(text)
        views = _views_of(words, self._tagger.tag(words))
        matrices = {name: features.transform([views[name]]) for name, features in self.features.items()}

        def best(name: str) -> Tuple[str, float]:
            return self.heads[name].best(matrices[TASKS[name].view])

        def chance(name: str) -> float:
            return self.heads[name].ranking(matrices[TASKS[name].view]).get(YES, 0.0)

        ranking = self.heads["intent"].ranking(matrices["plain"])
        dimension_chances = {name: chance(f"dimension {name}") for name in DIMENSIONS}
        intent = _intent(ranking, words)
        language, sure = best("language")
        return {
            "intent": intent,
            "ranking": ranking,
            "language": language if sure > 0.7 and words else None,
            "dimensions": _dimensions(intent, ranking, dimension_chances),
            "nearest": sorted(DIMENSIONS, key=lambda name: -dimension_chances[name])[:2],
            "parties": [name for name in PARTY_WORDS if chance(f"party {name}") > 0.5],
            "facet": _none(best("facet")[0], NO_FACET),
            "assumes": chance("assumes") > 0.5,
            "polar": chance("polar") > 0.5,
            "claim": best("claim")[0],
            "order": self._order(views),
            "elliptical": chance("elliptical") > 0.5,
            "side": _none(best("side")[0], "none"),
            "topics": [best("topic")[0]],
            "reference": self._references.read(words),
        }

    def _order(self, views: Mapping[str, str]) -> Optional[str]:
        """Whether each party is given its own behaviour or the other's, by comparing what is said of each."""
        if not views["private"] or not views["public"]:
            return None
        head, features = self.heads["claim"], self.features["masked"]
        index = head.classes.index("public")
        private, public = head.probabilities(features.transform([views["private"], views["public"]]))[:, index]
        return "aligned" if public >= private else "swapped"


def _views(text: str, tagger: PartyTagger) -> Dict[str, str]:
    words = tokens(text)
    return _views_of(words, tagger.tag(words))


def _views_of(words: Sequence[str], tags: Sequence[Optional[str]]) -> Dict[str, str]:
    return {"plain": plain(words, tags), "masked": masked(words, tags), **zones(words, tags)}


def _none(value: str, empty: str) -> Optional[str]:
    return None if value == empty else value


def _intent(ranking: Mapping[str, float], words: Sequence[str]) -> str:
    """The likeliest intent, where the dimensions first compete as one: a question about two of them is still one."""
    if not words:
        return "out_of_scope"
    together = sum(chance for name, chance in ranking.items() if name in DIMENSIONS)
    best = max(ranking, key=lambda name: ranking[name])
    others = max(chance for name, chance in ranking.items() if name not in DIMENSIONS)
    if best in DIMENSIONS or together <= others:
        return best
    return max(DIMENSIONS, key=lambda name: ranking[name])


def _dimensions(intent: str, ranking: Mapping[str, float], chances: Mapping[str, float]) -> List[str]:
    """The dimensions asked about: the intent's own, and any other that stands as clearly in the message."""
    if intent not in DIMENSIONS:
        return []
    return [name for name in DIMENSIONS if name == intent or chances[name] > 0.5]
