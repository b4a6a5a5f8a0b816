"""The features of a message are those that scikit-learn's own TF-IDF gives."""
import numpy as np
import pytest
import scipy.sparse as sp

from opi_advisor.nlu.features import PARTS_OF_VIEW, NgramFeatures, _vectorizer

TEXTS = ["why is the council slow", "why why is the firm fast", "the council shares what it knows", "order:a|b before:c|b before:c", "order:a|b before:c"]
NEW = ["why why why is nobody slow", "", "unseen", "b before:c|order:a"]


@pytest.mark.parametrize("view", PARTS_OF_VIEW)
def test_they_are_as_scikit_learn_has_them(view):
    features, fitted = NgramFeatures.fit(view, TEXTS)
    assert np.allclose(features.transform(TEXTS).toarray(), fitted.toarray(), atol=1e-6)
    expected = sp.hstack([_vectorizer(part).fit(TEXTS).transform(NEW) for part in PARTS_OF_VIEW[view]]).toarray()
    assert np.allclose(features.transform(NEW).toarray(), expected, atol=1e-6) and expected.any()


def test_single_precision_is_kept():
    features, _ = NgramFeatures.fit("plain", TEXTS)
    restored = NgramFeatures.restore(features.vocabularies(), features.weights())
    assert restored.transform(NEW).dtype == features.transform(NEW).dtype == np.float32
    assert np.allclose(restored.transform(NEW).toarray(), features.transform(NEW).toarray(), atol=1e-6)
