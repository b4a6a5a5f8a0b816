"""The same transformer as `transformer.py` once more, as TensorFlow operations, in full precision, which can learn: for
`adapting.py` only."""
from __future__ import annotations

from typing import Mapping

import tensorflow as tf

from opi_advisor.nlu.transformer import SMALLEST

LearningLayer = Mapping[str, tf.Tensor]  # as `transformer.read_layer` names them


def normed(states: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    """Layer norm over the last axis."""
    mean, variance = tf.nn.moments(states, -1, keepdims=True)
    return (states - mean) * tf.math.rsqrt(variance + SMALLEST) * weight + bias


def run_layer(states: tf.Tensor, layer: LearningLayer, heads: int, hidden: tf.Tensor, dropout: float) -> tf.Tensor:
    """One layer over `states` (texts x pieces x width).

    Args:
        hidden: added to the attention's scores (texts x 1 x 1 x pieces): a large negative number hides padding.
        dropout: the share that is dropped.
    """
    states = attended(states, layer, heads, hidden, dropout)
    return after_middle(states, middle(states, layer), layer, dropout)


def attended(states: tf.Tensor, layer: LearningLayer, heads: int, hidden: tf.Tensor, dropout: float) -> tf.Tensor:
    """The first half of a layer: what each piece takes from the others."""
    shape, width = tf.shape(states), states.shape[-1]

    def by_head(name: str) -> tf.Tensor:
        return tf.transpose(tf.reshape(_linear(states, layer, name), [shape[0], shape[1], heads, width // heads]), [0, 2, 1, 3])

    query, key, value = map(by_head, "qkv")
    attention = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) * (width // heads) ** -0.5 + hidden)
    attention = tf.nn.dropout(attention, dropout)
    seen = tf.reshape(tf.transpose(tf.matmul(attention, value), [0, 2, 1, 3]), [shape[0], shape[1], width])
    return normed(states + tf.nn.dropout(_linear(seen, layer, "ao"), dropout), layer["aln.w"], layer["aln.b"])


def middle(states: tf.Tensor, layer: LearningLayer) -> tf.Tensor:
    """The wide middle of a layer, from what `attended` gives (texts x pieces x units)."""
    return tf.nn.gelu(_linear(states, layer, "fi"), approximate=True)


def after_middle(states: tf.Tensor, wide: tf.Tensor, layer: LearningLayer, dropout: float) -> tf.Tensor:
    """The end of a layer, from what `attended` and `middle` give."""
    return normed(states + tf.nn.dropout(_linear(wide, layer, "fo"), dropout), layer["oln.w"], layer["oln.b"])


def _linear(inputs: tf.Tensor, layer: LearningLayer, name: str) -> tf.Tensor:
    return tf.tensordot(inputs, layer[f"{name}.w"], 1) + layer[f"{name}.b"]
