"""Answers from the comparison, the overview and the background, follow-ups included."""
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import respond


class ActionAnswer(Action):
    """Answer a question about the dimensions, all of them, or what the source says around them."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the answer; returns the slots to set."""
        return respond(dispatcher, tracker)
