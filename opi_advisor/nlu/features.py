"""From text to numbers: word and character n-grams, weighted by TF-IDF, of the text as it is and with parties masked."""
from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from opi_advisor.nlu.words import PartyTagger, tokens

PARTY_MASK = {"private": "PRIVATEPARTY", "public": "PUBLICPARTY"}
ANY_PARTY = "SOMEPARTY"


def plain(words: Sequence[str], tags: Sequence[Any]) -> str:
    """The words as they are, and after each party word which party it names."""
    return " ".join(word if tag is None else f"{word} {PARTY_MASK[tag]}" for word, tag in zip(words, tags))


def masked(words: Sequence[str], tags: Sequence[Any]) -> str:
    """The words with every party word replaced by one mask, so that behaviour is learned apart from who shows it."""
    return " ".join(word if tag is None else ANY_PARTY for word, tag in zip(words, tags))


def zones(words: Sequence[str], tags: Sequence[Any]) -> Dict[str, str]:
    """The words that belong to each party: from its mention on, until the other is mentioned."""
    current = next((tag for tag in tags if tag), None)
    found: Dict[str, List[str]] = {"private": [], "public": []}
    for word, tag in zip(words, tags):
        current = tag or current
        if current:
            found[current].append(ANY_PARTY if tag else word)
    return {party: " ".join(part) for party, part in found.items()}


_PARTS = {
    "words": dict(token_pattern=r"\S+", ngram_range=(1, 2), min_df=1),
    "characters": dict(analyzer="char_wb", ngram_range=(2, 5), min_df=2),
}


def _vectorizer(part: str, **more: Any) -> TfidfVectorizer:
    return TfidfVectorizer(**{**_PARTS[part], "sublinear_tf": True, "lowercase": False, "dtype": np.float32, **more})


class NgramFeatures:
    """TF-IDF of word 1-2-grams and of character 2-5-grams within words."""

    def __init__(self, parts: Optional[Dict[str, TfidfVectorizer]] = None):
        self._parts = parts or {part: _vectorizer(part) for part in _PARTS}

    def fit(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Learn the vocabulary and weights from `texts`; returns their matrix (texts x n-grams)."""
        return sp.hstack([vectorizer.fit_transform(texts) for vectorizer in self._parts.values()], format="csr")

    def transform(self, texts: Sequence[str]) -> sp.csr_matrix:
        """The matrix of `texts` (texts x n-grams)."""
        return sp.hstack([vectorizer.transform(texts) for vectorizer in self._parts.values()], format="csr")

    def vocabularies(self) -> Dict[str, List[str]]:
        """The n-grams of each part, in the order of their columns."""
        return {part: list(vectorizer.get_feature_names_out()) for part, vectorizer in self._parts.items()}

    def weights(self) -> Dict[str, np.ndarray]:
        """The inverse document frequencies of each part, in the same order."""
        return {part: vectorizer.idf_.astype(np.float32) for part, vectorizer in self._parts.items()}

    @classmethod
    def restore(cls, vocabularies: Mapping[str, Sequence[str]], weights: Mapping[str, np.ndarray]) -> "NgramFeatures":
        """Make fitted features from what `vocabularies` and `weights` gave."""
        parts = {}
        for part in _PARTS:
            index = {ngram: column for column, ngram in enumerate(vocabularies[part])}
            parts[part] = _vectorizer(part, vocabulary=index, min_df=1)
            parts[part].idf_ = weights[part]
        return cls(parts)
