"""Linear classifiers over shared features: one head for each label of a message."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Sequence, Tuple

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from opi_advisor.nlu.features import Row

SEED = 20261123
TINY = 1e-9  # a step is never 0

Chances = Dict[str, Dict[str, float]]  # head -> class -> probability


def log_odds(chance: float) -> float:
    """The log odds of a chance (0 to 1), at most about 14 either way."""
    inside = min(max(float(chance), 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))


@dataclass(frozen=True)
class Head:
    """One label with two or more classes: logistic regression, one class against the rest."""

    classes: Tuple[str, ...]
    weights: np.ndarray  # features x classes
    bias: np.ndarray

    @classmethod
    def fit(cls, matrix: sp.csr_matrix, labels: Sequence[str], strength: float, tolerance: float) -> "Head":
        """Train on `matrix` (texts x features) and one label a text.

        Args:
            strength: the inverse regularisation.
            tolerance: of the dual solver, at which it stops. Loose ones (2 to 4 instead of the usual 0.1) take less than half the time,
                and the development set is understood no worse.
        """
        model = LogisticRegression(C=strength, solver="liblinear", dual=True, tol=tolerance, max_iter=1000, random_state=SEED)
        model.fit(matrix, list(labels))
        weights, bias = model.coef_.T, model.intercept_
        if len(model.classes_) == 2:
            weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
        return cls(tuple(map(str, model.classes_)), weights.astype(np.float32), bias.astype(np.float32))


@dataclass(frozen=True)
class Heads:
    """All heads that see the same features, side by side in one matrix: one product a message instead of one a head.

    The weights of the n-grams, nearly all there are, are kept in steps of one byte: no message of the development set is understood
    otherwise, and a model has a fifth of the size.
    """

    classes: Dict[str, Tuple[str, ...]]  # of each head, in the order of the columns
    ngrams: np.ndarray  # int8: n-grams x classes of all heads, in
    steps: np.ndarray  # of each class
    meaning: np.ndarray  # directions x classes of all heads
    bias: np.ndarray

    @classmethod
    def of(cls, heads: Mapping[str, Head], ngrams: int) -> "Heads":
        """Put trained heads together, whose first `ngrams` features are n-grams, the others directions of meaning."""
        weights = np.hstack([head.weights for head in heads.values()])
        steps = np.maximum(np.abs(weights[:ngrams]).max(axis=0) / np.iinfo(np.int8).max, TINY)
        return cls({name: head.classes for name, head in heads.items()}, np.rint(weights[:ngrams] / steps).astype(np.int8), steps,
                   weights[ngrams:], np.hstack([head.bias for head in heads.values()]))

    def chances(self, ngrams: Row, meaning: Optional[np.ndarray] = None) -> Chances:
        """For a text the probabilities of every head's classes, which add up to 1.

        Args:
            meaning: directions; without it, the n-grams alone speak.
        """
        sums = (ngrams.values @ self.ngrams[ngrams.columns].astype(np.float32)) * self.steps + self.bias
        if meaning is not None:
            sums = sums + meaning @ self.meaning
        return self._by_head((1 / (1 + np.exp(-sums))).tolist())

    def _by_head(self, row: Sequence[float]) -> Chances:
        found, start = {}, 0
        for name, classes in self.classes.items():
            values = row[start:start + len(classes)]
            found[name] = {label: value / sum(values) for label, value in zip(classes, values)}
            start += len(classes)
        return found
