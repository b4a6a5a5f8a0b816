"""Small talk: greetings, thanks, help, who the assistant is, and being told the asker's side."""
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import respond


class ActionSmallTalk(Action):
    """Answer what is no question about partners."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_small_talk"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say it; returns the slots to set."""
        return respond(dispatcher, tracker)
