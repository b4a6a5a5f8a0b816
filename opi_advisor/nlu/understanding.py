"""Reads a message: every label that the examples teach, from its n-grams and its meaning, by one linear head a label."""
from __future__ import annotations

import math
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import scipy.sparse as sp
from joblib import Parallel, delayed

from opi_advisor.knowledge import DIMENSIONS, PARTIES
from opi_advisor.nlu.clauses import Clauses
from opi_advisor.nlu.courtesy import Courtesy
from opi_advisor.nlu.encoder import Encoder
from opi_advisor.nlu.features import PARTS_OF_VIEW, NgramFeatures, Row, Views, plain_view, side_by_side
from opi_advisor.nlu.heads import Chances, Head, Heads, log_odds
from opi_advisor.nlu.interpreting import (
    best, claimed, facet_of, guessed, handled, languages, manner, odds_of, only_names, order_of, parties_of, public_claim, side_of)
from opi_advisor.nlu.meaning import Projection
from opi_advisor.nlu.tasks import ABOUT_DIMENSIONS, HOW, TASKS, WHAT, WHO, YES, Example, ViewNames, labels_for
from opi_advisor.nlu.words import Lexicon, Names, PartyAfter, PartyTagger, ReferenceReader, Speller, tokens

ALSO = 0.2  # log odds from which a second dimension counts as asked about; chosen on the development set
FURTHER = 3.0  # the same for a third one, and more
ALSO_NAMED = -2.2  # the same, where it is called by its name beside another
TWO = 2
FAINT = 0.6  # log odds below which a further dimension does not count where the others were just spoken of
CLAUSE = 0.3  # weight of the clause that speaks most for a dimension, against the whole message
SEVERAL = 0.3  # weight of the log odds that a message asks about several dimensions at all
NO_CLAUSE = 0.02  # chance of a dimension in a message of one clause
SUREST = 6.9  # log odds of a dimension in a clause that is all about it (a chance of 0.999), at most
SLIGHT = 0.02  # chance of an intent up to which it is not handed on with the reading
REFERENCE_WORDS = 10  # "back", "next" and "last" are places in the conversation only in a short message
OPENING_WORDS = 6  # among which a message says that it goes back to something
UNENCODED = 3  # one example of so many is learnt by its n-grams alone, so that the heads trust the meaning less; docs/understanding.md has why
ON_OUR_SUBJECT = (*DIMENSIONS, "overview", "background", "follow_up")
OUT_OF_SCOPE = "out_of_scope"
ADVICE = "advice"


