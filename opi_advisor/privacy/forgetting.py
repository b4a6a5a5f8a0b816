"""The wish to have a conversation deleted, as people write it, and the replies to it. Pure functions over the knowledge base."""
from __future__ import annotations

import re
from typing import Optional

from opi_advisor.knowledge import LANGUAGES, Knowledge
from opi_advisor.knowledge_files import Text
from opi_advisor.question import TROUBLE
from opi_advisor.reply import Reply, Section

FORGOTTEN = "forgotten"


def wish_to_forget(text: str, knowledge: Knowledge) -> Optional[str]:
    """The language in which `text` asks to delete the conversation, and says nothing else; None where it does not."""
    words = knowledge.privacy
    said = _plain(text)
    polite = "|".join(re.escape(_plain(word)) for word in sorted(words.polite, key=len, reverse=True))
    bare = re.fullmatch(rf"(?:(?:{polite}) )?(.*?)(?: (?:{polite}))?", said)
    for language in LANGUAGES:
        wishes = {_plain(wish) for wish in words.forget[language]}
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


def _plain(text: str) -> str:
    """In small letters, words only, one blank between them."""
    return " ".join(re.findall(r"\w+", text.casefold()))
