"""What the query of a sheet's address says: its language and the placements, or in a sentence what is wrong with it."""
from __future__ import annotations

import re
from typing import Dict, Sequence, Tuple
from urllib.parse import parse_qsl, urlencode

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, Knowledge
from opi_advisor.knowledge_files import Text
from opi_advisor.placements import MAX_QUERY, Placements, PlacementsError, read_placements

PROFILE_NAMES = ("lang", "side", *DIMENSIONS)
COMPARISON_NAMES = ("lang",)
MAX_SHOWN = 60  # characters of a wrong value that are shown again
_LANGUAGE = re.compile(rf"(?:^|&)lang=({'|'.join(LANGUAGES)})(?=&|$)")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")  # with those that turn the direction of the text around


class AddressError(Exception):
    """A query that can't be used; the message says why in the language asked for."""


def language_of(query: str) -> str:
    """The language of a query, be it right or wrong; Danish where it has none."""
    found = _LANGUAGE.search(query)
    return found.group(1) if found else LANGUAGES[0]


def read_address(query: str, known: Sequence[str], knowledge: Knowledge) -> Tuple[str, Placements]:
    """The language and the placements in a query (without its question mark) that may have the names `known`.

    Raises:
        AddressError: it is too long, can't be read, or has a name or a value that is none.
    """
    language, say = language_of(query), knowledge.profile.refused

    def refuse(reason: Text, name: str = "", value: str = "") -> AddressError:
        return AddressError(reason[language].format(name=_shown(name), value=_shown(value), known=", ".join(known), limit=MAX_QUERY))

    if len(query) > MAX_QUERY:
        raise refuse(say.too_long)
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict")
    except ValueError:
        raise refuse(say.unreadable)
    for name, _ in pairs:
        if name not in known:
            raise refuse(say.unknown, name)
        if sum(1 for other, _ in pairs if other == name) > 1:
            raise refuse(say.doubled, name)
    values: Dict[str, str] = dict(pairs)
    asked = values.pop("lang", language)
    if asked not in LANGUAGES:
        raise refuse(say.language, value=asked)
    for name, value in values.items():  # each alone, to say which one is wrong
        try:
            read_placements(urlencode({name: value}))
        except PlacementsError:
            raise refuse(say.side if name == "side" else say.places, name, value)
    return asked, read_placements(urlencode(values))


def _shown(word: str) -> str:
    """A part of the address as it may be shown: without control characters, and not too long."""
    clean = _CONTROLS.sub("\ufffd", word)
    return clean if len(clean) <= MAX_SHOWN else f"{clean[:MAX_SHOWN]}…"
