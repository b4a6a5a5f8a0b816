"""Cuts a message into clauses: a question about two dimensions mostly has each in a clause of its own."""
from __future__ import annotations

import re
from typing import List

from opi_advisor.nlu.words import Lexicon, fold, tokens

MIN_WORDS = 2  # a shorter piece says too little


class Clauses:
    """Cuts at punctuation and at the `joiners` of the lexicon."""

    def __init__(self, lexicon: Lexicon):
        joiners = sorted({fold(word) for words in lexicon["joiners"].values() for word in words})
        self._cut = re.compile(rf"[.;:!?,+–—]+|\s-\s|\b(?:{'|'.join(map(re.escape, joiners))})\b")

    def of(self, text: str) -> List[List[str]]:
        """The words of each clause of `text`; empty where it is all one clause."""
        pieces = [tokens(piece) for piece in self._cut.split(fold(text))]
        found = [words for words in pieces if len(words) >= MIN_WORDS]
        return found if len(found) > 1 else []
