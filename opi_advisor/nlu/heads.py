"""Linear classifiers over a shared matrix of n-grams: one head for each label of a message."""
from __future__ import annotations

import math
from typing import Dict, Sequence, Tuple

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

SEED = 20261123
TOLERANCE = 0.1  # of the dual solver, whose result is then the same to three digits, in a shorter training


def log_odds(chance: float) -> float:
    """The log odds of a chance (0 to 1), at most about 14 either way."""
    inside = min(max(float(chance), 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))


class Head:
    """One label with two or more classes: logistic regression, one class against the rest."""

    def __init__(self, classes: Sequence[str], weights: np.ndarray, bias: np.ndarray):
        """`weights` is n-grams x classes, `bias` one number a class."""
        self.classes, self.weights, self.bias = tuple(classes), weights, bias

    @classmethod
    def fit(cls, matrix: sp.csr_matrix, labels: Sequence[str], strength: float) -> "Head":
        """Train on `matrix` (texts x n-grams) and one label a text; `strength` is the inverse regularisation."""
        model = LogisticRegression(C=strength, solver="liblinear", dual=True, tol=TOLERANCE, max_iter=1000, random_state=SEED)
        model.fit(matrix, list(labels))
        classes = [str(name) for name in model.classes_]
        weights, bias = model.coef_.T, model.intercept_
        if len(classes) == 2:
            weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
        return cls(classes, weights.astype(np.float32), bias.astype(np.float32))

    def probabilities(self, matrix: sp.csr_matrix) -> np.ndarray:
        """Texts x classes; each row adds up to 1."""
        one_against_rest = 1 / (1 + np.exp(-(matrix @ self.weights + self.bias)))
        return one_against_rest / one_against_rest.sum(axis=1, keepdims=True)

    def log_odds(self, matrix: sp.csr_matrix, name: str) -> float:
        """The log odds of the class `name` for one text."""
        return log_odds(self.probabilities(matrix)[0][self.classes.index(name)])

    def best(self, matrix: sp.csr_matrix) -> Tuple[str, float]:
        """The likeliest class of one text, and its probability."""
        row = self.probabilities(matrix)[0]
        index = int(row.argmax())
        return self.classes[index], float(row[index])

    def ranking(self, matrix: sp.csr_matrix) -> Dict[str, float]:
        """Each class of one text with its probability, the likeliest first."""
        row = self.probabilities(matrix)[0]
        return {self.classes[index]: float(row[index]) for index in np.argsort(-row)}
