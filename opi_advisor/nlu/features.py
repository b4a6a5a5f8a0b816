"""From text to numbers: word and character n-grams, weighted by TF-IDF, of the text as it is and with parties masked."""
from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, Sequence, Tuple

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from opi_advisor.nlu.words import WORDS_REMEMBERED, Lexicon, Negations, Tags

PARTY_MASK = {"private": "PRIVATEPARTY", "public": "PUBLICPARTY"}
ANY_PARTY = "SOMEPARTY"
WINDOW = 3  # words before and after a mention
TINY = 1e-9  # a text without any n-gram has the length 0


class Views:
    """The same message as each head wants to see it, as lines of words."""

    def __init__(self, lexicon: Lexicon):
        self._negations = Negations(lexicon)

    def of(self, words: Sequence[str], tags: Tags) -> Dict[str, str]:
        """The views of a message.

        Returns:
            "plain": the words, and after each party word which party it names. "behaviour": every party word replaced
            by one mask, so that behaviour is learned apart from who shows it, and negated words marked. "mentions": where
            and among which words each party is named, to tell who is asked about from who is only there. "private" and
            "public": the behaviour view of what belongs to each party, from its mention until the other is mentioned.
        """
        masked = [ANY_PARTY if tag else word for word, tag in zip(words, tags)]
        return {
            "plain": plain_view(words, tags),
            "behaviour": " ".join(self._negations.mark(masked)),
            "mentions": "|".join(_mentions(words, tags)),
            **{party: " ".join(self._negations.mark(part)) for party, part in _zones(masked, tags).items()},
        }


def plain_view(words: Sequence[str], tags: Tags) -> str:
    """The words, and after each party word which party it names."""
    return " ".join(word if tag is None else f"{word} {PARTY_MASK[tag]}" for word, tag in zip(words, tags))


def _mentions(words: Sequence[str], tags: Tags) -> Iterator[str]:
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


def _zones(masked: Sequence[str], tags: Tags) -> Dict[str, List[str]]:
    current = next((tag for tag in tags if tag), None)
    found: Dict[str, List[str]] = {"private": [], "public": []}
    for word, tag in zip(masked, tags):
        current = tag or current
        if current:
            found[current].append(word)
    return found


_PARTS = {
    "words": dict(token_pattern=r"\S+", ngram_range=(1, 2)),
    "characters": dict(analyzer="char_wb", ngram_range=(4, 5)),
    "marks": dict(token_pattern=r"[^|]+", ngram_range=(1, 1)),
}
MIN_EXAMPLES = 2  # that have an n-gram; what only one has teaches nothing
PARTS_OF_VIEW = {"plain": ("words", "characters"), "behaviour": ("words", "characters"), "mentions": ("marks",)}


def _cutter(part: str) -> Callable[[str], List[str]]:
    """What cuts a text into the n-grams of a part."""
    return CountVectorizer(**_PARTS[part], lowercase=False).build_analyzer()


def _counted(part: str, texts: Sequence[str]) -> Tuple[sp.csr_matrix, Sequence[str]]:
    """How often each n-gram of a part stands in each text (texts x n-grams), and the n-grams."""
    ngrams = CountVectorizer(analyzer=_cutter(part), dtype=np.float32)
    if part != "characters":
        return ngrams.fit_transform(texts), ngrams.get_feature_names_out()
    words = CountVectorizer(analyzer=str.split, dtype=np.float32)  # each different word is cut once, not once a text
    of_texts = words.fit_transform(texts)
    return of_texts @ ngrams.fit_transform(words.get_feature_names_out()), ngrams.get_feature_names_out()


