"""The form of a stored turn: what comes back, what is left out, how small it is, and what a damaged row says."""
import hashlib
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rasa.shared.core.events import (
    ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, FollowupAction, Restarted, SessionStarted, SlotSet, UserUttered, deserialise_events)

from opi_advisor.stores import NotRead
from opi_advisor.stores import turns as module
from opi_advisor.stores.turns import pack, unpack

TEXTS = st.text(st.characters(exclude_categories=()), max_size=200)  # halves of surrogate pairs and zero bytes among them
VALUES = st.recursive(st.none() | st.booleans() | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=8)
READING = {"intent": {"name": "risk", "confidence": 0.9}, "entities": [], "reading": {"intent": "risk", "chances": {"risk": 0.9}}}
EVENTS = [
    ActionExecuted("action_session_start", "RulePolicy", 1.0, timestamp=1.0), SessionStarted(timestamp=2.0),
    ActionExecuted("action_listen", timestamp=3.0, hide_rule_turn=True),
    UserUttered("Hvorfor så langsom?", READING["intent"], [], READING, 4.0, "page", "an id", {"model_id": "x"}),
    DefinePrevUserUtteredFeaturization(False, timestamp=5.0),
    BotUttered("Typisk **hurtig**.", {"buttons": [{"title": "Hvorfor?"}], "custom": {"kind": "answer"}}, timestamp=6.0),
    SlotSet("side", None, 7.0), SlotSet("trail", [{"kind": "answer", "dimensions": ["risk"], "topic": None}], 8.0),
    Restarted(timestamp=9.0),
]


def row(data, number=7):
    return SimpleNamespace(id=number, data=data)


def back(events):
    return deserialise_events(unpack(row(pack([event.as_dict() for event in events]))))


def test_every_kind_of_event_comes_back():
    came = back(EVENTS)
    assert [type(event) for event in came] == [type(event) for event in EVENTS]
    assert [event.timestamp for event in came] == [event.timestamp for event in EVENTS]
    session, _, listen, user, featurization, bot, side, trail, _ = came
    assert (session.action_name, listen.action_name, listen.hide_rule_turn) == ("action_session_start", "action_listen", True)
    assert (user.text, user.intent_name, user.input_channel, user.message_id) == ("Hvorfor så langsom?", "risk", "page", "an id")
    assert featurization.use_text_for_featurization is False and bot.text == "Typisk **hurtig**."
    assert side == SlotSet("side", None) and trail == EVENTS[7]


def test_what_rasa_is_to_do_next_is_not_kept():
    assert back([SlotSet("side", "public", 1.0), FollowupAction("action_listen", 2.0)]) == [SlotSet("side", "public", 1.0)]


def test_what_nobody_reads_is_left_out():
    user, bot = [event for event in unpack(row(pack([event.as_dict() for event in EVENTS]))) if event["event"] in ("user", "bot")]
    assert user["parse_data"] == {"intent": {"name": "risk"}} and "metadata" not in user
    assert set(bot) == {"event", "timestamp", "text"}


@given(TEXTS, TEXTS, VALUES)
@example("\ud800\0", "\ude00 \ud83d\ude00 🙂", {"\udfff": "\u2028"})
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_any_text_and_slot_comes_back(said, answered, value):
    user, bot, slot = back([UserUttered(said, {"name": "risk"}), BotUttered(answered), SlotSet("trail", value)])
    assert (user.text, bot.text, slot.value) == (said, answered, value)


@given(st.data())
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_a_damaged_row_is_never_taken_for_another_turn(data):
    whole = pack([event.as_dict() for event in EVENTS])
    place = data.draw(st.integers(0, len(whole) - 1))
    change = data.draw(st.sampled_from(["flip", "cut", "insert"]))
    damaged = {"flip": whole[:place] + bytes([whole[place] ^ 1 << data.draw(st.integers(0, 7))]) + whole[place + 1:],
               "cut": whole[:place], "insert": whole[:place + 1] + b"x" + whole[place + 1:]}[change]
    with pytest.raises(NotRead, match="^Row 7 of the table turns can't be read: .*Restore it from a backup, or delete its conversation"):
        unpack(row(damaged))


def test_the_dictionary_is_the_one_that_rows_were_written_with():
    """With another one no row could be read. It may only be changed together with FORM, and the old one stays for old rows."""
    assert module.FORM == 1
    assert hashlib.sha256(module._DICTIONARY).hexdigest() == "7948fd3a57315d53e1ade83f6a7c255fa5ed67ea49885a84488f714418bca1b8"


def test_a_row_of_before_is_read():
    written = bytes.fromhex(
        "0178bb293a71a0c3df04d433c5d15d25a7978ab775638464159e260d74bc9dd0aa29b069f8ebce580007735554")
    assert [event["event"] for event in unpack(row(written))] == ["user", "bot", "slot"]


def test_the_dictionary_spares_half():
    """In Danish and in English, of texts that it does not have."""
    for said, answered in (("Hvem tør mest?", "Offentlige aktører åbner typisk op for projekter med høj risiko."),
                           ("Who dares more?", "Public actors typically open up to projects with a high risk.")):
        events = [{**event.as_dict(), **({"text": said} if isinstance(event, UserUttered) else {}),
                   **({"text": answered} if isinstance(event, BotUttered) else {})} for event in EVENTS]
        plain = module.zlib.compress(module.json.dumps([module._lean(event) for event in events]).encode())
        assert len(pack(events)) < 0.6 * len(plain)
