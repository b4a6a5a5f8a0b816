"""Adapts the encoder to our examples: all labels are learnt at once on top of it, and its layers change along.

Done once in a while, when there are many new examples; the result is kept in the repository and every training uses it. The small
heads learnt here are thrown away: those of a training, which see the n-grams as well, understand more on the development set.
"""
from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Sequence

import numpy as np
import tensorflow as tf
import yaml

from opi_advisor.nlu.adapter import Adapter
from opi_advisor.nlu.data import read_examples
from opi_advisor.nlu.encoder_file import read_encoder_file
from opi_advisor.nlu.learning_transformer import normed, run_layer
from opi_advisor.nlu.pieces import Pieces
from opi_advisor.nlu.transformer import read_layer, read_norm
from opi_advisor.nlu.understanding import TASKS, Example, plain_examples
from opi_advisor.nlu.words import Speller
from opi_advisor.project import LEXICON, NLU_DATA, ROOT

EPOCHS = 3
BATCH = 64
ALIKE = 50  # batches that are sorted by length together, against padding
RATE, RATE_OF_HEADS = 1e-4, 3e-3  # highest learning rates
WARM_UP = 0.06  # share of the steps in which the rate rises; then it falls to 0
DROPOUT = 0.1
SCALE = 4.0  # of the heads' outputs, so that they can be sure early
DOUBLE = ("intent", "dimension")  # count twice in the loss
HIDDEN = -1e9
UNKNOWN = -1  # the example does not carry the label
SEED = 20261125


def adapt(examples: Sequence[Example], depth: int, on_step: Callable[[int, int, float], None]) -> Adapter:
    """Learn from the examples that are messages.

    Args:
        examples: texts as a training sees them (spelling and courtesies normalised), with their labels.
        depth: how many layers of the encoder are used.
        on_step: called with the number of each step, of all steps, and the loss.

    Raises:
        ValueError: the examples carry fewer than two classes of some label; names the label.
    """
    tf.keras.utils.set_random_seed(SEED)
    examples = [(text, labels) for text, labels in examples if labels.intent]
    file = read_encoder_file()
    tokenizer = Pieces(file)
    pieces = [tokenizer.of(text) for text, _ in examples]
    answers = _answers(examples)
    before = [read_layer(file, number) for number in range(depth)]
    layers = [{name: tf.Variable(tensor) for name, tensor in layer.items()} for layer in before]
    learn = _learner(layers, read_norm(file), file.heads, answers.max(axis=0) + 1)

    batches = [batch for epoch in range(EPOCHS) for batch in _batches([len(line) for line in pieces], np.random.default_rng(SEED + epoch))]
    for step, rows in enumerate(batches):
        padded, shown = _padded([pieces[row] for row in rows])
        progress = step / len(batches)
        share = min(1.0, progress / WARM_UP) * (1 - progress)
        loss = learn(tf.constant(tokenizer.vectors(padded)), tf.constant(shown), tf.constant(answers[rows]), tf.constant(share, tf.float32))
        on_step(step + 1, len(batches), float(loss))
    return Adapter.between(before, [{name: tensor.numpy() for name, tensor in layer.items()} for layer in layers])


def adapt_to_project(on_step: Callable[[int, int, float], None]) -> Adapter:
    """Learn from the project's examples, as deep as config.yml says; `on_step` as in `adapt`.

    Raises:
        ContentError: an example file can't be read.
    """
    examples = read_examples(NLU_DATA)
    lexicon = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
    speller = Speller.of_texts([text for text, _ in examples])
    depth = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"][0]["depth"]
    return adapt(plain_examples(examples, lexicon, speller), depth, on_step)


def _answers(examples: Sequence[Example]) -> np.ndarray:
    """The class of each example for each task, by number (examples x tasks)."""
    columns = []
    for name, task in TASKS.items():
        labels = [task.label(found) for _, found in examples]
        numbers = {label: number for number, label in enumerate(sorted(set(labels) - {None}))}
        if len(numbers) < 2:
            raise ValueError(f"the training data has fewer than two classes of the label '{name}'; see docs/nlu-data.md")
        columns.append([numbers.get(label, UNKNOWN) for label in labels])
    return np.array(columns, np.int32).T


def _learner(layers: List[Dict[str, tf.Variable]], norm: Sequence[np.ndarray], heads: int, sizes: Sequence[int]) -> Any:
    """A function that learns from one batch and returns its loss."""
    width = int(norm[0].shape[0])
    weights = [tf.Variable(tf.zeros([width, size])) for size in sizes]
    biases = [tf.Variable(tf.zeros([size])) for size in sizes]
    counts = [2.0 if name in DOUBLE else 1.0 for name in TASKS]
    of_layers, of_heads = [tensor for layer in layers for tensor in layer.values()], weights + biases
    slow, quick = tf.keras.optimizers.legacy.Adam(RATE), tf.keras.optimizers.legacy.Adam(RATE_OF_HEADS)

    def loss_of(states: tf.Tensor, shown: tf.Tensor, answers: tf.Tensor) -> tf.Tensor:
        states = normed(states, *norm)
        for layer in layers:
            states = run_layer(states, layer, heads, (1 - shown)[:, None, None, :] * HIDDEN, DROPOUT)
        vectors = tf.reduce_sum(states * shown[..., None], 1) / tf.reduce_sum(shown, 1)[:, None]
        vectors = tf.nn.dropout(vectors, DROPOUT)
        loss = tf.constant(0.0)
        for number, (weight, bias, count) in enumerate(zip(weights, biases, counts)):
            answer = answers[:, number]
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.maximum(answer, 0), SCALE * tf.matmul(vectors, weight) + bias)
            loss += count * tf.reduce_mean(losses * tf.cast(answer != UNKNOWN, tf.float32))
        return loss

    @tf.function(input_signature=[tf.TensorSpec([None, None, width]), tf.TensorSpec([None, None]),
                                  tf.TensorSpec([None, len(sizes)], tf.int32), tf.TensorSpec([])])
    def learn(states: tf.Tensor, shown: tf.Tensor, answers: tf.Tensor, share: tf.Tensor) -> tf.Tensor:
        slow.lr.assign(RATE * share)
        quick.lr.assign(RATE_OF_HEADS * share)
        with tf.GradientTape() as tape:
            loss = loss_of(states, shown, answers)
        gradients = tape.gradient(loss, of_layers + of_heads)
        slow.apply_gradients(zip(gradients[:len(of_layers)], of_layers))
        quick.apply_gradients(zip(gradients[len(of_layers):], of_heads))
        return loss

    return learn


def _batches(lengths: Sequence[int], chance: np.random.Generator) -> Iterator[List[int]]:
    """All rows once, in batches of about the same length, in an order of chance."""
    order = chance.permutation(len(lengths))
    batches = []
    for start in range(0, len(order), BATCH * ALIKE):
        rows = sorted(order[start:start + BATCH * ALIKE], key=lambda row: lengths[row])
        batches += [rows[begin:begin + BATCH] for begin in range(0, len(rows), BATCH)]
    yield from (batches[number] for number in chance.permutation(len(batches)))


def _padded(lines: Sequence[Sequence[int]]) -> "tuple[np.ndarray, np.ndarray]":
    """The pieces as one matrix (texts x longest), and 1 where there is a piece, 0 where there is padding."""
    longest = max(map(len, lines))
    padded, shown = np.zeros((len(lines), longest), int), np.zeros((len(lines), longest), np.float32)
    for row, line in enumerate(lines):
        padded[row, :len(line)], shown[row, :len(line)] = line, 1
    return padded, shown
