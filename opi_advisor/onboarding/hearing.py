"""Whether a message is nothing but one of the wordings that are waited for, as "skip" or "I think the company" in the tour.

Strict on purpose: a message with any other word in it is a question of its own, and goes the way of all questions.
"""
from __future__ import annotations

import re
from functools import lru_cache
from operator import eq
from typing import Callable, FrozenSet, Iterable, List, Optional, Sequence, Tuple

from rapidfuzz.fuzz import ratio

from opi_advisor.knowledge import LANGUAGES
from opi_advisor.knowledge_files import Wordings

ALIKE = 80  # how like a word must be to count as a slip of one of ours (rapidfuzz's ratio, 0 to 100)
SHORTEST_SLIP = 5  # letters; shorter words are too easily like another
_SPELLINGS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def words_of(text: str) -> List[str]:
    """The words of a text in small letters, without marks, and æ, ø and å as people write them without those keys."""
    return re.findall(r"\w+", text.casefold().translate(_SPELLINGS))


def is_said(text: str, wordings: Iterable[str], fillers: Sequence[str] = (), slips: bool = True) -> bool:
    """Whether `text` is one of `wordings`, with nothing but `fillers` (single words) around it; with `slips`, also misspelt."""
    words, is_same = words_of(text), _is_alike if slips else eq
    around, ours = _words_in(tuple(fillers)), _taken_apart(tuple(wordings))
    if sum(word not in around for word in words) > max(map(len, ours), default=0):  # most messages: too much else is said
        return False
    return any(_is_around(words, wording, around, is_same) for wording in ours)


@lru_cache(maxsize=None)
def _taken_apart(wordings: Tuple[str, ...]) -> Tuple[Tuple[str, ...], ...]:
    """The words of each of our own wordings, once in a process: every message is held against all of them."""
    return tuple(tuple(words_of(wording)) for wording in wordings)


@lru_cache(maxsize=None)
def _words_in(fillers: Tuple[str, ...]) -> FrozenSet[str]:
    return frozenset(word for filler in _taken_apart(fillers) for word in filler)


def languages_from(first: str) -> List[str]:
    """Both languages, `first` first."""
    return sorted(LANGUAGES, key=lambda name: name != first)


def language_of(text: str, wordings: Wordings, fillers: Wordings, first: str) -> Optional[str]:
    """The language in which `text` says one of `wordings`, `first` tried first; None where it does not."""
    for language in languages_from(first):
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
    return ratio(word, wanted, score_cutoff=ALIKE) > 0
