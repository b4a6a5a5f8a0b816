"""A turn as Rasa makes it, without Rasa's server around: read the tracker, add the events of an answer, save."""
from __future__ import annotations

from typing import Any, List, Optional

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from opi_advisor.project import ROOT
from opi_advisor.stores import StoreError, watch_turn

DOMAIN = Domain.load(str(ROOT / "domain.yml"))


def session_start(**slots: Any) -> List[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), *(SlotSet(*slot) for slot in slots.items()),
            ActionExecuted("action_listen")]


def turn(text: str, **slots: Any) -> List[Event]:
    """The events of one turn; every slot is set, as our actions do, unless `slots` has only some."""
    values = slots or {"language": "en", "side": "public", "trail": [{"text": text}], "unclear": None}
    return [UserUttered(text, {"name": "risk", "confidence": 1.0}), ActionExecuted("action_answer"),
            *(SlotSet(*slot) for slot in values.items()), BotUttered(f"About {text}"), ActionExecuted("action_listen")]


async def read(store: TrackerStore, sender: str) -> DialogueStateTracker:
    return await store.get_or_create_tracker(sender, append_action_listen=False)


async def say(store: TrackerStore, sender: str, text: str, **slots: Any) -> Optional[StoreError]:
    """One whole turn. Returns what failed."""
    with watch_turn() as outcome:
        tracker = await read(store, sender)
        if not tracker.events:
            tracker.update_with_events(session_start(), DOMAIN)
        tracker.update_with_events(turn(text, **slots), DOMAIN)
        await store.save(tracker)
    return outcome.failure


async def texts(store: TrackerStore, sender: str) -> List[str]:
    """What the person said, as it is in the database."""
    tracker = await store.retrieve_full_tracker(sender)
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


async def kinds(store: TrackerStore, sender: str) -> List[str]:
    """The types of all events in the database."""
    return [event.type_name for event in (await store.retrieve_full_tracker(sender)).events]
