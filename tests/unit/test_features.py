"""The features of a message are those that scikit-learn's own TF-IDF gives."""
import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from opi_advisor.nlu.features import PARTS_OF_VIEW, NgramFeatures, side_by_side

TEXTS = ["why is the council slow", "why why is the firm fast", "the council shares what it knows", "order:a|b before:c|b before:c", "order:a|b before:c"]
COMMON = {"min_df": 2, "sublinear_tf": True, "lowercase": False, "dtype": np.float32}
WORDS = dict(token_pattern=r"\S+", ngram_range=(1, 2), **COMMON)
CHARACTERS = dict(analyzer="char_wb", ngram_range=(4, 5), **COMMON)
SETTINGS = {"plain": (WORDS, CHARACTERS), "behaviour": (WORDS, CHARACTERS), "mentions": (dict(token_pattern=r"[^|]+", **COMMON),)}
NEW = ["why why why is nobody slow", "", "unseen", "b before:c|order:a"]


def dense(row, width):
    found = np.zeros(width, row.values.dtype)
    found[row.columns] = row.values
    return found


def rows(features, texts):
    return np.stack([dense(features.row(text), features.width) for text in texts])


@pytest.mark.parametrize("view", PARTS_OF_VIEW)
def test_they_are_as_scikit_learn_has_them(view):
    features, fitted = NgramFeatures.fit(view, TEXTS)
    assert np.allclose(rows(features, TEXTS), fitted.toarray(), atol=1e-6)
    expected = sp.hstack([TfidfVectorizer(**settings).fit(TEXTS).transform(NEW) for settings in SETTINGS[view]]).toarray()
    assert np.allclose(rows(features, NEW), expected, atol=1e-6) and expected.any()


def test_single_precision_is_kept():
    features, _ = NgramFeatures.fit("plain", TEXTS)
    restored = NgramFeatures.restore(features.vocabularies(), features.weights())
    assert rows(restored, NEW).dtype == rows(features, NEW).dtype == np.float32
    assert np.allclose(rows(restored, NEW), rows(features, NEW), atol=1e-6)


def test_rows_side_by_side_are_the_columns_of_all():
    several = [NgramFeatures.fit(view, TEXTS)[0] for view in ("plain", "mentions")]
    widths = [features.width for features in several]
    for text in TEXTS:
        joined = dense(side_by_side([features.row(text) for features in several], widths), sum(widths))
        assert np.array_equal(joined, np.concatenate([dense(features.row(text), features.width) for features in several]))
