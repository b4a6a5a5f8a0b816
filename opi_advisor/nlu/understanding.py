"""Reads a message: every label that the examples teach, from its n-grams and its meaning, by one linear head a label."""
from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import scipy.sparse as sp
from joblib import Parallel, delayed

from opi_advisor.knowledge import DIMENSIONS, PARTIES, other_party
from opi_advisor.nlu.clauses import Clauses
from opi_advisor.nlu.courtesy import Courtesy
from opi_advisor.nlu.encoder import Encoder
from opi_advisor.nlu.features import PARTS_OF_VIEW, NgramFeatures, Row, Views, side_by_side
from opi_advisor.nlu.heads import Chances, Head, Heads, log_odds
from opi_advisor.nlu.labels import NO_FACET, NO_SIDE, Labels
from opi_advisor.nlu.meaning import Projection
from opi_advisor.nlu.words import Lexicon, Names, PartyAfter, ReferenceReader, Speller, tokens

Example = Tuple[str, Labels]
ViewNames = Tuple[str, ...]
SURE = 0.9  # log odds below which it stays open whose behaviour is described: better no correction than a false one
ALSO = 0.2  # log odds from which a further dimension counts as asked about; chosen on the development set
ALSO_NAMED = -2.2  # the same, where it is called by its name beside another
FAINT = 0.6  # log odds below which a further dimension does not count where the others were just spoken of
CLAUSE = 0.3  # weight of the clause that speaks most for a dimension, against the whole message
SEVERAL = 0.3  # weight of the log odds that a message asks about several dimensions at all
NO_CLAUSE = 0.02  # chance of a dimension in a message of one clause
SUREST = 6.9  # log odds of a dimension in a clause that is all about it (a chance of 0.999), at most
SLIGHT = 0.02  # chance of an intent up to which it is not handed on with the reading
TORN = 0.85  # chance of the second dimension against the first, from which the person is asked which is meant
REFERENCE_WORDS = 9  # "back", "next" and "last" are places in the conversation only in a short message
NAME_WORDS = 4  # of a message that hardly says more than the name of a dimension
MENTIONED = 0.1  # chance from which "they" are the only party that the message names
SURE_OF_SIDE = 0.6  # chance below which a message that tells something else as well does not tell the asker's side
SURELY_NO_SIDE = 0.9  # chance above which even a message that tells who is asking tells no side ("I'm a consultant")
SURE_OF_LANGUAGE = 0.85  # below it, as with "ok", the conversation keeps its language
ON_OUR_SUBJECT = (*DIMENSIONS, "overview", "background", "follow_up")
OUT_OF_SCOPE = "out_of_scope"
YES, NO = "yes", "no"
NOBODY = "nobody"
ADVICE = "advice"
ABOUT_DIMENSIONS = "about dimensions"  # the intents of the six dimensions as one; which of them is a head of its own


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


LOOSE, EXACT = 4.0, 2.0  # tolerances; with looser ones for what a wrong premise is told by, fewer are found


@dataclass(frozen=True)
class Task:
    """What one head learns: from the meaning and which views of the text, which label, how strongly and how exactly fitted."""

    views: ViewNames
    label: Callable[[Labels], Optional[str]]
    strength: float = 20.0
    tolerance: float = LOOSE


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


