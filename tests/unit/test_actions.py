"""The actions: from a tracker to one message and the slots of the next turn."""
import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.answer import ActionAnswer
from actions.decline import ActionDecline
from actions.small_talk import ActionSmallTalk


def tracker(intent, slots=None, **reading):
    message = {"intent": {"name": intent}, "entities": [], "text": "", "reading": reading}
    return Tracker("me", {"language": None, "side": None, "trail": None, **(slots or {})}, message, [], False, None, {}, "action_listen")


def run(action, *arguments, **reading):
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker(*arguments, **reading), {})
    assert len(dispatcher.messages) == 1
    *set_slots, last = events
    assert (last["event"], last["name"]) == ("followup", "action_listen")
    slots = {event["name"]: event["value"] for event in set_slots}
    return dispatcher.messages[0], slots


def test_an_answer_is_said_once_and_remembered():
    message, slots = run(ActionAnswer(), "risk", language="en", dimensions=["risk"], parties=["public"], facet="describe")
    assert message["text"] and message["buttons"] and message["custom"]["dimensions"] == ["risk"]
    assert [earlier["dimensions"] for earlier in slots["trail"]] == [["risk"]]


def test_a_follow_up_reads_the_slots():
    _, slots = run(ActionAnswer(), "risk", language="en", dimensions=["risk"], parties=["public"], facet="why")
    message, _ = run(ActionAnswer(), "follow_up", {**slots, "language": "en"}, parties=["private"])
    assert (message["custom"]["dimensions"], message["custom"]["parties"], message["custom"]["facet"]) == (["risk"], ["private"], "why")


def test_the_side_is_remembered():
    message, slots = run(ActionSmallTalk(), "tell_side", language="da", side="public")
    assert slots["side"] == "public" and message["custom"]["kind"] == "smalltalk"


def test_declining_forgets_nothing():
    earlier = [{"kind": "answer", "language": "en", "dimensions": ["risk"], "parties": ["public"], "facet": "why"}]
    message, slots = run(ActionDecline(), "out_of_scope", {"trail": earlier, "side": "public", "language": "en"})
    assert message["custom"]["kind"] == "out_of_scope"
    assert slots["trail"][0]["dimensions"] == ["risk"] and slots["side"] == "public"


def test_a_message_without_a_reading_is_answered_all_the_same():
    message, _ = run(ActionAnswer(), "risk")
    assert message["custom"]["language"] == "da" and message["custom"]["parties"] == ["private", "public"]


@pytest.mark.parametrize("name", ["action_answer", "action_small_talk", "action_decline"])
def test_the_action_server_knows_every_action(name):
    executor = ActionExecutor()
    executor.register_package("actions")
    assert name in executor.actions
