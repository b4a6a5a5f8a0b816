"""Makes the wide middle of each layer narrower: of its units, those stay that matter for our examples.

Two thirds of the units cost a fifth less time, for a message and in a training, and what the others did is learnt again while the encoder
is adapted. Units are chosen by how much they move what comes after them, as in Kim & Awadalla, "FastFormers" (arXiv:2010.13382).
"""
from __future__ import annotations

from typing import Dict, Mapping

import numpy as np

UNITS = 1024  # that stay, of 1,536


def narrowed(layer: Mapping[str, np.ndarray], units: np.ndarray) -> Dict[str, np.ndarray]:
    """A layer as `transformer.read_layer` gives it, with these units of its middle alone (numbers, from 0)."""
    return {**layer, "fi.w": layer["fi.w"][:, units], "fi.b": layer["fi.b"][units], "fo.w": layer["fo.w"][units]}


class MiddleStatistics:
    """What the units of one layer's middle give, over many pieces of text."""

    def __init__(self) -> None:
        self._pieces, self._sums, self._squares = 0, np.float64(0), np.float64(0)

    def add(self, middle: np.ndarray) -> None:
        """Count pieces (pieces x units)."""
        self._pieces += len(middle)
        self._sums = self._sums + middle.sum(axis=0, dtype=np.float64)
        self._squares = self._squares + np.square(middle).sum(axis=0, dtype=np.float64)

    def strongest(self, layer: Mapping[str, np.ndarray]) -> np.ndarray:
        """The numbers of the UNITS units that move the layer's result most, in their order."""
        variances = self._squares / self._pieces - np.square(self._means())
        moved = variances * np.square(layer["fo.w"]).sum(axis=1)
        return np.sort(np.argsort(-moved)[:UNITS])

    def narrow(self, layer: Mapping[str, np.ndarray], units: np.ndarray) -> Dict[str, np.ndarray]:
        """The layer with these units alone; what the others give on average goes into the bias."""
        others = np.setdiff1d(np.arange(len(layer["fo.w"])), units)
        found = narrowed(layer, units)
        return {**found, "fo.b": found["fo.b"] + (self._means()[others] @ layer["fo.w"][others]).astype(np.float32)}

    def _means(self) -> np.ndarray:
        return self._sums / self._pieces