class Understanding:
    """Turns a text into a reading; made by `fit`."""

    def __init__(self, lexicon: Lexicon, speller: Speller, features: Mapping[str, NgramFeatures],
                 heads: Mapping[ViewNames, Heads], projection: Projection, encoder: Encoder):
        self._views, self._references = Views(lexicon), ReferenceReader(lexicon)
        self._courtesy, self._actors, self._own_side = Courtesy(lexicon), PartyAfter(lexicon, "acting"), PartyAfter(lexicon, "own_side")
        self._dimension_names, self._both, self._clauses = Names(lexicon, DIMENSIONS), Names(lexicon, ["both"]), Clauses(lexicon)
        self.lexicon, self.speller, self.features, self.heads = lexicon, speller, features, heads
        self.projection, self.encoder = projection, encoder

    @classmethod
    def fit(cls, examples: Sequence[Example], lexicon: Lexicon, encoder: Encoder) -> "Understanding":
        """Train every head on the examples that carry its label.

        Raises:
            ValueError: the examples carry fewer than two classes of some label; names the label.
        """
        views, speller = Views(lexicon), Speller.of_texts([text for text, _ in examples])
        examples = plain_examples(examples, lexicon, speller)
        labels = {name: _labels(name, examples) for name in TASKS}  # before all that takes long
        with ThreadPoolExecutor(1) as beside:  # the encoder's threads leave the interpreter to the n-grams
            meaning = beside.submit(_meanings, examples, encoder)
            seen = [views.of(tokens(text)) for text, _ in examples]
            fitted = {name: NgramFeatures.fit(name, [view[name] for view in seen]) for name in PARTS_OF_VIEW}
        meanings, projection = meaning.result()
        features, matrices = ({name: of_view[which] for name, of_view in fitted.items()} for which in (0, 1))

        # in processes of their own: the solver's random numbers are global, and threads would mix them up
        joined = {needed: sp.hstack([*(matrices[view] for view in needed), meanings], format="csr") for needed in (WHAT, HOW, WHO)}
        lessons = [(joined[task.views], labels[name], task.strength, task.tolerance) for name, task in TASKS.items()]
        learned = dict(zip(TASKS, Parallel(n_jobs=-1)(delayed(_fitted)(*lesson) for lesson in lessons)))
        heads = {needed: Heads.of({name: learned[name] for name, task in TASKS.items() if task.views == needed},
                                  sum(matrices[view].shape[1] for view in needed))
                 for needed in (WHAT, HOW, WHO)}
        return cls(lexicon, speller, features, heads, projection, encoder)

    def read(self, text: str) -> Dict[str, Any]:
        """Read one message.

        Returns:
            The fields of `opi_advisor.question.Reading` as plain JSON, and "ranking": each intent's probability.
        """
        text = self.speller.correct(self._courtesy.off(text))
        words = tokens(text)
        views = self._views.of(words)
        rows = {name: features.row(views[name]) for name, features in self.features.items()}
        [meaning] = self.projection.transform(self.encoder.encode([text]))
        chances = {name: of_head for needed, heads in self.heads.items()
                   for name, of_head in heads.chances(self._row(rows, needed), meaning).items()}

        by_dimension, by_intent = _by_dimension(chances), chances["intent"]
        about = by_intent.pop(ABOUT_DIMENSIONS)
        intent = _intent(about, by_intent, by_dimension) if words else OUT_OF_SCOPE
        named = self._dimension_names.of(words)
        follows_with_name = intent == "follow_up" and bool(named)
        if follows_with_name:
            intent = max(named, key=lambda name: by_dimension[name])
            about, by_intent["follow_up"] = about + by_intent["follow_up"], 0.0
        elif intent in named:  # nor does it follow up what was spoken of before
            by_intent["follow_up"] = 0.0
        familiar = self.speller.is_familiar(text)
        if intent in ON_OUR_SUBJECT and not familiar:
            intent = OUT_OF_SCOPE
        asked = self._dimensions(intent, text, named, chances) if intent in DIMENSIONS else {}
        dimensions = [name for name in DIMENSIONS if name in asked]
        nearest = sorted(DIMENSIONS, key=lambda name: -by_dimension[name])[:2]
        ranking = {**by_intent, **{name: about * chance for name, chance in by_dimension.items()}}
        language, polar = _best(chances["language"]), chances["polar"][YES]
        facet, claim = _none(_best(chances["facet"]), NO_FACET), _claim(_public_claim(chances, dimensions))
        parties = self._parties(chances["parties"], words)
        only_names = bool(named) and not parties and len(words) <= NAME_WORDS  # "goals, then?"
        elliptical = follows_with_name or only_names or chances["elliptical"][YES] > 0.5
        if facet == ADVICE:
            parties = _handled(parties, self._actors.of(words), intent, claim)
        return {
            "intent": intent,
            "ranking": ranking,
            "language": language if familiar and chances["language"][language] > SURE_OF_LANGUAGE else None,
            "likely_language": language if words else None,
            "dimensions": dimensions,
            "nearest": nearest,
            "faint": [name for name in dimensions if asked[name] < FAINT],
            "torn": nearest if len(dimensions) == 1 and by_dimension[nearest[1]] > TORN * by_dimension[nearest[0]] else [],
            "parties": parties,
            "facet": facet,
            "assumes": chances["assumes"][YES] > max(0.5, polar),
            "polar": polar > 0.5,
            "chances": {name: round(chance, 2) for name, chance in ranking.items() if chance > SLIGHT},
            "claim": claim,
            "order": self._order(views, meaning, dimensions),
            "elliptical": elliptical,
            "side": _side(intent, chances["side"], self._own_side.of(words)),
            "topics": [_best(chances["topic"])],
            "references": self._references.read(words) if len(words) <= REFERENCE_WORDS else [],
        }

    def _dimensions(self, intent: str, text: str, named: Sequence[str], chances: Chances) -> Dict[str, float]:
        """The intent's own dimension, and each other that the message, or a clause of it, asks about as well, with the log odds that
        it does; beyond doubt where it is the intent's own or called by name beside another."""
        several = SEVERAL * log_odds(chances["several"][YES])
        whole = {name: _odds_of(name, chances) + several for name in DIMENSIONS}
        found = dict.fromkeys((intent, *(name for name in named if len(named) > 1 and whole[name] > ALSO_NAMED)), math.inf)
        open_ones = [name for name in DIMENSIONS if name not in found and whole[name] + CLAUSE * SUREST > ALSO]
        if open_ones:
            by_clause = self._by_clause(text)
            odds = {name: whole[name] + CLAUSE * min(log_odds(by_clause[name]), SUREST) for name in open_ones}
            found.update({name: value for name, value in odds.items() if value > ALSO})
        return found

    def _row(self, rows: Mapping[str, Row], needed: ViewNames) -> Row:
        """What the heads see that need these views."""
        return side_by_side([rows[view] for view in needed], [self.features[view].width for view in needed])

    def _by_clause(self, text: str) -> Dict[str, float]:
        """For each dimension the chance in the clause that speaks most for it, by the words of the clause alone."""
        clauses = self._clauses.of(text)
        if not clauses:
            return dict.fromkeys(DIMENSIONS, NO_CLAUSE)
        plain = self.features["plain"]
        of_clauses = [self.heads[WHAT].chances(plain.row(self._views.of(clause)["plain"])) for clause in clauses]
        return {name: max(found["intent"][ABOUT_DIMENSIONS] * found["dimension"][name] for found in of_clauses)
                for name in DIMENSIONS}

    def _parties(self, of_head: Mapping[str, float], words: Sequence[str]) -> List[str]:
        read = _best(of_head)
        mentioned = self._views.mentioned(words)
        if read == "they" and len(mentioned) == 1 and of_head[mentioned[0]] > MENTIONED:
            return mentioned
        found = [] if read == NOBODY else read.split("+")
        return list(PARTIES) if self._both.of(words) and not set(found) & set(PARTIES) else found

    def _order(self, views: Mapping[str, str], meaning: np.ndarray, dimensions: Sequence[str]) -> Optional[str]:
        """Whether each party is given its own behaviour or the other's, by comparing what is said of each."""
        if not views["private"] or not views["public"]:
            return None
        behaviour, heads = self.features["behaviour"], self.heads[HOW]
        of_private, of_public = (_public_claim(heads.chances(behaviour.row(views[party]), meaning), dimensions) for party in PARTIES)
        if of_public >= of_private:
            return "aligned"
        return "swapped" if of_private - of_public > SURE else None


