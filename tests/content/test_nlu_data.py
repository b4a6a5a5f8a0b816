"""The training data: both languages weigh the same, and no evaluation line stands in it."""
from collections import Counter

import pytest

from opi_advisor.evaluation import read_cases
from opi_advisor.knowledge import DIMENSIONS, LANGUAGES
from opi_advisor.near_copies import near_copies
from opi_advisor.nlu.data import read_examples
from opi_advisor.project import NLU_DATA
from tests.conftest import EVALUATION, SAMPLE

MAX_LANGUAGE_SHARE = 0.58  # of an intent's examples


@pytest.fixture(scope="module")
def examples():
    return read_examples(NLU_DATA)


def lines_of(*paths):
    return [turn["user"] for case in read_cases(paths) for turn in case["turns"]]


def test_both_languages_have_about_as_many_examples_of_each_intent(examples):
    counts = Counter((labels.intent, labels.language) for _, labels in examples)
    for intent in {intent for intent, _ in counts}:
        both = [counts[intent, language] for language in LANGUAGES]
        assert max(both) / sum(both) <= MAX_LANGUAGE_SHARE, (intent, both)


def test_there_is_enough_of_everything(examples):
    counts = Counter((labels.intent, labels.language) for _, labels in examples)
    for language in LANGUAGES:
        assert counts["out_of_scope", language] >= 750
        for dimension in DIMENSIONS:
            assert counts[dimension, language] >= 350, (dimension, language)


def test_no_development_line_stands_in_the_training_data(examples):
    assert near_copies(lines_of(*EVALUATION.glob("*.jsonl")), [text for text, _ in examples]) == []


def test_no_sample_line_stands_in_the_training_data(examples):
    if not SAMPLE.is_file():
        return  # the sample is not part of the project; where it lies beside it, it is guarded as well
    assert near_copies(lines_of(SAMPLE), [text for text, _ in examples]) == []


def test_the_gate_finds_a_planted_copy():
    planted = "Our municipal partner wants nine meetings before anybody dares to say yes, how do we cope?"
    nearly = "our municipal partner wants nine meetings before anyone dares to say yes - how do we cope"
    assert [copy.line for copy in near_copies([nearly, "why"], [planted, "Why?"])] == ["why", nearly]
    assert near_copies(["What do companies aim for in the end, do you think?"], [planted]) == []
