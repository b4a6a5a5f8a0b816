"""The wish to have a conversation deleted, as people write it, and the replies to it. Pure functions over the knowledge base."""
from __future__ import annotations

import re
from functools import lru_cache
from typing import FrozenSet, Optional, Tuple

from opi_advisor.knowledge import LANGUAGES, Knowledge
from opi_advisor.knowledge_files import Text
from opi_advisor.question import TROUBLE
from opi_advisor.reply import Reply, Section

FORGOTTEN = "forgotten"


def wish_to_forget(text: str, knowledge: Knowledge) -> Optional[str]:
    """The language in which `text` asks to delete the conversation, and says nothing else; None where it does not."""
    words = knowledge.privacy
    said = _plain(text)
    bare = _without(tuple(words.polite)).fullmatch(said)
    for language in LANGUAGES:
        wishes = _all_plain(tuple(words.forget[language]))
        if said in wishes or (bare and bare.group(1) in wishes):
            return language
    return None


def forgotten(language: str, knowledge: Knowledge) -> Reply:
    """Say that the conversation is deleted."""
    return _said(FORGOTTEN, knowledge.phrases.forgotten, language)


def not_forgotten(language: str, knowledge: Knowledge) -> Reply:
    """Say that it could not be deleted now."""
    return _said(TROUBLE, knowledge.phrases.not_forgotten, language)


def _said(kind: str, text: Text, language: str) -> Reply:
    return Reply(kind=kind, language=language, sections=(Section(None, text[language]),))


@lru_cache(maxsize=None)  # every message is held against them
def _without(polite: Tuple[str, ...]) -> "re.Pattern[str]":
    """Matches what may have polite words before and behind it, as its group."""
    words = "|".join(re.escape(_plain(word)) for word in sorted(polite, key=len, reverse=True))
    return re.compile(rf"(?:(?:{words}) )?(.*?)(?: (?:{words}))?")


@lru_cache(maxsize=None)
def _all_plain(wishes: Tuple[str, ...]) -> FrozenSet[str]:
    return frozenset(map(_plain, wishes))


def _plain(text: str) -> str:
    """In small letters, words only, one blank between them."""
    return " ".join(re.findall(r"\w+", text.casefold()))
