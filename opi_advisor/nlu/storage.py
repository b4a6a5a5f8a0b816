"""Keep a trained `Understanding` in a folder as JSON and numbers: no pickle, so a model file can't run code."""
from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from opi_advisor.nlu.encoder import Encoder
from opi_advisor.nlu.features import NgramFeatures
from opi_advisor.nlu.heads import Heads
from opi_advisor.nlu.meaning import Projection
from opi_advisor.nlu.understanding import Understanding
from opi_advisor.nlu.words import Speller

_WORDS = "words.json"
_NUMBERS = "numbers.npz"
_TRANSFORMER = "transformer.onnx"
_PARTS_OF_HEADS = ("ngrams", "steps", "meaning", "bias")


def save_understanding(understanding: Understanding, folder: Path) -> None:
    """Write `words.json` (lexicon, vocabularies, classes), `numbers.npz` (weights) and `transformer.onnx` (that of the encoder, whose
    pieces are not in it: they are in a package of their own)."""
    numbers = {"projection/centre": understanding.projection.centre, "projection/directions": understanding.projection.directions}
    for name, features in understanding.features.items():
        for part, idf in features.weights().items():
            numbers[f"idf/{name}/{part}"] = idf
    for views, heads in understanding.heads.items():
        for part in _PARTS_OF_HEADS:
            numbers[f"{part}/{'+'.join(views)}"] = getattr(heads, part)
    np.savez_compressed(folder / _NUMBERS, **numbers)
    words = {
        "lexicon": understanding.lexicon,
        "vocabulary": understanding.speller.vocabulary,
        "vocabularies": {name: features.vocabularies() for name, features in understanding.features.items()},
        "classes": {"+".join(views): heads.classes for views, heads in understanding.heads.items()},
    }
    (folder / _WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    (folder / _TRANSFORMER).write_bytes(understanding.encoder.transformer)


def load_understanding(folder: Path) -> Understanding:
    """Read what `save_understanding` wrote.

    Raises:
        EncoderFileError: the file of the encoder's pieces is missing or can't be read.
    """
    words = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
    with np.load(folder / _NUMBERS) as numbers:
        features = {
            name: NgramFeatures.restore(vocabularies, {part: numbers[f"idf/{name}/{part}"] for part in vocabularies})
            for name, vocabularies in words["vocabularies"].items()
        }
        heads = {tuple(views.split("+")): Heads(classes, **{part: numbers[f"{part}/{views}"] for part in _PARTS_OF_HEADS})
                 for views, classes in words["classes"].items()}
        projection = Projection(numbers["projection/centre"], numbers["projection/directions"])
    return Understanding(words["lexicon"], Speller(words["vocabulary"]), features, heads, projection,
                         Encoder((folder / _TRANSFORMER).read_bytes()))
