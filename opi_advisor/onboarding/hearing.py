"""Whether a message is nothing but one of the wordings that are waited for, as "skip" or "I think the company" in the tour.

Strict on purpose: a message with any other word in it is a question of its own, and goes the way of all questions.
"""
from __future__ import annotations

import re
from difflib import SequenceMatcher
from operator import eq
from typing import Callable, Iterable, List, Optional, Sequence

from opi_advisor.knowledge import LANGUAGES
from opi_advisor.onboarding_file import Wordings

ALIKE = 0.8  # how like a word must be to count as a slip of one of ours (difflib's ratio)
SHORTEST_SLIP = 5  # letters; shorter words are too easily like another
_SPELLINGS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def words_of(text: str) -> List[str]:
    """The words of a text in small letters, without marks, and æ, ø and å as people write them without those keys."""
    return re.findall(r"\w+", text.casefold().translate(_SPELLINGS))


def is_said(text: str, wordings: Iterable[str], fillers: Sequence[str] = (), slips: bool = True) -> bool:
    """Whether `text` is one of `wordings`, with nothing but `fillers` (single words) around it; with `slips`, also misspelt."""
    words = words_of(text)
    around = {word for filler in fillers for word in words_of(filler)}
    is_same = _is_alike if slips else eq
    return any(_is_around(words, words_of(wording), around, is_same) for wording in wordings)


def language_of(text: str, wordings: Wordings, fillers: Wordings, first: str) -> Optional[str]:
    """The language in which `text` says one of `wordings`, `first` tried first; None where it does not."""
    for language in sorted(LANGUAGES, key=lambda name: name != first):
        if is_said(text, wordings[language], fillers[language]):
            return language
    return None


def _is_around(words: Sequence[str], wording: Sequence[str], around: Iterable[str], is_same: Callable[[str, str], bool]) -> bool:
    starts = (start for start in range(len(words) - len(wording) + 1)
              if all(map(is_same, words[start:start + len(wording)], wording)))
    return any(all(word in around for word in [*words[:start], *words[start + len(wording):]]) for start in starts)


def _is_alike(word: str, wanted: str) -> bool:
    if word == wanted or min(len(word), len(wanted)) < SHORTEST_SLIP:
        return word == wanted
    return SequenceMatcher(None, word, wanted, autojunk=False).ratio() >= ALIKE
