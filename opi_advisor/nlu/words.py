"""Words of a message: folding, tokens, and the lexicon of words that name parties and places in a list."""
from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Dict, List, Mapping, Optional, Pattern, Sequence, Tuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

Lexicon = Mapping[str, Mapping[str, Sequence[str]]]
Tags = Sequence[Optional[str]]  # of each word of a message the party that it names, if any

WORDS_REMEMBERED = 10_000  # of those met lately, with what was found out about them
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
        self._remembered = lru_cache(WORDS_REMEMBERED)(self._party_of)

    def tag(self, words: Sequence[str]) -> Tags:
        """For each word the party that it names, or None."""
        return list(map(self._remembered, words))

    def _party_of(self, word: str) -> Optional[str]:
        return next((party for party, pattern in self._patterns.items() if pattern.match(word)), None)


class PartyAfter:
    """Tells which party is named right after one of some words: "what can a small supplier do", "jeg er ansat i kommunen"."""

    ADJECTIVES = 2  # at most, before the party

    def __init__(self, lexicon: Lexicon, words: str):
        """`words` is the key of the lexicon that has them."""
        before, article = (_alternatives(lexicon[name]) for name in (words, "articles"))
        self._pattern = re.compile(rf"(?<!\S)(?:{before}) (?:(?:{article}) (?:\S+ ){{0,{self.ADJECTIVES}}}?)?(PRIVATE|PUBLIC)(?! PRIVATE| PUBLIC)(?!\S)")

    def of(self, words: Sequence[str], tags: Tags) -> List[str]:
        """The parties found, in the order of the message."""
        line = " ".join(tag.upper() if tag else word for word, tag in zip(words, tags))
        return [found.lower() for found in self._pattern.findall(line)]


class Names:
    """Tells which of some things a message calls by name; names may have several words."""

    def __init__(self, lexicon: Lexicon, things: Sequence[str]):
        self._patterns = {thing: _pattern(lexicon[thing], whole=False) for thing in things}

    def of(self, words: Sequence[str]) -> List[str]:
        """The things named, in the order given at the beginning."""
        line = " ".join(words)
        return [thing for thing, pattern in self._patterns.items() if pattern.search(line)]


class Speller:
    """Spells a message as the examples do: known words with their Danish letters, and a word that no example has as the known
    word that is one slip of the finger away (two in a long word).

    The distance counts a swap of neighbours as one slip (optimal string alignment, from rapidfuzz).
    """

    MIN_LENGTH, LONG_WORD = 5, 9
    FAMILIAR = 0.6  # share of known words; on the development set no question on our subject has fewer
    MIN_COUNT = 2  # a word that stands only once may itself be a slip

    def __init__(self, vocabulary: Sequence[str]):
        """`vocabulary` is the known words, spelled well, the more frequent before the less frequent."""
        self.vocabulary = tuple(vocabulary)
        self._spelling = {fold(word): word for word in reversed(vocabulary)}
        self._candidates = [fold(word) for word in vocabulary if len(word) >= self.MIN_LENGTH]
        self._by_length: Dict[Tuple[int, int], List[str]] = {}

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> "Speller":
        """A speller that knows the words of `texts`."""
        counts = Counter(word for text in texts for word in _TOKEN.findall(text.lower()))
        return cls([word for word, count in counts.most_common() if count >= cls.MIN_COUNT])

    def respell(self, text: str) -> str:
        """`text` in small letters, its known words as they are mostly spelled, and the others as they are."""
        return _TOKEN.sub(lambda match: self._spelling.get(fold(match[0]), match[0]), text.lower())

    def correct(self, text: str) -> str:
        """The same, with the unknown words that look like slips corrected."""
        return _TOKEN.sub(lambda match: self._corrected(match[0]), text.lower())

    def is_familiar(self, text: str) -> bool:
        """Whether the examples have most words of a corrected text. One word that they lack may be a slip or a name, so a text
        with one known word is familiar."""
        words = [fold(word) for word in _TOKEN.findall(text.lower()) if any(map(str.isalpha, word))]
        known = sum(word in self._spelling for word in words)
        return known > 0 and (len(words) - known < 2 or known / len(words) >= self.FAMILIAR)

    def _corrected(self, word: str) -> str:
        folded = fold(word)
        if folded in self._spelling or len(word) < self.MIN_LENGTH:
            return self._spelling.get(folded, word)
        if _POSSESSIVE.sub("", folded) in self._spelling:
            return word
        slips = 2 if len(folded) >= self.LONG_WORD else 1
        found = extractOne(folded, self._of_length(len(folded), slips), scorer=OSA.distance, score_cutoff=slips)
        return self._spelling[found[0]] if found else word

    def _of_length(self, length: int, slips: int) -> List[str]:
        """The candidates that are at most `slips` letters longer or shorter: no other one can be so near."""
        if (length, slips) not in self._by_length:
            self._by_length[length, slips] = [word for word in self._candidates if abs(len(word) - length) <= slips]
        return self._by_length[length, slips]


