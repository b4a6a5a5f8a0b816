"""What the source does not answer: say so, say what it does cover, and offer the nearest topics."""
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import respond


class ActionDecline(Action):
    """Decline a question that the source does not answer."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_decline"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say it; returns the slots to set."""
        return respond(dispatcher, tracker)
