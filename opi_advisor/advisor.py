"""The advisor in this process, without Rasa: the same reading, resolving and replying as in the actions."""
from __future__ import annotations

from typing import Any, Dict, Tuple

from opi_advisor.knowledge import default_knowledge
from opi_advisor.nlu.understanding import Understanding
from opi_advisor.question import Context, Question, Reading, resolve
from opi_advisor.reply import Reply, build_reply


class Advisor:
    """Answers messages; each sender has a conversation of its own, kept as long as this object."""

    def __init__(self, understanding: Understanding):
        self._understanding = understanding
        self._contexts: Dict[str, Context] = {}

    def say(self, sender: str, message: str) -> Tuple[Question, Reply]:
        """One turn: what was understood, and the reply to it."""
        context = self._contexts.get(sender, Context())
        question = resolve(Reading.from_dict(self._understanding.read(message)), context)
        self._contexts[sender] = context.after(question)
        return question, build_reply(question, context, default_knowledge())

    def ask(self, sender: str, message: str) -> Dict[str, Any]:
        """One turn: the reply contract."""
        return self.say(sender, message)[1].to_custom()
