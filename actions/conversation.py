"""What every action does: read the slots, make a Question, get its Reply, say it, and keep what the next turn needs."""
from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from opi_advisor.knowledge import default_knowledge
from opi_advisor.question import Context, Question, Reading, resolve
from opi_advisor.render import render_text
from opi_advisor.reply import build_reply


class Responding(Action, ABC):
    """An action that answers the latest message."""

    @abstractmethod
    def name(self) -> str:
        """The action's name in the domain."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the reply; returns the slots to set."""
        context = read_context(tracker)
        question = resolve(read_message(tracker), context)
        say(dispatcher, question, context)
        after = context.after(question)
        return [SlotSet("side", after.side), SlotSet("language", after.language),
                SlotSet("trail", [earlier.to_dict() for earlier in after.trail]),
                SlotSet("unclear", after.unclear and after.unclear.to_dict())]


def read_context(tracker: Tracker) -> Context:
    """The conversation so far, from its slots."""
    trail = tuple(Question.from_dict(earlier) for earlier in tracker.get_slot("trail") or ())
    unclear = tracker.get_slot("unclear")
    return Context(trail, tracker.get_slot("side"), tracker.get_slot("language"), unclear and Question.from_dict(unclear))


def read_message(tracker: Tracker) -> Reading:
    """What the pipeline read in the latest message."""
    message: Dict[str, Any] = tracker.latest_message
    return Reading.from_dict({**message.get("reading", {}), "intent": message["intent"]["name"]})


def say(dispatcher: CollectingDispatcher, question: Question, context: Context) -> None:
    """Send the reply as one item: text, buttons and the reply contract."""
    knowledge = default_knowledge()
    reply = build_reply(question, context, knowledge)
    dispatcher.utter_message(
        text=render_text(reply, knowledge),
        buttons=[{"title": button, "payload": button} for button in reply.buttons],
        json_message=reply.to_custom(),
    )
