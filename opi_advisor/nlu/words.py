"""Words of a message: folding, tokens, and the lexicon of words that name parties and places in a list."""
from __future__ import annotations

import re
from typing import Dict, List, Mapping, Optional, Pattern, Sequence, Tuple

Lexicon = Mapping[str, Mapping[str, Sequence[str]]]

_FOLDS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "é": "e", "è": "e", "ü": "u",
                        "’": "'", "`": "'", "´": "'"})
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|\?")
_POSSESSIVE = re.compile(r"'s?$")


def fold(text: str) -> str:
    """Small letters, and one spelling for æ/ae, ø/oe, å/aa."""
    return text.lower().translate(_FOLDS)


def tokens(text: str) -> List[str]:
    """The folded words of `text`, without possessive endings; a question mark is a token of its own."""
    return [_POSSESSIVE.sub("", token) for token in _TOKEN.findall(fold(text))]


class PartyTagger:
    """Tells which words name a party, from the word lists of `data/lexicon.yml`."""

    def __init__(self, lexicon: Lexicon):
        self._patterns: Dict[str, Pattern[str]] = {name: _pattern(lexicon[name]) for name in ("public", "private")}

    def tag(self, words: Sequence[str]) -> List[Optional[str]]:
        """For each word the party that it names, or None."""
        return [next((party for party, pattern in self._patterns.items() if pattern.match(word)), None) for word in words]


class ReferenceReader:
    """Reads "number 4", "the next one", "the last one" and "back to the previous"."""

    def __init__(self, lexicon: Lexicon):
        self._number_words = {fold(word) for words in lexicon["number_words"].values() for word in words}
        self._cardinals = _numbered(lexicon["cardinals"])
        self._ordinals = _numbered(lexicon["ordinals"])
        self._places = [(name, _pattern(lexicon[name])) for name in ("next", "previous", "last")]

    def read(self, words: Sequence[str]) -> Optional[str]:
        """The place that the words name: a number, "next", "previous" or "last"; None for no place."""
        for before, word in zip([""] + list(words), words):
            if word.isdigit():
                return word
            if word in self._ordinals:
                return self._ordinals[word]
            if before in self._number_words and word in self._cardinals:
                return self._cardinals[word]
        return next((name for name, pattern in self._places if any(pattern.match(word) for word in words)), None)


def _numbered(by_language: Mapping[str, Sequence[str]]) -> Dict[str, str]:
    return {fold(word): str(number) for words in by_language.values() for number, word in enumerate(words, 1)}


def _pattern(by_language: Mapping[str, Sequence[str]]) -> Pattern[str]:
    words = sorted({fold(word) for words in by_language.values() for word in words})
    alternatives = "|".join(re.escape(word).replace(r"\*", r"[\w'-]*") for word in words)
    return re.compile(f"(?:{alternatives})$")
