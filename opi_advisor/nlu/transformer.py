"""The transformer that the encoder is (Devlin et al., arXiv:1810.04805), as TensorFlow operations: used to encode and to adapt."""
from __future__ import annotations

from typing import Dict, Mapping, Sequence

import tensorflow as tf

from opi_advisor.nlu.encoder_file import EncoderFile

MATRICES = ("q", "k", "v", "ao", "fi", "fo")  # query, key, value, attention's output, into and out of the wide middle
SMALLEST = 1e-12  # of the layer norms, as the model was trained

Layer = Mapping[str, tf.Tensor]


def read_layer(file: EncoderFile, number: int) -> Dict[str, tf.Tensor]:
    """The tensors of one layer, by name: a weight (`q.w`: inputs x outputs) and a bias of each matrix, and the norms' (`aln.w`)."""
    tensors = {}
    for name in MATRICES:
        inputs = 4 * file.width if name == "fo" else file.width
        tensors[f"{name}.w"] = tf.constant(file.matrix(f"l{number}.{name}.w", inputs).T)
        tensors[f"{name}.b"] = tf.constant(file.vector(f"l{number}.{name}.b"))
    for name in ("aln", "oln"):
        for part in "wb":
            tensors[f"{name}.{part}"] = tf.constant(file.vector(f"l{number}.{name}.{part}"))
    return tensors


def read_norm(file: EncoderFile) -> Sequence[tf.Tensor]:
    """Weight and bias of the norm before the first layer."""
    return [tf.constant(file.vector(f"emb.ln.{part}")) for part in "wb"]


def normed(states: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    """Layer norm over the last axis."""
    mean, variance = tf.nn.moments(states, -1, keepdims=True)
    return (states - mean) * tf.math.rsqrt(variance + SMALLEST) * weight + bias


def run_layer(states: tf.Tensor, layer: Layer, heads: int, hidden: float = 0.0, dropout: float = 0.0) -> tf.Tensor:
    """One layer over `states` (texts x pieces x width).

    Args:
        hidden: added to the attention's scores (texts x 1 x 1 x pieces): a large negative number hides padding.
        dropout: the share that is dropped, in training.
    """
    shape, width = tf.shape(states), states.shape[-1]

    def linear(inputs: tf.Tensor, name: str) -> tf.Tensor:
        return tf.tensordot(inputs, layer[f"{name}.w"], 1) + layer[f"{name}.b"]

    def by_head(inputs: tf.Tensor) -> tf.Tensor:
        return tf.transpose(tf.reshape(inputs, [shape[0], shape[1], heads, width // heads]), [0, 2, 1, 3])

    def thinned(inputs: tf.Tensor) -> tf.Tensor:
        return tf.nn.dropout(inputs, dropout) if dropout else inputs

    query, key, value = (by_head(linear(states, name)) for name in "qkv")
    attention = thinned(tf.nn.softmax(tf.matmul(query, key, transpose_b=True) * (width // heads) ** -0.5 + hidden))
    seen = tf.reshape(tf.transpose(tf.matmul(attention, value), [0, 2, 1, 3]), [shape[0], shape[1], width])
    states = normed(states + thinned(linear(seen, "ao")), layer["aln.w"], layer["aln.b"])
    return normed(states + thinned(linear(tf.nn.gelu(linear(states, "fi")), "fo")), layer["oln.w"], layer["oln.b"])
