"""The meaning of a text as a vector, from a pretrained encoder: what is said alike in other words lies near.

The encoder is run by the TensorFlow that Rasa needs anyway. It makes vectors of texts; it can't write any.
"""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Iterator, List, Optional, Sequence

import numpy as np
import tensorflow as tf
from tokenizers import Tokenizer, models, pre_tokenizers

from opi_advisor.nlu.adapter import Adapter
from opi_advisor.nlu.encoder_file import EncoderFile, decode, read_encoder_file
from opi_advisor.nlu.transformer import Layer, normed, read_layer, read_norm, run_layer

MAX_PIECES = 96  # more of a long message does not change what it asks, and costs time
BATCH = 256
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
        self._tokenizer = _tokenizer(file)
        self._words = file.blocks("emb.word", file.width)
        self._places = file.vector("emb.pos").reshape(-1, file.width)[:MAX_PIECES + 2] + file.vector("emb.type")[:file.width]
        self._run = _network(file, depth, adapter)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of `texts` (texts x width, float32). Capital letters make no difference."""
        pieces = [self.pieces(text) for text in texts]
        vectors = np.empty((len(texts), self.width), np.float32)

        def encode_rows(rows: List[int]) -> None:
            vectors[rows] = self._run(tf.constant(self.embed(np.array([pieces[row] for row in rows])))).numpy()

        if len(texts) == 1:
            encode_rows([0])
        else:
            with ThreadPoolExecutor(THREADS) as pool:  # TensorFlow's own threads leave a core idle between two layers
                list(pool.map(encode_rows, _alike([len(line) for line in pieces])))
        return vectors

    def embed(self, pieces: np.ndarray) -> np.ndarray:
        """What the first layer is given for `pieces` (texts x pieces): texts x pieces x width, float32."""
        words = decode(self._words[pieces.ravel()]).reshape(*pieces.shape, self.width)
        return words + self._places[:pieces.shape[1]]

    def pieces(self, text: str) -> List[int]:
        """The numbers of the pieces that the tokenizer cuts `text` into, between a begin and an end."""
        sound = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no text
        plain = "".join(self._replacements.get(character, character) for character in sound.lower())
        pieces = self._tokenizer.encode(" ".join(plain.split()), add_special_tokens=False).ids
        return [self._begin, *pieces[:MAX_PIECES], self._end]


def _alike(lengths: Sequence[int]) -> Iterator[List[int]]:
    """The rows in batches of the same length, so that no batch needs padding."""
    ordered = sorted(range(len(lengths)), key=lambda row: lengths[row])
    for _, same in groupby(ordered, key=lambda row: lengths[row]):
        rows = list(same)
        yield from (rows[start:start + BATCH] for start in range(0, len(rows), BATCH))


def _tokenizer(file: EncoderFile) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(list(file.pieces), unk_id=file.unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always")
    return tokenizer


def _network(file: EncoderFile, depth: int, adapter: Optional[Adapter]) -> tf.types.experimental.GenericFunction:
    layers = [_adapted(read_layer(file, number), number, adapter) for number in range(depth)]
    norm = read_norm(file)

    @tf.function(input_signature=[tf.TensorSpec([None, None, file.width], tf.float32)])
    def run(states: tf.Tensor) -> tf.Tensor:
        states = normed(states, *norm)
        for layer in layers:
            states = run_layer(states, layer, file.heads)
        return tf.reduce_mean(states, axis=1)

    return run


def _adapted(layer: Layer, number: int, adapter: Optional[Adapter]) -> Layer:
    return {name: tensor + adapter.difference(number, name) for name, tensor in layer.items()} if adapter else layer