def plain_examples(examples: Sequence[Example], lexicon: Lexicon, speller: Speller) -> List[Example]:
    """The examples as messages are read: without courtesies, and spelt alike."""
    courtesy = Courtesy(lexicon)
    return [(speller.respell(courtesy.off(text)), labels) for text, labels in examples]


def _labels(name: str, examples: Sequence[Example]) -> List[Optional[str]]:
    """What each example teaches the head `name`, if anything."""
    labels = [TASKS[name].label(label) for _, label in examples]
    if len(set(labels) - {None}) < 2:
        raise ValueError(f"the training data has fewer than two classes of the label '{name}'; see docs/nlu-data.md")
    return labels


def _fitted(matrix: sp.csr_matrix, labels: Sequence[Optional[str]], strength: float, tolerance: float) -> Head:
    """A head that has learnt from those rows of `matrix` that have a label."""
    rows = [row for row, label in enumerate(labels) if label is not None]
    return Head.fit(matrix[rows], [labels[row] for row in rows], strength, tolerance)


def _meanings(examples: Sequence[Example], encoder: Encoder) -> Tuple[sp.csr_matrix, Projection]:
    """The meanings of the examples that are messages; the encoder, made for whole sentences, is not asked for bare wordings."""
    rows = np.array([row for row, (_, labels) in enumerate(examples) if labels.intent])
    vectors = encoder.encode([examples[row][0] for row in rows])
    projection = Projection.fit(vectors)
    places = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, np.arange(len(rows)))), (len(examples), len(rows)))
    return places @ sp.csr_matrix(projection.transform(vectors)), projection


