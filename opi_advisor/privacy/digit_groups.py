"""Runs of digits in a text and what joins them, so that a number is found however it is grouped."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable, Iterator, List, Tuple

from opi_advisor.privacy.folding import Span

_DIGITS = re.compile(r"[0-9]+")
_JOINT = re.compile(r"\)? {0,2}\(?|\.| ?[-/] ?")  # blanks or brackets, a dot, a dash or a slash
MAX_GROUPS = 19  # of one number: a card number written digit by digit


@dataclass(frozen=True)
class Groups:
    """Neighbouring groups of digits: "12 34-56" has the digits ("12", "34", "56") and the joints (" ", "-")."""

    start: int
    end: int
    digits: Tuple[str, ...]
    joints: Tuple[str, ...]

    @property
    def number(self) -> str:
        """All digits."""
        return "".join(self.digits)

    @property
    def sizes(self) -> Tuple[int, ...]:
        """How many digits each group has."""
        return tuple(map(len, self.digits))


def find_numbers(text: str, accepts: Callable[[Groups], bool]) -> Iterator[Span]:
    """The spans of the groups that `accepts` takes, from left to right, the longest first where several begin together."""
    matches = list(_DIGITS.finditer(text))
    first = 0
    while first < len(matches):
        taken = next((groups for groups in reversed(_starting_at(text, matches[first:first + MAX_GROUPS])) if accepts(groups)), None)
        if taken:
            yield taken.start, taken.end
        first += len(taken.digits) if taken else 1


def _starting_at(text: str, matches: List["re.Match[str]"]) -> List[Groups]:
    """All joined groups that begin with the first match, the shortest first."""
    digits, joints = [matches[0].group()], []
    found = [Groups(matches[0].start(), matches[0].end(), tuple(digits), ())]
    for before, match in zip(matches, matches[1:]):
        joint = text[before.end():match.start()]
        if not _JOINT.fullmatch(joint):
            break
        digits.append(match.group())
        joints.append(joint.strip(" ()") or " ")
        found.append(Groups(matches[0].start(), match.end(), tuple(digits), tuple(joints)))
    return found
