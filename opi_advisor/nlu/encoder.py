"""The meaning of a text as a vector, from a pretrained encoder: what is said alike in other words lies near.

The encoder is a transformer without its training parts (Devlin et al., arXiv:1810.04805), run by the TensorFlow that Rasa
needs anyway. It makes vectors of texts; it can't write any.
"""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Dict, Iterator, List, Sequence

import numpy as np
import tensorflow as tf
from tokenizers import Tokenizer, models, pre_tokenizers

from opi_advisor.nlu.encoder_file import EncoderFile, decode, read_encoder_file

MAX_PIECES = 96  # more of a long message does not change what it asks, and costs time
BATCH = 256
THREADS = 2
SMALLEST = 1e-12  # of the layer norms, as the model was trained


class Encoder:
    """Turns texts into vectors of `width` numbers: the mean of their pieces after `depth` layers."""

    def __init__(self, depth: int):
        """Load the model and its first `depth` layers.

        Raises:
            EncoderFileError: the model file is missing or can't be read.
        """
        file = read_encoder_file()
        self.width = file.width
        self._begin, self._end, self._replacements = file.begin, file.end, file.replacements
        self._tokenizer = _tokenizer(file)
        self._words = file.blocks("emb.word", file.width)
        self._places = file.vector("emb.pos").reshape(-1, file.width)[:MAX_PIECES + 2] + file.vector("emb.type")[:file.width]
        self._run = _network(file, depth)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of `texts` (texts x width, float32). Capital letters make no difference."""
        pieces = [self._pieces(text) for text in texts]
        vectors = np.empty((len(texts), self.width), np.float32)

        def encode_rows(rows: List[int]) -> None:
            lines = np.array([pieces[row] for row in rows])
            words = decode(self._words[lines.ravel()]).reshape(*lines.shape, self.width)
            vectors[rows] = self._run(tf.constant(words + self._places[:lines.shape[1]])).numpy()

        if len(texts) == 1:
            encode_rows([0])
        else:
            with ThreadPoolExecutor(THREADS) as pool:  # TensorFlow's own threads leave a core idle between two layers
                list(pool.map(encode_rows, _alike([len(line) for line in pieces])))
        return vectors

    def _pieces(self, text: str) -> List[int]:
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


def _network(file: EncoderFile, depth: int) -> tf.types.experimental.GenericFunction:
    width, heads, size = file.width, file.heads, file.width // file.heads
    layers = [_layer(file, number) for number in range(depth)]
    norm = [tf.constant(file.vector(f"emb.ln.{part}")) for part in "wb"]

    def normed(states: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
        mean, variance = tf.nn.moments(states, -1, keepdims=True)
        return (states - mean) * tf.math.rsqrt(variance + SMALLEST) * weight + bias

    @tf.function(input_signature=[tf.TensorSpec([None, None, width], tf.float32)])
    def run(states: tf.Tensor) -> tf.Tensor:
        shape = tf.shape(states)

        def linear(inputs: tf.Tensor, layer: Dict[str, tf.Tensor], name: str) -> tf.Tensor:
            return tf.tensordot(inputs, layer[f"{name}.w"], 1) + layer[f"{name}.b"]

        def by_head(inputs: tf.Tensor) -> tf.Tensor:
            return tf.transpose(tf.reshape(inputs, [shape[0], shape[1], heads, size]), [0, 2, 1, 3])

        states = normed(states, *norm)
        for layer in layers:
            query, key, value = (by_head(linear(states, layer, name)) for name in "qkv")
            attention = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) * size ** -0.5)
            seen = tf.reshape(tf.transpose(tf.matmul(attention, value), [0, 2, 1, 3]), [shape[0], shape[1], width])
            states = normed(states + linear(seen, layer, "ao"), layer["aln.w"], layer["aln.b"])
            inner = tf.nn.gelu(linear(states, layer, "fi"))
            states = normed(states + linear(inner, layer, "fo"), layer["oln.w"], layer["oln.b"])
        return tf.reduce_mean(states, axis=1)

    return run


def _layer(file: EncoderFile, number: int) -> Dict[str, tf.Tensor]:
    tensors = {}
    for name in ("q", "k", "v", "ao", "fi", "fo"):
        bias = file.vector(f"l{number}.{name}.b")
        inputs = 4 * file.width if name == "fo" else file.width
        tensors[f"{name}.w"] = tf.constant(file.matrix(f"l{number}.{name}.w", inputs).T)
        tensors[f"{name}.b"] = tf.constant(bias)
    for name in ("aln", "oln"):
        for part in "wb":
            tensors[f"{name}.{part}"] = tf.constant(file.vector(f"l{number}.{name}.{part}"))
    return tensors
