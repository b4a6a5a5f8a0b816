"""Phone numbers: Danish ones in their usual forms, international ones, and whatever stands after a word for a phone."""
from __future__ import annotations

import re
from typing import Iterator, Sequence

import phonenumbers

from opi_advisor.privacy.digit_groups import Groups, find_numbers
from opi_advisor.privacy.folding import Span

# Sizes of the groups of a Danish number, and what may join them.
_DANISH = {(8,): "", (2, 2, 2, 2): " -.", (4, 4): " -", (2, 6): " ", (3, 2, 3): " ", (3, 3, 2): " ", (2, 2, 4): " ", (4, 2, 2): " ",
           (1,) * 8: " "}
_COUNTRY = "45"
_DAYS, _YEARS = re.compile(r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d"), re.compile(r"(19|20)\d\d")
_INTERNATIONAL = re.compile(r"\(?(?:\+|(?<!\w)(?<![0-9][ .-])00) ?\(?[1-9](?:[ ()./-]{0,3}[0-9]){5,17}")
_LOOSE = r"[+(]{0,2}[0-9](?:[ ()./-]{0,3}[0-9]){5,14}(?![0-9])"
_PART_OF_MORE = re.compile(r"(?:[0-9][.,/]|\w-|[^\W\d_])$")  # 3.12345678, 22/12345678, OPI-12345678, A12345678
_GOES_ON = re.compile(r"[.,][0-9]{1,3}(?![0-9])")  # 12345678,50


class PhoneFinder:
    """Finds phone numbers in folded text.

    Args:
        phone_words: after them, every longer number is a phone number.
        other_words, units: after and before them, eight digits are none.
    """

    def __init__(self, phone_words: Sequence[str], other_words: Sequence[str], units: Sequence[str]):
        number = r"(?:[-. ]{0,2}(?:nr|nummer|no|number)\b)?"
        self._named = re.compile(rf"(?<!\w)(?:{_any(phone_words)}){number}[.:# ]*(?:(?:er|is|på|on) )?({_LOOSE})", re.IGNORECASE)
        self._other = re.compile(rf"(?<!\w)(?:{_any(other_words)}){number}[-.:# ]*$", re.IGNORECASE)
        self._unit = re.compile(rf"[ .]?(?:{_any(units)})(?!\w)", re.IGNORECASE)

    def named(self, text: str) -> Iterator[Span]:
        """Numbers after a word for a phone."""
        for match in self._named.finditer(text):
            if not self._unit.match(text, match.end()):
                yield match.span(1)

    def international(self, text: str) -> Iterator[Span]:
        """Numbers with + or 00 and a country's code, of a length that the country has."""
        done = 0
        for match in _INTERNATIONAL.finditer(text):
            end = _longest_possible(match.group())
            if end and match.start() >= done:
                done = match.start() + end
                yield match.start(), done

    def danish(self, text: str) -> Iterator[Span]:
        """Numbers of eight digits, with or without 45 in front."""
        done = 0
        for start, end in find_numbers(text, _is_danish):
            if (done and done == start - 1) or not self._is_something_else(text, start, end):
                yield start, end
                done = end

    def _is_something_else(self, text: str, start: int, end: int) -> bool:
        before = text[max(0, start - 40):start]
        return bool(_PART_OF_MORE.search(before) or self._other.search(before)
                    or _GOES_ON.match(text, end) or self._unit.match(text, end))


def _is_danish(groups: Groups) -> bool:
    digits, joints = groups.digits, groups.joints
    if digits[0] == _COUNTRY and len(digits) > 1:
        digits, joints = digits[1:], joints[1:]
    elif len(digits) == 1 and len(digits[0]) == 10 and digits[0].startswith(_COUNTRY):
        digits = (digits[0][2:],)
    sizes, number = tuple(map(len, digits)), "".join(digits)
    if sizes not in _DANISH or number[0] == "0" or len(set(joints)) > 1 or (joints and joints[0] not in _DANISH[sizes]):
        return False
    if sizes == (2, 2, 4):
        return not _DAYS.fullmatch(number)
    if sizes == (4, 2, 2):
        return not _DAYS.fullmatch(number[6:] + number[4:6] + number[:4])
    return not (joints == ("-",) and all(map(_YEARS.fullmatch, digits)))  # 2026-2027


def _longest_possible(candidate: str) -> int:
    """How much of `candidate` is a possible number; 0 where nothing is."""
    ends = [match.end() for match in re.finditer(r"[0-9]+\)?", candidate)]
    for end in reversed(ends):
        try:
            if phonenumbers.is_possible_number(phonenumbers.parse(candidate[:end].lstrip("("), "DK")):
                return end
        except phonenumbers.NumberParseException:
            continue
    return 0


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
