"""The encoder's vectors as features beside the n-grams: reduced to the directions in which the examples differ most."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DIRECTIONS = 128  # more than that did not help on the development set
WEIGHT = 0.05  # of a direction against the n-grams, whose rows have length 1


@dataclass(frozen=True)
class Projection:
    """Principal components of standardised vectors."""

    centre: np.ndarray  # width
    directions: np.ndarray  # width x DIRECTIONS

    @classmethod
    def fit(cls, vectors: np.ndarray) -> "Projection":
        """Find the directions from `vectors` (texts x width)."""
        centre, spread = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
        standard = (vectors - centre) / spread
        _, directions = np.linalg.eigh(np.cov(standard, rowvar=False))  # the smallest variance first
        return cls(centre, (directions[:, ::-1][:, :DIRECTIONS] * (WEIGHT / spread[:, None])).astype(np.float32))

    def transform(self, vectors: np.ndarray) -> np.ndarray:
        """The features of `vectors` (texts x DIRECTIONS, float32)."""
        return (vectors - self.centre).astype(np.float32) @ self.directions
