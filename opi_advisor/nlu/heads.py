"""Linear classifiers over shared features: one head for each label of a message."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Dict, List, Mapping, Sequence, Tuple

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

SEED = 20261123
TOLERANCE = 0.1  # of the dual solver, whose result is then the same to three digits, in a shorter training

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
    def fit(cls, matrix: sp.csr_matrix, labels: Sequence[str], strength: float) -> "Head":
        """Train on `matrix` (texts x features) and one label a text; `strength` is the inverse regularisation."""
        model = LogisticRegression(C=strength, solver="liblinear", dual=True, tol=TOLERANCE, max_iter=1000, random_state=SEED)
        model.fit(matrix, list(labels))
        weights, bias = model.coef_.T, model.intercept_
        if len(model.classes_) == 2:
            weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
        return cls(tuple(map(str, model.classes_)), weights.astype(np.float32), bias.astype(np.float32))


@dataclass(frozen=True)
class Heads:
    """All heads that see the same features, side by side in one matrix: one product a message instead of one a head."""

    classes: Dict[str, Tuple[str, ...]]  # of each head, in the order of the columns
    weights: np.ndarray  # features x classes of all heads
    bias: np.ndarray

    @classmethod
    def of(cls, heads: Mapping[str, Head]) -> "Heads":
        """Put trained heads together."""
        weights = np.ascontiguousarray(np.hstack([head.weights for head in heads.values()]))
        return cls({name: head.classes for name, head in heads.items()}, weights, np.hstack([head.bias for head in heads.values()]))

    def chances(self, matrix: sp.csr_matrix) -> List[Chances]:
        """For each text of `matrix` (texts x features) the probabilities of every head's classes, which add up to 1."""
        against_rest = 1 / (1 + np.exp(-(matrix @ self.weights + self.bias)))
        return [self._by_head(row.tolist()) for row in against_rest]

    def _by_head(self, row: Sequence[float]) -> Chances:
        found, start = {}, 0
        for name, classes in self.classes.items():
            values = row[start:start + len(classes)]
            found[name] = {label: value / sum(values) for label, value in zip(classes, values)}
            start += len(classes)
        return found
