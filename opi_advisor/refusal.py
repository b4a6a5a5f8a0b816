"""Replies to messages that are not read at all. Pure functions over the knowledge base, as in `opi_advisor.reply`."""
from __future__ import annotations

from typing import Optional

from opi_advisor.knowledge import LANGUAGES, Knowledge
from opi_advisor.reply import Reply, Section

REFUSAL = "refusal"


def too_long(length: int, limit: int, language: Optional[str], knowledge: Knowledge) -> Reply:
    """Say that a message of `length` characters is longer than `limit`; in both languages where the conversation has none yet."""
    said = [knowledge.phrases.too_long[each].format(length=length, limit=limit) for each in ([language] if language else LANGUAGES)]
    return Reply(kind=REFUSAL, language=language or LANGUAGES[0], topic="too_long", sections=(Section(None, "\n\n".join(said)),))
