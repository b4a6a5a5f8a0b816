"""Personal numbers and addresses in what people write: replaced before anything is stored, logged or understood.

Found are e-mail addresses, numbers of payment cards, CPR numbers and phone numbers. Names are not: nothing here can tell them.
"""
from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import Callable, Iterable, Iterator, Sequence, Tuple

from opi_advisor.knowledge import default_knowledge
from opi_advisor.knowledge_files import PrivacyFile
from opi_advisor.privacy.digit_groups import find_numbers
from opi_advisor.privacy.folding import Span, fold, replace_spans
from opi_advisor.privacy.personal_numbers import is_card, is_cpr
from opi_advisor.privacy.phones import PhoneFinder

_LOCAL = r"(?:\"[^\"\n]{1,64}\"|[^\s\"<>()\[\],;:@]{1,64})"
_LABEL = r"[\w-]+"
_AT = r"(?: ?(?:@|[(\[{] ?(?:at|snabel-?a|@) ?[)\]}]) ?|[(\[{]a[)\]}]| snabel-?a )"
_DOT = r"(?:\.| ?[(\[{] ?(?:dot|punktum|\.) ?[)\]}] ?)"
_EMAIL = re.compile(
    rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})*"
    rf"|{_LOCAL}{_AT}{_LABEL}(?:{_DOT}{_LABEL})+"
    rf"|{_LOCAL} (?:at|snabel-?a) {_LABEL}(?: (?:dot|punktum) {_LABEL})+", re.IGNORECASE)

Pass = Tuple[str, Callable[[str], Iterable[Span]]]


class Masker:
    """Masks texts with the words of knowledge/privacy.yml."""

    def __init__(self, words: PrivacyFile):
        self._masks = words.masks
        phones = PhoneFinder(words.phone_words, words.other_words, words.units)
        # In this order: an address may contain a phone number, and that of a card or of another country a CPR number.
        self._passes: Sequence[Pass] = (
            ("email", _emails), ("phone", phones.international), ("card", partial(find_numbers, accepts=is_card)),
            ("cpr", partial(find_numbers, accepts=is_cpr)), ("phone", phones.named), ("phone", phones.danish),
        )
        self._unmistakable = (_emails, phones.international)

    def mask(self, text: str) -> str:
        """`text` with a word in brackets in place of each number or address; all else stays as it is."""
        folded = fold(text)
        for kind, find in self._passes:
            folded = replace_spans(folded, find, self._masks[kind])
        return folded.text

    def tells_a_person(self, name: str) -> bool:
        """Whether an id has an e-mail address or a phone number with its country in it, or is a CPR number in groups.

        Other digits are common in ids that say nothing about anybody, as in random ones.
        """
        is_cpr_number = not name.isdigit() and self.mask(name) == self._masks.cpr
        plain = fold(name).plain
        return is_cpr_number or any(next(iter(find(plain)), None) for find in self._unmistakable)


def mask(text: str) -> str:
    """`text` without personal numbers and addresses, by the words of the project's own knowledge base."""
    return _default_masker().mask(text)


def tells_a_person(name: str) -> bool:
    """Whether the id `name` has a personal number or address in it, by the words of the project's own knowledge base."""
    return _default_masker().tells_a_person(name)


@lru_cache(maxsize=None)
def _default_masker() -> Masker:
    return Masker(default_knowledge().privacy)


def _emails(text: str) -> Iterator[Span]:
    return (match.span() for match in _EMAIL.finditer(text))
