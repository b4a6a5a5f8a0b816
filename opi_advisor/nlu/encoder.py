"""The meaning of a text as a vector, from a pretrained encoder: what is said alike in other words lies near.

It is run by NumPy: a server then needs no TensorFlow, which would take more memory and start time than all else together. The
encoder makes vectors of texts; it can't write any.
"""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Dict, Iterator, List, Optional, Sequence

import numpy as np
from sentencepiece import SentencePieceProcessor
from threadpoolctl import threadpool_limits

from opi_advisor.nlu.adapter import Adapter
from opi_advisor.nlu.encoder_file import decode, read_encoder_file
from opi_advisor.nlu.transformer import Layer, joined, normed, read_layer, read_norm, run_layer

MAX_PIECES = 96  # more of a long message does not change what it asks, and costs time
BATCH = 64  # texts; the numbers between two layers then stay in the processor's cache
THREADS = 2


class Encoder:
    """Turns texts into vectors of `width` numbers: the mean of their pieces after `depth` layers."""

    def __init__(self, depth: int, adapter: Optional[Adapter] = None):
        """Load the model and its first `depth` layers, changed by what `adapter` has learnt.

        Raises:
            EncoderFileError: the model file is missing or can't be read.
        """
        file = read_encoder_file()
        self.width = file.width
        self._begin, self._end, self._replacements = file.begin, file.end, file.replacements
        self._pieces = SentencePieceProcessor(model_proto=file.pieces)
        self._words = file.blocks("emb.word", file.width)
        self._places = file.vector("emb.pos").reshape(-1, file.width)[:MAX_PIECES + 2] + file.vector("emb.type")[:file.width]
        self._norm, self._heads = read_norm(file), file.heads
        self._layers = [joined(_adapted(read_layer(file, number), number, adapter)) for number in range(depth)]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of `texts` (texts x width, float32). Capital letters make no difference."""
        pieces = [self.pieces(text) for text in texts]
        vectors = np.empty((len(texts), self.width), np.float32)

        def encode_rows(rows: List[int]) -> None:
            vectors[rows] = self._run(self.embed(np.array([pieces[row] for row in rows])))

        if len(texts) == 1:
            encode_rows([0])
        else:
            with threadpool_limits(1, "blas"), ThreadPoolExecutor(THREADS) as pool:  # whole batches side by side leave no core idle
                list(pool.map(encode_rows, _alike([len(line) for line in pieces])))
        return vectors

    def embed(self, pieces: np.ndarray) -> np.ndarray:
        """What the first layer is given for `pieces` (texts x pieces): texts x pieces x width, float32."""
        words = decode(self._words[pieces.ravel()]).reshape(*pieces.shape, self.width)
        return words + self._places[:pieces.shape[1]]

    def pieces(self, text: str) -> List[int]:
        """The numbers of the pieces that `text` is cut into, between a begin and an end."""
        sound = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no text
        plain = "".join(self._replacements.get(character, character) for character in sound.lower())
        return [self._begin, *self._pieces.encode(" ".join(plain.split()))[:MAX_PIECES], self._end]

    def _run(self, states: np.ndarray) -> np.ndarray:
        states = normed(states, *self._norm)
        for layer in self._layers:
            states = run_layer(states, layer, self._heads)
        return states.mean(axis=1)


def _alike(lengths: Sequence[int]) -> Iterator[List[int]]:
    """The rows in batches of the same length, so that no batch needs padding."""
    ordered = sorted(range(len(lengths)), key=lambda row: lengths[row])
    for _, same in groupby(ordered, key=lambda row: lengths[row]):
        rows = list(same)
        yield from (rows[start:start + BATCH] for start in range(0, len(rows), BATCH))


def _adapted(layer: Layer, number: int, adapter: Optional[Adapter]) -> Dict[str, np.ndarray]:
    return {name: part + adapter.difference(number, name) if adapter else part for name, part in layer.items()}
