"""What every action does: read the slots, take one turn of the conversation, say its Reply, and keep what the next turn needs."""
from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from opi_advisor.dialogue import State, take_turn
from opi_advisor.knowledge import default_knowledge
from opi_advisor.onboarding.state import Onboarding
from opi_advisor.question import Context, Question, Reading
from opi_advisor.render import render_text
from opi_advisor.reply import Reply


class Responding(Action, ABC):
    """An action that answers the latest message, and then waits for the next: Rasa need not ask its policies what comes after it."""

    @abstractmethod
    def name(self) -> str:
        """The action's name in the domain."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the reply; returns the slots to set, and that nothing more is to be done."""
        turn = take_turn(read_message(tracker), read_state(tracker), default_knowledge())
        say(dispatcher, turn.reply)
        return [*slots_of(turn.state), FollowupAction("action_listen")]


def read_state(tracker: Tracker) -> State:
    """The conversation so far, from its slots."""
    trail = tuple(Question.from_dict(earlier) for earlier in tracker.get_slot("trail") or ())
    unclear, onboarding = tracker.get_slot("unclear"), tracker.get_slot("onboarding")
    context = Context(trail, tracker.get_slot("side"), tracker.get_slot("language"), unclear and Question.from_dict(unclear))
    return State(context, Onboarding.from_dict(onboarding) if onboarding else Onboarding())


def slots_of(state: State) -> List[EventType]:
    """The slots that `read_state` reads."""
    context = state.context
    return [SlotSet("side", context.side), SlotSet("language", context.language),
            SlotSet("trail", [earlier.to_dict() for earlier in context.trail]),
            SlotSet("unclear", context.unclear and context.unclear.to_dict()),
            SlotSet("onboarding", state.onboarding.to_dict())]


def read_message(tracker: Tracker) -> Reading:
    """What the pipeline read in the latest message."""
    return Reading.of_message(tracker.latest_message)


def say(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Send the reply as one item: text, buttons and the reply contract."""
    dispatcher.utter_message(
        text=render_text(reply, default_knowledge(), os.environ.get("OPI_ADVISOR_URL", "").rstrip("/")),
        buttons=[{"title": button, "payload": button} for button in reply.buttons],
        json_message=reply.to_custom(),
    )
