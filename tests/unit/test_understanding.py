"""Training is repeatable, survives being kept, and says what is missing. On a twentieth of the examples."""
import pytest
import yaml

from opi_advisor.nlu.data import read_examples
from opi_advisor.nlu.storage import load_understanding, save_understanding
from opi_advisor.nlu.transformer import make_encoder
from opi_advisor.nlu.understanding import Understanding
from opi_advisor.project import LEXICON, NLU_DATA

LEXICON_DATA = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
MESSAGES = ("why is the council so slow to decide?", "hvad driver en leverandør", "goals and risk", "🙂", "", "a" * 1000, "\ud800 \x00 x")


@pytest.fixture(scope="module")
def examples():
    return read_examples(NLU_DATA)[::20]


@pytest.fixture(scope="module")
def encoder():
    return make_encoder(depth=2)


@pytest.fixture(scope="module")
def trained(examples, encoder):
    return Understanding.fit(examples, LEXICON_DATA, encoder)


def test_training_is_repeatable(trained, examples, encoder):
    again = Understanding.fit(examples, LEXICON_DATA, encoder)
    for message in MESSAGES:
        assert again.read(message) == trained.read(message)


def test_what_is_kept_reads_the_same(trained, tmp_path):
    save_understanding(trained, tmp_path)
    loaded = load_understanding(tmp_path)
    for message in MESSAGES:
        one, other = trained.read(message), loaded.read(message)
        assert other.pop("ranking") == pytest.approx(one.pop("ranking"), abs=0.01)
        chances, others = one.pop("chances"), other.pop("chances")
        assert all(others.get(name, 0) == pytest.approx(chances.get(name, 0), abs=0.03) for name in {**chances, **others})
        assert one == other


def test_a_message_without_words_is_out_of_scope(trained):
    for message in ("", "🙂", "..."):
        reading = trained.read(message)
        assert (reading["intent"], reading["language"], reading["dimensions"]) == ("out_of_scope", None, [])


def test_a_label_that_nothing_teaches_is_named(examples, encoder):
    only_greetings = [(text, labels) for text, labels in examples if labels.intent == "greet"]
    with pytest.raises(ValueError, match="fewer than two classes of the label 'intent'"):
        Understanding.fit(only_greetings, LEXICON_DATA, encoder)
