"""The transformer that reads and the one that learns are the same, but for the rounding of the one that reads."""
import numpy as np
import pytest
import tensorflow as tf

from opi_advisor.nlu import learning_transformer
from opi_advisor.nlu.encoder import Encoder
from opi_advisor.nlu.encoder_file import read_encoder_file
from opi_advisor.nlu.pieces import MAX_PIECES, Pieces
from opi_advisor.nlu.transformer import build_transformer, make_encoder, read_layer, read_norm

DEPTH = 3
TEXTS = ("why is the ministry so slow", "er firmaer bange for risiko?", "hvem bestemmer egentlig, og hvorfor", "ok", "a b " * MAX_PIECES)


@pytest.fixture(scope="module")
def file():
    return read_encoder_file()


@pytest.fixture(scope="module")
def encoder(file):
    return Encoder(build_transformer(file, DEPTH))


def exact(file, text, depth=DEPTH):
    """The vector of the transformer that learns."""
    pieces = Pieces(file)
    states = pieces.vectors(np.array([pieces.of(text)]))
    states = learning_transformer.normed(tf.constant(states), *read_norm(file))
    for number in range(depth):
        states = learning_transformer.run_layer(states, read_layer(file, number), file.heads, tf.zeros([1, 1, 1, states.shape[1]]), 0.0)
    return states.numpy().mean(axis=1)[0]


def likeness(one, other):
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


@pytest.mark.parametrize("text", TEXTS)
def test_it_gives_what_the_learning_one_gives(file, encoder, text):
    [found] = encoder.encode([text])
    assert likeness(found, exact(file, text)) > 0.995
    assert likeness(found, exact(file, text, DEPTH - 1)) < 0.995  # a layer makes a difference that is seen here


def test_a_text_has_the_same_vector_in_any_company(encoder):
    assert np.allclose(encoder.encode(TEXTS), np.vstack([encoder.encode([text]) for text in TEXTS]), atol=1e-6)


def test_it_is_made_the_same_each_time(file, encoder):
    assert build_transformer(file, DEPTH) == encoder.transformer == make_encoder(DEPTH).transformer


def test_a_text_is_cut_into_known_pieces(file):
    assert Pieces(file).of("Why is the municipality so slow") == [0, 15400, 83, 70, 14834, 2481, 221, 72803]  # as XLM-R's own tokenizer does


def test_what_ends_a_sentence_makes_no_difference(file):
    pieces = Pieces(file)
    assert pieces.of("Why is it so slow?!") == pieces.of("why is it so slow")
    assert pieces.of("So slow. Why") != pieces.of("so slow why")


def test_a_long_text_is_cut_short(file):
    assert len(Pieces(file).of(TEXTS[-1])) == MAX_PIECES + 1
