"""Find training examples that copy an evaluation line, word for word or nearly: such a line would measure memory."""
from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from opi_advisor.nlu.words import tokens

SIMILARITY = 0.85  # cosine of TF-IDF weighted character 3-5-grams from which two lines count as nearly the same
MIN_WORDS = 5  # shorter lines have few ways to be said: only an equal one counts as a copy


@dataclass(frozen=True)
class Copy:
    """An evaluation line, the training example most like it, and how alike they are (0 to 1)."""

    line: str
    example: str
    similarity: float


def near_copies(lines: Sequence[str], examples: Sequence[str]) -> List[Copy]:
    """The evaluation `lines` that stand in the training `examples`, the most alike first."""
    known = {" ".join(_words(example)): example for example in examples}
    folded = list(known)
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), dtype=np.float32)
    matrix = vectorizer.fit_transform(folded)
    found = []
    for line in lines:
        words = _words(line)
        text = " ".join(words)
        if text in known:
            found.append(Copy(line, known[text], 1.0))
        elif len(words) >= MIN_WORDS:
            likeness = (matrix @ vectorizer.transform([text]).T).toarray().ravel()
            best = int(likeness.argmax())
            if likeness[best] >= SIMILARITY:
                found.append(Copy(line, known[folded[best]], float(likeness[best])))
    return sorted(found, key=lambda copy: -copy.similarity)


def _words(text: str) -> List[str]:
    """The words alone: a question mark more or less makes no other line."""
    return [word for word in tokens(text) if any(map(str.isalnum, word))]
