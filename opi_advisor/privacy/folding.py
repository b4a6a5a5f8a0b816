"""One spelling for what can be written in many: digits of every script, all kinds of dashes and blanks, invisible characters."""
from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Callable, Iterable, List, Tuple

Span = Tuple[int, int]  # from, to (exclusive)


def replace_spans(text: str, find: Callable[[str], Iterable[Span]], replacement: str) -> str:
    """`text` with what `find` finds in its folded form replaced; all else stays as it was written.

    Args:
        find: gets the folded text and gives spans in it, in order and without overlap.
    """
    folded, places = _fold(text)
    parts, done = [], 0
    for start, end in find(folded):
        parts += [text[done:places[start]], replacement]
        done = places[end]
    return "".join(parts) + text[done:]


def _fold(text: str) -> Tuple[str, List[int]]:
    """The folded text, and where each of its characters (and its end) stands in `text`."""
    folded = [(place, plain) for place, plain in enumerate(map(_plain, text)) if plain]
    return "".join(plain for place, plain in folded), [*(place for place, plain in folded), len(text)]


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
