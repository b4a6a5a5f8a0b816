"""docs/privacy.md: every test that it names is there, its masks and counts are the real ones, and both notices say the same."""
import re

import pytest

from opi_advisor.knowledge import default_knowledge
from opi_advisor.project import ROOT
from opi_advisor.settings import RETENTION_DAYS
from tests.privacy.written_numbers import LOOK_ALIKES, WRITTEN

TEXT = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
WORDS = " ".join(TEXT.replace("\n> ", " ").split())
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


def test_every_named_test_is_there():
    named = re.findall(r"`(?:tests/[\w/]+\.py::)?(test_\w+)`", TEXT)
    assert len(named) >= 8
    for name in named:
        assert f"def {name}(" in TESTS, name
    for file, name in re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TEXT):
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), name


def test_masks_and_numbers_are_the_real_ones():
    for mask in default_knowledge().privacy.masks.dict().values():
        assert f"`{mask}`" in TEXT
    forms, alike = sum(map(len, WRITTEN.values())), len(LOOK_ALIKES)
    assert int(re.search(r"lists (\d+) written forms", WORDS).group(1)) == forms
    assert int(re.search(r"and (\d+) dates", WORDS).group(1)) == alike
    assert f"{RETENTION_DAYS} days after its last message" in WORDS


@pytest.mark.parametrize("words", re.findall(r"\"([^\"]+)\"", re.search(r"by writing (.*?) as a message", WORDS).group(1)))
def test_the_words_that_delete_are_those_of_the_knowledge_base(words):
    forget = default_knowledge().privacy.forget
    assert words in forget.da + forget.en


def test_both_notices_have_the_same_paragraphs():
    danish, english = TEXT.split("### Dansk")[1].split("### English")
    assert danish.count("\n>\n") == english.count("\n>\n") and danish.count("> *") == english.count("> *") == 6
    assert danish.count("[") == english.count("[")
    assert "skriv »glem samtalen«" in WORDS and 'write "forget this conversation"' in WORDS
