"""The advisor in this process, without Rasa: the same reading, resolving and replying as in the actions."""
from __future__ import annotations

from typing import Any, Dict, Tuple

from opi_advisor.dialogue import State, take_turn
from opi_advisor.knowledge import default_knowledge
from opi_advisor.nlu.understanding import Understanding
from opi_advisor.question import Question, Reading
from opi_advisor.reply import Reply


class Advisor:
    """Answers messages; each sender has a conversation of its own, kept as long as this object."""

    def __init__(self, understanding: Understanding):
        self._understanding = understanding
        self._states: Dict[str, State] = {}

    def say(self, sender: str, message: str) -> Tuple[Question, Reply]:
        """One turn: what was understood, and the reply to it."""
        reading = Reading.from_dict({**self._understanding.read(message), "text": message})
        turn = take_turn(reading, self._states.get(sender, State()), default_knowledge())
        self._states[sender] = turn.state
        return turn.question, turn.reply

    def ask(self, sender: str, message: str) -> Dict[str, Any]:
        """One turn: the reply contract."""
        return self.say(sender, message)[1].to_custom()