class Understanding:
    """Turns a text into a reading; made by `fit`."""

    def __init__(self, lexicon: Lexicon, speller: Speller, features: Mapping[str, NgramFeatures],
                 heads: Mapping[ViewNames, Heads], projection: Projection, encoder: Encoder):
        self._tagger, self._views, self._clauses = PartyTagger(lexicon), Views(lexicon), Clauses(lexicon)
        self._courtesy, self._actors, self._own_side = Courtesy(lexicon), PartyAfter(lexicon, "acting"), PartyAfter(lexicon, "own_side")
        self._references, self._dimension_names = ReferenceReader(lexicon), Names(lexicon, DIMENSIONS)
        self._both, self._choosing = Names(lexicon, ["both"]), Names(lexicon, ["choosing"])
        self._returning, self._previous = Names(lexicon, ["returning"]), Names(lexicon, ["previous"])
        self.lexicon, self.speller, self.features, self.heads = lexicon, speller, features, heads
        self.projection, self.encoder = projection, encoder

    @classmethod
    def fit(cls, examples: Sequence[Example], lexicon: Lexicon, encoder: Encoder) -> "Understanding":
        """Train every head on the examples that carry its label.

        Raises:
            ValueError: the examples carry fewer than two classes of some label; names the label.
        """
        speller = Speller.of_texts([text for text, _ in examples])
        examples = plain_examples(examples, lexicon, speller)
        labels = {name: labels_for(name, examples) for name in TASKS}  # before all that takes long
        # in a process of its own, beside the encoder: threads would wait for each other
        beside = Parallel(n_jobs=-1, return_as="generator")([delayed(_ngrams)([text for text, _ in examples], lexicon)])
        meanings, projection = _meanings(examples, encoder)
        features, matrices = next(beside)

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
        tags = self._tagger.tag(words)
        views = self._views.of(words, tags)
        [meaning] = self.projection.transform(self.encoder.encode([text]))
        chances = self._chances(views, meaning)
        named, familiar = self._dimension_names.of(words), self.speller.is_familiar(text)
        guess = guessed(chances, named)
        intent = guess.intent if words and (familiar or guess.intent not in ON_OUR_SUBJECT) else OUT_OF_SCOPE
        asked = self._asked(intent, text, named, chances) if intent in DIMENSIONS else {}
        claim, of_each, facet = public_claim(chances, asked), self._claim_of_each(views, meaning, asked), facet_of(chances)
        parties = parties_of(chances["parties"], tags, bool(self._both.of(words)))
        if facet == ADVICE:
            parties = handled(parties, self._actors.of(words, tags), intent, claimed(claim))
        return {
            "intent": intent,
            "ranking": guess.ranking,
            "chances": {name: round(chance, 2) for name, chance in guess.ranking.items() if chance > SLIGHT},
            **languages(chances["language"], familiar, bool(words)),
            "dimensions": list(asked),
            "faint": [name for name, odds in asked.items() if odds < FAINT],
            "nearest": guess.nearest,
            "torn": guess.nearest if len(asked) == 1 and guess.is_torn else [],
            "parties": parties,
            "side": side_of(intent, chances["side"], self._own_side.of(words, tags)),
            "facet": facet,
            **manner(chances),
            "claim": claimed(claim if len(parties) != 1 else of_each.get(parties[0], claim)),
            "order": order_of(of_each),
            "chooses": bool(self._choosing.of(words)),
            "elliptical": guess.leans or only_names(words, named, parties) or chances["elliptical"][YES] > 0.5,
            "topics": [best(chances["topic"])],
            "references": self._references.read(words) if len(words) <= REFERENCE_WORDS else [],
            "returns": self._goes_back(words),
        }

    def _chances(self, views: Mapping[str, str], meaning: np.ndarray) -> Chances:
        rows = {name: features.row(views[name]) for name, features in self.features.items()}
        return {name: of_head for needed, heads in self.heads.items()
                for name, of_head in heads.chances(self._row(rows, needed), meaning).items()}

    def _asked(self, intent: str, text: str, named: Sequence[str], chances: Chances) -> Dict[str, float]:
        """The dimensions asked about, in the order of the message, with the log odds that they are: the intent's own, and each other
        that the message, or a clause of it, asks about as well; beyond doubt where it is the intent's own or called by name beside another."""
        several = SEVERAL * log_odds(chances["several"][YES])
        whole = {name: odds_of(name, chances) + several for name in DIMENSIONS}
        sure = {intent, *(name for name in named if len(named) > 1 and whole[name] > ALSO_NAMED)}
        if not any(whole[name] + CLAUSE * SUREST > ALSO for name in DIMENSIONS if name not in sure) and len(sure) == 1:
            return {intent: math.inf}
        by_clause = self._by_clause(text)
        odds = {name: math.inf if name in sure else whole[name] + CLAUSE * min(log_odds(max(by_clause[name])), SUREST) for name in DIMENSIONS}
        likeliest = sorted(DIMENSIONS, key=lambda name: -odds[name])
        found = [name for place, name in enumerate(likeliest) if odds[name] > (ALSO if place < TWO else FURTHER)]
        in_order = sorted(found, key=lambda name: (int(np.argmax(by_clause[name])), DIMENSIONS.index(name)))
        return {name: odds[name] for name in in_order}

    def _goes_back(self, words: Sequence[str]) -> bool:
        return bool(self._returning.of(words[:OPENING_WORDS]) or len(words) <= REFERENCE_WORDS and self._previous.of(words))

    def _row(self, rows: Mapping[str, Row], needed: ViewNames) -> Row:
        """What the heads see that need these views."""
        return side_by_side([rows[view] for view in needed], [self.features[view].width for view in needed])

    def _by_clause(self, text: str) -> Dict[str, List[float]]:
        """For each dimension its chance in each clause of a message, by the words of the clause alone."""
        clauses = self._clauses.of(text)
        if not clauses:
            return {name: [NO_CLAUSE] for name in DIMENSIONS}
        plain = self.features["plain"]
        of_clauses = [self.heads[WHAT].chances(plain.row(plain_view(clause, self._tagger.tag(clause)))) for clause in clauses]
        return {name: [found["intent"][ABOUT_DIMENSIONS] * found["dimension"][name] for found in of_clauses] for name in DIMENSIONS}

    def _claim_of_each(self, views: Mapping[str, str], meaning: np.ndarray, dimensions: Iterable[str]) -> Dict[str, float]:
        """Of a message that names both parties what the words that belong to each describe, as `public_claim` tells it."""
        if not all(views[party] for party in PARTIES):
            return {}
        behaviour, heads = self.features["behaviour"], self.heads[HOW]
        return {party: public_claim(heads.chances(behaviour.row(views[party]), meaning), dimensions) for party in PARTIES}


def plain_examples(examples: Sequence[Example], lexicon: Lexicon, speller: Speller) -> List[Example]:
    """The examples as messages are read: without courtesies, and spelt alike."""
    courtesy = Courtesy(lexicon)
    return [(speller.respell(courtesy.off(text)), labels) for text, labels in examples]


def _ngrams(texts: Sequence[str], lexicon: Lexicon) -> Tuple[Dict[str, NgramFeatures], Dict[str, sp.csr_matrix]]:
    """The n-grams of each view, and which of them each text has."""
    tagger, views = PartyTagger(lexicon), Views(lexicon)
    seen = [views.of(words, tagger.tag(words)) for words in map(tokens, texts)]
    fitted = {name: NgramFeatures.fit(name, [view[name] for view in seen]) for name in PARTS_OF_VIEW}
    return {name: features for name, (features, _) in fitted.items()}, {name: matrix for name, (_, matrix) in fitted.items()}


def _fitted(matrix: sp.csr_matrix, labels: Sequence[Optional[str]], strength: float, tolerance: float) -> Head:
    """A head that has learnt from those rows of `matrix` that have a label."""
    rows = [row for row, label in enumerate(labels) if label is not None]
    return Head.fit(matrix[rows], [labels[row] for row in rows], strength, tolerance)


def _meanings(examples: Sequence[Example], encoder: Encoder) -> Tuple[sp.csr_matrix, Projection]:
    """The meanings of most of the examples that are messages; the encoder, made for whole sentences, is not asked for bare wordings."""
    rows = np.array([row for row, (_, labels) in enumerate(examples) if labels.intent and (row + 1) % UNENCODED])
    vectors = encoder.encode([examples[row][0] for row in rows])
    projection = Projection.fit(vectors)
    places = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, np.arange(len(rows)))), (len(examples), len(rows)))
    return places @ sp.csr_matrix(projection.transform(vectors)), projection
