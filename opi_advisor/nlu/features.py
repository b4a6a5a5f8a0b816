"""From text to numbers: word and character n-grams, weighted by TF-IDF, of the text as it is and with parties masked."""
from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize

from opi_advisor.nlu.words import Lexicon, Negations, PartyTagger

PARTY_MASK = {"private": "PRIVATEPARTY", "public": "PUBLICPARTY"}
ANY_PARTY = "SOMEPARTY"
WINDOW = 3  # words before and after a mention


class Views:
    """The same message as each head wants to see it, as lines of words."""

    def __init__(self, lexicon: Lexicon):
        self._tagger, self._negations = PartyTagger(lexicon), Negations(lexicon)

    def of(self, words: Sequence[str]) -> Dict[str, str]:
        """The views of a message.

        Returns:
            "plain": the words, and after each party word which party it names. "behaviour": every party word replaced
            by one mask, so that behaviour is learned apart from who shows it, and negated words marked. "mentions": where
            and among which words each party is named, to tell who is asked about from who is only there. "private" and
            "public": the behaviour view of what belongs to each party, from its mention until the other is mentioned.
        """
        tags = self._tagger.tag(words)
        masked = [ANY_PARTY if tag else word for word, tag in zip(words, tags)]
        return {
            "plain": " ".join(word if tag is None else f"{word} {PARTY_MASK[tag]}" for word, tag in zip(words, tags)),
            "behaviour": " ".join(self._negations.mark(masked)),
            "mentions": "|".join(_mentions(words, tags)),
            **{party: " ".join(self._negations.mark(part)) for party, part in _zones(masked, tags).items()},
        }


def _mentions(words: Sequence[str], tags: Sequence[Optional[str]]) -> Iterator[str]:
    line = [tag.upper() if tag else word for word, tag in zip(words, tags)]
    named = [place for place, tag in enumerate(tags) if tag]
    yield "order:" + ",".join(line[place] for place in named[:4])
    for place in named:
        yield f"{line[place]} in quarter {4 * place // len(line)}"
        for distance in range(1, WINDOW + 1):
            for side, neighbour in (("before", place - distance), ("after", place + distance)):
                if 0 <= neighbour < len(line):
                    yield f"{line[place]} {side}:{line[neighbour]}"
                    yield f"{line[place]} {side}:{distance}:{line[neighbour]}"


def _zones(masked: Sequence[str], tags: Sequence[Optional[str]]) -> Dict[str, List[str]]:
    current = next((tag for tag in tags if tag), None)
    found: Dict[str, List[str]] = {"private": [], "public": []}
    for word, tag in zip(masked, tags):
        current = tag or current
        if current:
            found[current].append(word)
    return found


_PARTS = {
    "words": dict(token_pattern=r"\S+", ngram_range=(1, 2), min_df=1),
    "characters": dict(analyzer="char_wb", ngram_range=(2, 5), min_df=2),
    "marks": dict(token_pattern=r"[^|]+", ngram_range=(1, 1), min_df=2),
}
PARTS_OF_VIEW = {"plain": ("words", "characters"), "behaviour": ("words", "characters"), "mentions": ("marks",)}


def _vectorizer(part: str, **more: Any) -> TfidfVectorizer:
    return TfidfVectorizer(**{**_PARTS[part], "sublinear_tf": True, "lowercase": False, "dtype": np.float32, **more})


def _weighted(vectorizer: TfidfVectorizer, texts: Sequence[str]) -> sp.csr_matrix:
    """What the vectorizer's own `transform` gives, in single precision; that one looks through all its weights for every message."""
    counts = CountVectorizer.transform(vectorizer, texts)
    counts.data = (1 + np.log(counts.data)) * vectorizer.weights[counts.indices]
    return normalize(counts, copy=False)


class NgramFeatures:
    """TF-IDF of the n-grams of one view: word 1-2-grams and character 2-5-grams within words, or whole marks."""

    def __init__(self, vectorizers: Mapping[str, TfidfVectorizer]):
        self._vectorizers = dict(vectorizers)

    @classmethod
    def of_view(cls, view: str) -> "NgramFeatures":
        """Features of a view, not fitted yet."""
        return cls({part: _vectorizer(part) for part in PARTS_OF_VIEW[view]})

    def fit(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Learn the vocabulary and weights from `texts`; returns their matrix (texts x n-grams)."""
        matrix = sp.hstack([vectorizer.fit_transform(texts) for vectorizer in self._vectorizers.values()], format="csr")
        for vectorizer in self._vectorizers.values():
            vectorizer.weights = vectorizer.idf_.astype(np.float32)
        return matrix

    def transform(self, texts: Sequence[str]) -> sp.csr_matrix:
        """The matrix of `texts` (texts x n-grams)."""
        return sp.hstack([_weighted(vectorizer, texts) for vectorizer in self._vectorizers.values()], format="csr")

    def vocabularies(self) -> Dict[str, List[str]]:
        """The n-grams of each part, in the order of their columns."""
        return {part: list(vectorizer.get_feature_names_out()) for part, vectorizer in self._vectorizers.items()}

    def weights(self) -> Dict[str, np.ndarray]:
        """The inverse document frequencies of each part, in the same order."""
        return {part: vectorizer.weights for part, vectorizer in self._vectorizers.items()}

    @classmethod
    def restore(cls, vocabularies: Mapping[str, Sequence[str]], weights: Mapping[str, np.ndarray]) -> "NgramFeatures":
        """Make fitted features from what `vocabularies` and `weights` gave."""
        vectorizers = {}
        for part, ngrams in vocabularies.items():
            vectorizers[part] = _vectorizer(part, vocabulary={ngram: column for column, ngram in enumerate(ngrams)}, min_df=1)
            vectorizers[part].idf_ = vectorizers[part].weights = weights[part]
        return cls(vectorizers)