class Negations:
    """Marks the words under a negation, and those of a wish ("how do we get them to decide faster?"): what they name is not
    the case, so that "afraid" and "not afraid" are learned apart."""

    REACH = 4  # words that are marked
    WISH_GAP = 4  # words at most between the two halves of a wish

    def __init__(self, lexicon: Lexicon):
        self._negators, self._wishes = _pattern(lexicon["negators"]), _wish_pattern(lexicon["wishes"], self.WISH_GAP)

    def mark(self, words: Sequence[str]) -> List[str]:
        """The words, each negated or wished-for one in another form: in capitals, so that it has no letters in common with itself."""
        line, marked, left = "", [], 0
        for word in words:
            line = f"{line} {word}"
            under = left > 0 and word != "?"
            marked.append(f"NOT_{word.upper()}" if under else word)
            left -= under
            if self._negators.match(word) or self._wishes.search(line):
                left = self.REACH
        return marked


def _wish_pattern(by_language: Mapping[str, Sequence[str]], gap: int) -> Pattern[str]:
    """Matches a line that ends with a wish, written as its two halves: "get ... to"."""
    halves = [tuple(map(re.escape, fold(wish).split(" ... "))) for wishes in by_language.values() for wish in wishes]
    return re.compile("(?:" + "|".join(rf" {first}(?: \S+){{1,{gap}}}? {second}" for first, second in halves) + ")$")


class ReferenceReader:
    """Reads "number 4", "the next one" and "the last one"."""

    def __init__(self, lexicon: Lexicon):
        self._number_words = {fold(word) for words in lexicon["number_words"].values() for word in words}
        self._cardinals = _numbered(lexicon["cardinals"])
        self._ordinals = _numbered(lexicon["ordinals"])
        self._places = [(name, _pattern(lexicon[name])) for name in ("next", "last")]

    def read(self, words: Sequence[str]) -> List[str]:
        """The places that the words name: numbers, or one of "next" and "last"; empty for no place."""
        numbers, counting = [], False
        for word in words:
            if word.isdigit():
                numbers.append(word)
            elif word in self._ordinals:
                numbers.append(self._ordinals[word])
            elif counting and word in self._cardinals:
                numbers.append(self._cardinals[word])
            counting = counting or word in self._number_words
        places = (name for name, pattern in self._places if any(pattern.match(word) for word in words))
        return list(dict.fromkeys(numbers)) or list(places)[:1]


def _numbered(by_language: Mapping[str, Sequence[str]]) -> Dict[str, str]:
    """Each form of the numbers ("andet toeren" are two forms of 2) with its number."""
    return {fold(form): str(number) for words in by_language.values() for number, forms in enumerate(words, 1) for form in forms.split()}


def _alternatives(by_language: Mapping[str, Sequence[str]]) -> str:
    words = sorted({fold(word) for words in by_language.values() for word in words})
    return "|".join(re.escape(word).replace(r"\*", r"[\w'-]*") for word in words)


def _pattern(by_language: Mapping[str, Sequence[str]], whole: bool = True) -> Pattern[str]:
    alternatives = _alternatives(by_language)
    return re.compile(f"(?:{alternatives})$" if whole else rf"(?<!\S)(?:{alternatives})(?!\S)")
