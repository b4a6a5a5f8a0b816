"""Adapts the encoder to our examples: all labels are learnt at once on top of it, and its layers change along.

Done once in a while, when there are many new examples; the result is kept in the repository and every training uses it. The small
heads learnt here are thrown away: those of a training, which see the n-grams as well, understand more on the development set.

Two things keep the encoder from learning the examples by heart, as the heads of a training would then trust its vectors too much: it sees
only a share of the examples, drawn by chance, and the result is the mean of what is learnt now and what was learnt before (the mean of
networks that were adapted from the same start does better than each: Wortsman et al., "Model soups", arXiv:2203.05482).
"""
from __future__ import annotations

import re
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import numpy as np
import tensorflow as tf
import yaml

from opi_advisor.nlu.adapter import Adapter
from opi_advisor.nlu.data import read_examples
from opi_advisor.nlu.encoder_file import EncoderFile, read_encoder_file
from opi_advisor.nlu.learning_transformer import after_middle, attended, middle, normed, run_layer
from opi_advisor.nlu.narrowing import MiddleStatistics, narrowed
from opi_advisor.nlu.pieces import Pieces
from opi_advisor.nlu.transformer import Layer, read_layer, read_norm
from opi_advisor.nlu.tasks import TASKS, Example, labels_for
from opi_advisor.nlu.understanding import plain_examples
from opi_advisor.nlu.words import Speller
from opi_advisor.project import ADAPTER, LEXICON, NLU_DATA, ROOT

SHARE = 0.65  # of the examples, that are learnt from
SLIPS = 0.3  # share of the texts with a slip of the finger, another one in each epoch
EPOCHS = 3
BATCH = 64
ALIKE = 50  # batches that are sorted by length together, against padding
RATE, RATE_OF_HEADS = 1e-4, 3e-3  # highest learning rates
WARM_UP = 0.06  # share of the steps in which the rate rises; then it falls to 0
DROPOUT = 0.1
SCALE = 4.0  # of the heads' outputs, so that they can be sure early
DOUBLE = ("intent", "dimension")  # count twice in the loss
HIDDEN = -1e9
MEASURED = 2000  # examples whose texts tell which units of the middle matter
UNKNOWN = -1  # the example does not carry the label
_WORD = re.compile(r"[^\W\d_]{4,}")
SEED = 20261125


