"""Takes the courtesies off a message: "Hi, quick question: why is it so slow? Thanks!" asks what "why is it so slow?" asks. So does
"Why is it so slow? My number is [phone]." """
from __future__ import annotations

import re

from opi_advisor.nlu.words import Lexicon

_MASK = re.compile(r"\[[^\[\]]{1,20}\]")  # what stands where something personal was masked (opi_advisor/privacy/masking.py)
_BETWEEN_SENTENCES = re.compile(r"(?<=[.?!])\s+")
SPELLINGS = {"æ": "(?:æ|ae)", "ø": "(?:ø|oe)", "å": "(?:å|aa)"}


class Courtesy:
    """Takes the `courtesies` of the lexicon off both ends of a message, where something is left of it."""

    def __init__(self, lexicon: Lexicon):
        phrases = sorted({phrase for phrases in lexicon["courtesies"].values() for phrase in phrases}, key=len, reverse=True)
        one = rf"\b(?:{'|'.join(map(_pattern, phrases))})\b"
        self._nothing_else = re.compile(rf"(?:\W*{one})*\W*$", re.IGNORECASE)
        self._before = re.compile(rf"(?:\s*{one}\s*[,.:;!–—-]+\s*)+", re.IGNORECASE)
        self._after = re.compile(rf"(?:[\s,.;!–—-]+{one})+[\s.!:)]*$", re.IGNORECASE)

    def off(self, text: str) -> str:
        """The message without its courtesies; unchanged where it is nothing else."""
        text = _without_masked(text)
        if self._nothing_else.match(text):
            return text
        before = self._before.match(text)
        return self._after.sub("", text[before.end():] if before else text)


def _without_masked(text: str) -> str:
    """Without the sentences in which something was masked, or without the masks where there is no other sentence."""
    if not _MASK.search(text):
        return text
    others = [sentence for sentence in _BETWEEN_SENTENCES.split(text) if not _MASK.search(sentence)]
    return " ".join(others) or _MASK.sub("", text).strip() or text


def _pattern(phrase: str) -> str:
    return "".join(SPELLINGS.get(letter, re.escape(letter)) for letter in phrase)