def _best(of_head: Mapping[str, float]) -> str:
    return max(of_head, key=lambda name: of_head[name])


def _handled(parties: List[str], acting: Sequence[str], intent: str, claim: Optional[str]) -> List[str]:
    """Of a message that asks for advice the parties to handle, not the one that is to act: "what can a supplier do about that"."""
    if len(parties) != 1 or parties != acting:
        return parties
    if intent == "follow_up":
        return []
    return [claim] if claim == other_party(parties[0]) else parties


def _odds_of(dimension: str, chances: Chances) -> float:
    """Log odds that a message asks about a dimension, whatever others."""
    return log_odds(chances[f"also {dimension}"][YES])


def _by_dimension(chances: Chances) -> Dict[str, float]:
    """The chance of each dimension, by the head that chooses one and those that say yes or no to each: their geometric mean."""
    odds = {name: math.exp((log_odds(chance) + _odds_of(name, chances)) / 2) for name, chance in chances["dimension"].items()}
    return {name: of_one / sum(odds.values()) for name, of_one in odds.items()}


def _side(intent: str, of_head: Mapping[str, float], said: Sequence[str]) -> Optional[str]:
    """The asker's side; a message that only tells who is asking tells one of the two, where there is any sign of it.

    Args:
        said: the parties that the message says are the asker's own.
    """
    if len(set(said)) == 1:
        return said[0]
    if intent == "tell_side" and of_head[NO_SIDE] < SURELY_NO_SIDE:
        return max(PARTIES, key=lambda party: of_head[party])
    return next((party for party in PARTIES if of_head[party] > SURE_OF_SIDE), None)


def _public_claim(chances: Chances, dimensions: Sequence[str]) -> float:
    """How much the words describe the public pattern (above 0) or the private one (below), as log odds."""
    names = ["claim", *(f"claim {name}" for name in dimensions)]
    return sum(log_odds(chances[name]["public"]) for name in names)


def _claim(public: float) -> Optional[str]:
    if abs(public) < SURE:
        return None
    return "public" if public > 0 else "private"


def _none(value: str, empty: str) -> Optional[str]:
    return None if value == empty else value


def _intent(about: float, others: Mapping[str, float], by_dimension: Mapping[str, float]) -> str:
    """The likeliest intent, where the dimensions first compete as one: a question about two of them is still one."""
    other = _best(others)
    return _best(by_dimension) if about > others[other] else other
