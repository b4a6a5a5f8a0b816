"""The meaning of a text as a vector, from a pretrained encoder: what is said alike in other words lies near.

It is run by ONNX Runtime: a server then needs no TensorFlow, which would take more memory and start time than all else together.
The encoder makes vectors of texts; it can't write any.
"""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Iterator, List, Sequence

import numpy as np
from onnxruntime import InferenceSession, SessionOptions

from opi_advisor.nlu.encoder_file import read_encoder_file
from opi_advisor.nlu.pieces import Pieces

BATCH = 64  # texts; the numbers between two layers then stay in the processor's cache
THREADS = 2
_ONLY_ERRORS = 3  # of ONNX Runtime's levels


class Encoder:
    """Turns texts into vectors: the mean of their pieces after the layers of the transformer."""

    def __init__(self, transformer: bytes):
        """Load the pieces, and `transformer` as `build_transformer` made it.

        Raises:
            EncoderFileError: the model file is missing or can't be read.
        """
        self.transformer = transformer
        self._pieces = Pieces(read_encoder_file())
        options = SessionOptions()
        options.intra_op_num_threads = 1  # a second one saves little of a message, and costs others theirs
        options.log_severity_level = _ONLY_ERRORS
        self._session = InferenceSession(transformer, options, providers=["CPUExecutionProvider"])
        [self._states] = (taken.name for taken in self._session.get_inputs())

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of `texts` (texts x width, float32)."""
        pieces = [self._pieces.of(text) for text in texts]
        vectors = np.empty((len(texts), self._pieces.width), np.float32)

        def encode_rows(rows: List[int]) -> None:
            states = self._pieces.vectors(np.array([pieces[row] for row in rows]))
            vectors[rows] = self._session.run(None, {self._states: states})[0]

        if len(texts) == 1:
            encode_rows([0])
        else:
            with ThreadPoolExecutor(THREADS) as pool:  # whole batches side by side leave no core idle
                list(pool.map(encode_rows, _alike([len(line) for line in pieces])))
        return vectors


def _alike(lengths: Sequence[int]) -> Iterator[List[int]]:
    """The rows in batches of the same length, so that no batch needs padding."""
    ordered = sorted(range(len(lengths)), key=lambda row: lengths[row])
    for _, same in groupby(ordered, key=lambda row: lengths[row]):
        rows = list(same)
        yield from (rows[start:start + BATCH] for start in range(0, len(rows), BATCH))