def adapt(examples: Sequence[Example], depth: int, on_step: Callable[[int, int, float], None], before: Optional[Adapter] = None) -> Adapter:
    """Learn from a share of the examples that are messages.

    Args:
        examples: texts as a training sees them (spelling and courtesies normalised), with their labels.
        depth: how many layers of the encoder are used.
        on_step: called with the number of each step, of all steps, and the loss.
        before: what was learnt before, of the same depth; the result is the mean of both. It is no start for what is learnt now.

    Raises:
        ValueError: the examples carry fewer than two classes of some label; names the label.
    """
    tf.keras.utils.set_random_seed(SEED)
    examples = _drawn([(text, labels) for text, labels in examples if labels.intent])
    file = read_encoder_file()
    tokenizer = Pieces(file)
    answers = _answers(examples)
    whole = [read_layer(file, number) for number in range(depth)]
    statistics = _statistics(file, whole, tokenizer, [text for text, _ in examples][::max(1, len(examples) // MEASURED)])
    units = [before.units(number) if before else statistics[number].strongest(layer) for number, layer in enumerate(whole)]
    layers = [{name: tf.Variable(tensor) for name, tensor in of_layer.narrow(layer, left).items()}
              for of_layer, layer, left in zip(statistics, whole, units)]
    learn = _learner(layers, read_norm(file), file.heads, answers.max(axis=0) + 1)

    batches = [batch for epoch in range(EPOCHS) for batch in _batches([text for text, _ in examples], tokenizer, np.random.default_rng(SEED + epoch))]
    for step, (rows, pieces) in enumerate(batches):
        padded, shown = _padded(pieces)
        progress = step / len(batches)
        share = min(1.0, progress / WARM_UP) * (1 - progress)
        loss = learn(tf.constant(tokenizer.vectors(padded)), tf.constant(shown), tf.constant(answers[rows]), tf.constant(share, tf.float32))
        on_step(step + 1, len(batches), float(loss))
    learnt = [{name: tensor.numpy() for name, tensor in layer.items()} for layer in layers]
    if before:
        learnt = [{name: (tensor + earlier[name]) / 2 for name, tensor in layer.items()}
                  for layer, earlier in zip(learnt, (before.adapted(layer, number) for number, layer in enumerate(whole)))]
    return Adapter.between([narrowed(layer, left) for layer, left in zip(whole, units)], learnt, units)


def adapt_to_project(on_step: Callable[[int, int, float], None]) -> Adapter:
    """Learn from the project's examples, as deep as config.yml says, and from its adapter where there is one; `on_step` as in `adapt`.

    Raises:
        ContentError: an example file can't be read.
        AdapterError: the adapter can't.
    """
    examples = read_examples(NLU_DATA)
    lexicon = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
    speller = Speller.of_texts([text for text, _ in examples])
    depth = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"][0]["depth"]
    return adapt(plain_examples(examples, lexicon, speller), depth, on_step, Adapter.load(ADAPTER) if ADAPTER.exists() else None)


def _drawn(examples: Sequence[Example]) -> List[Example]:
    chance = np.random.default_rng(SEED)
    return [example for example in examples if chance.random() < SHARE]


def _statistics(file: EncoderFile, layers: Sequence[Layer], tokenizer: Pieces, texts: Sequence[str]) -> List[MiddleStatistics]:
    """What the middle of each layer gives for the texts."""
    found = [MiddleStatistics() for _ in layers]
    for _, pieces in _batches(texts, tokenizer, np.random.default_rng(SEED)):
        padded, shown = _padded(pieces)
        states = normed(tf.constant(tokenizer.vectors(padded)), *read_norm(file))
        for layer, statistics in zip(layers, found):
            states = attended(states, layer, file.heads, _hidden(shown), 0.0)
            wide = middle(states, layer)
            statistics.add(wide.numpy()[shown > 0])
            states = after_middle(states, wide, layer, 0.0)
    return found


def _hidden(shown: tf.Tensor) -> tf.Tensor:
    """What hides padding from the attention."""
    return (1 - shown)[:, None, None, :] * HIDDEN


def _answers(examples: Sequence[Example]) -> np.ndarray:
    """The class of each example for each task, by number (examples x tasks)."""
    columns = []
    for name in TASKS:
        labels = labels_for(name, examples)
        numbers = {label: number for number, label in enumerate(sorted(set(labels) - {None}))}
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
            states = run_layer(states, layer, heads, _hidden(shown), DROPOUT)
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


def _batches(texts: Sequence[str], tokenizer: Pieces, chance: np.random.Generator) -> Iterator[Tuple[List[int], List[List[int]]]]:
    """All texts once, some with a slip, in batches of about the same length, in an order of chance: their numbers and their pieces."""
    pieces = [tokenizer.of(with_slip(text, chance) if chance.random() < SLIPS else text) for text in texts]
    order = chance.permutation(len(pieces))
    batches = []
    for start in range(0, len(order), BATCH * ALIKE):
        rows = sorted(order[start:start + BATCH * ALIKE], key=lambda row: len(pieces[row]))
        batches += [rows[begin:begin + BATCH] for begin in range(0, len(rows), BATCH)]
    yield from ((batches[number], [pieces[row] for row in batches[number]]) for number in chance.permutation(len(batches)))


def with_slip(text: str, chance: np.random.Generator) -> str:
    """`text` with one letter swapped with its neighbour, left out or doubled, in a word of four letters or more, where there is one."""
    words = [match.span() for match in _WORD.finditer(text)]
    if not words:
        return text
    start, end = words[chance.integers(len(words))]
    place = int(chance.integers(start, end - 1))
    before, letter, following, after = text[:place], text[place], text[place + 1], text[place + 2:]
    return before + (following + letter, following, letter + letter + following)[chance.integers(3)] + after


def _padded(lines: Sequence[Sequence[int]]) -> "tuple[np.ndarray, np.ndarray]":
    """The pieces as one matrix (texts x longest), and 1 where there is a piece, 0 where there is padding."""
    longest = max(map(len, lines))
    padded, shown = np.zeros((len(lines), longest), int), np.zeros((len(lines), longest), np.float32)
    for row, line in enumerate(lines):
        padded[row, :len(line)], shown[row, :len(line)] = line, 1
    return padded, shown
