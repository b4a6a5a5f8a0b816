"""One spelling for what can be written in many: digits of every script, all kinds of dashes and blanks, invisible characters."""
from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Callable, Iterable, NamedTuple, Sequence, Tuple

Span = Tuple[int, int]  # from, to (exclusive)


class Folded(NamedTuple):
    """A text, its folded form, and where each character of that (and its end) stands in the text."""

    text: str
    plain: str
    places: Sequence[int]


def fold(text: str) -> Folded:
    """Fold `text`."""
    plain = list(map(_plain, text))
    if all(plain):  # nearly every text: no character is left out
        return Folded(text, "".join(plain), range(len(text) + 1))
    return Folded(text, "".join(plain), [*(place for place, character in enumerate(plain) if character), len(text)])


def replace_spans(folded: Folded, find: Callable[[str], Iterable[Span]], replacement: str) -> Folded:
    """The text with what `find` finds in its folded form replaced; all else stays as it was written.

    Args:
        find: gets the folded text and gives spans in it, in order and without overlap.
    """
    text, places = folded.text, folded.places
    parts, done = [], 0
    for start, end in find(folded.plain):
        parts += [text[done:places[start]], replacement]
        done = places[end]
    return fold("".join(parts) + text[done:]) if parts else folded


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me"):  # soft hyphens, zero-width blanks, combining marks
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    if category == "Zs" or character == "\t":
        return " "
    compatible = unicodedata.normalize("NFKC", character)  # full-width signs and the like
    return compatible if len(compatible) == 1 else character
