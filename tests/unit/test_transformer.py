"""The transformer that reads and the one that learns are the same."""
import numpy as np
import pytest
import tensorflow as tf
from scipy.special import ndtr

from opi_advisor.nlu import learning_transformer, transformer
from opi_advisor.nlu.encoder import Encoder
from opi_advisor.nlu.encoder_file import read_encoder_file

TEXTS = ("why is the ministry so slow", "er firmaer bange for risiko?", "hvem bestemmer egentlig, og hvorfor")


@pytest.fixture(scope="module")
def file():
    return read_encoder_file()


@pytest.fixture(scope="module")
def states(file):
    return np.random.default_rng(1).normal(size=(3, 7, file.width)).astype(np.float32)


def test_a_layer_gives_what_the_learning_one_gives(file, states):
    layer = transformer.read_layer(file, 2)
    learnt = learning_transformer.run_layer(tf.constant(states), layer, file.heads, tf.zeros([3, 1, 1, 7]), 0.0).numpy()
    assert np.allclose(transformer.run_layer(states, transformer.joined(layer), file.heads), learnt, atol=1e-4)


def test_the_norms_are_the_same(file, states):
    norm = transformer.read_norm(file)
    assert np.allclose(transformer.normed(states, *norm), learning_transformer.normed(tf.constant(states), *norm).numpy(), atol=1e-5)


def test_gelu_is_exact_in_single_precision():
    numbers = np.linspace(-8, 8, 100_001)
    found = transformer.gelu(numbers.astype(np.float32))
    assert found.dtype == np.float32
    assert np.abs(found - numbers * ndtr(numbers)).max() < 1e-6


def test_texts_together_are_encoded_as_one_by_one():
    encoder = Encoder(depth=2)
    assert np.allclose(encoder.encode(TEXTS), np.vstack([encoder.encode([text]) for text in TEXTS]), atol=1e-5)


def test_a_text_is_cut_into_known_pieces():
    encoder = Encoder(depth=1)
    assert encoder.pieces("Why is the municipality so slow") == [0, 15400, 83, 70, 14834, 2481, 221, 72803, 2]  # as XLM-R's own tokenizer does