class Part(NamedTuple):
    """One kind of n-grams, learnt from texts."""

    columns_of: Callable[[str], Sequence[int]]  # cuts a text into its n-grams; those that no example has are left out
    columns: Dict[str, int]
    weights: np.ndarray  # inverse document frequencies, by column

    @classmethod
    def of(cls, name: str, columns: Dict[str, int], weights: np.ndarray) -> "Part":
        """The part called `name`, with what it has learnt."""
        cut = _cutter(name)

        def known(text: str) -> List[int]:
            return [column for column in map(columns.get, cut(text)) if column is not None]

        return cls(_word_by_word(known) if name == "characters" else known, columns, weights)


def _word_by_word(columns_of: Callable[[str], List[int]]) -> Callable[[str], List[int]]:
    """The same, for n-grams that stay within a word: those of words that were met lately are remembered."""
    remembered = lru_cache(WORDS_REMEMBERED)(columns_of)
    return lambda text: [column for word in text.split() for column in remembered(word)]


class Row(NamedTuple):
    """One text: the columns in which it has a value, and the values (float32)."""

    columns: np.ndarray
    values: np.ndarray


class NgramFeatures:
    """TF-IDF of the n-grams of one view: word 1-2-grams and character 4-5-grams within words, or whole marks."""

    def __init__(self, parts: Mapping[str, Part]):
        self._parts = dict(parts)
        self.width = sum(len(part.weights) for part in self._parts.values())  # columns

    @classmethod
    def fit(cls, view: str, texts: Sequence[str]) -> Tuple["NgramFeatures", sp.csr_matrix]:
        """Learn the n-grams of a view and their weights from `texts`; returns the features, and the matrix of `texts` (texts x n-grams)."""
        parts, matrices = {}, []
        for name in PARTS_OF_VIEW[view]:
            counts, ngrams = _counted(name, texts)
            common = np.flatnonzero(counts.getnnz(axis=0) >= MIN_EXAMPLES)
            weighting = TfidfTransformer(sublinear_tf=True)
            matrices.append(weighting.fit_transform(counts[:, common]))
            parts[name] = Part.of(name, {str(ngrams[place]): column for column, place in enumerate(common)}, weighting.idf_.astype(np.float32))
        return cls(parts), sp.hstack(matrices, format="csr")

    def row(self, text: str) -> Row:
        """What scikit-learn's own `transform` gives for `text`, which for one text at a time takes many times as long."""
        columns, values, start = [], [], 0
        for part in self._parts.values():
            counts = Counter(part.columns_of(text))
            found = np.fromiter(counts, np.int64, len(counts))
            weighted = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * part.weights[found]
            columns.append(found + start)
            values.append(weighted / max(np.sqrt(weighted @ weighted), TINY))
            start += len(part.weights)
        return Row(np.concatenate(columns), np.concatenate(values))

    def vocabularies(self) -> Dict[str, List[str]]:
        """The n-grams of each part, in the order of their columns."""
        return {name: sorted(part.columns, key=part.columns.__getitem__) for name, part in self._parts.items()}

    def weights(self) -> Dict[str, np.ndarray]:
        """The inverse document frequencies of each part, in the same order."""
        return {name: part.weights for name, part in self._parts.items()}

    def __reduce__(self) -> Tuple[Any, ...]:
        """To be handed from one process to another."""
        return NgramFeatures.restore, (self.vocabularies(), self.weights())

    @classmethod
    def restore(cls, vocabularies: Mapping[str, Sequence[str]], weights: Mapping[str, np.ndarray]) -> "NgramFeatures":
        """Make fitted features from what `vocabularies` and `weights` gave."""
        return cls({name: Part.of(name, {ngram: column for column, ngram in enumerate(ngrams)}, weights[name])
                    for name, ngrams in vocabularies.items()})


def side_by_side(rows: Sequence[Row], widths: Sequence[int]) -> Row:
    """The rows of one text by several features as one row, where `widths` are the columns of each."""
    starts = np.cumsum([0, *widths])
    return Row(np.concatenate([row.columns + start for row, start in zip(rows, starts)]), np.concatenate([row.values for row in rows]))
