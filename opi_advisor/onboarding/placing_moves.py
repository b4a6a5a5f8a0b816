"""What a message does to the placing: the placing afterwards, and the step to show. Pure functions; the texts are in placing_replies.py."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Dict, List, Optional

from opi_advisor.knowledge import Knowledge, other_party
from opi_advisor.knowledge_files import Text
from opi_advisor.onboarding.heard import Heard
from opi_advisor.onboarding.hearing import is_said, words_of
from opi_advisor.onboarding.placing import Placing, placed, room_in_dimension, scale_of
from opi_advisor.placements import PLACES, Placements, PlacementsError, read_placements
from opi_advisor.question import OUT_OF_SCOPE, SMALLTALK_INTENTS

SIDE, PLACE, RESULT, PAUSED, STOPPED, REFUSED = "side", "place", "result", "paused", "stopped", "refused"
Places = List[Optional[int]]


@dataclass(frozen=True)
class Move:
    """The placing after a message (None: it is over), the step to show and the language to show it in.

    `side` is set where the message told it; `remark` is said before the step; `placements` are those of a result.
    """

    placing: Optional[Placing]
    step: str
    language: str
    side: Optional[str] = None
    remark: Optional[Text] = None
    placements: Placements = Placements()


def start(heard: Heard, earlier: Optional[Placing], language: str) -> Move:
    """Begin a placing, or go on with the one that was left."""
    placing = earlier or Placing()
    side = heard.reading.side or heard.side
    if placing.at is None and side:
        placing = _with_side(placing, side)
    return show(placing, language, heard.reading.side)


def receive(query: str, heard: Heard) -> Move:
    """Take placements that came with a message: those of one party invite the other, those with a side are a result."""
    try:
        placements = read_placements(query)
    except PlacementsError:
        return Move(None, REFUSED, heard.language)
    given = placements.only_party()
    if given and not placements.side:
        side = other_party(given)
        placing = Placing(replace(placements, side=side), given, at=0)
        return show(placing, heard.language, side, heard.words.phrases.placing_received)
    return Move(None, RESULT, heard.language, placements.side, placements=placements)


def show(placing: Placing, language: str, side: Optional[str] = None, remark: Optional[Text] = None) -> Move:
    """The step where the placing is."""
    if placing.at is None:
        return Move(placing, SIDE, language, side, remark)
    if scale_of(placing) is None:
        return Move(None, RESULT, language, side, remark, placing.placements)
    return Move(placing, PLACE, language, side, remark)


def steer(heard: Heard, placing: Placing) -> Optional[Move]:
    """What the message does; None where it is no matter of the placing."""
    command = _command(heard, placing)
    if command:
        return command
    if placing.at is None:
        return _told_side(heard, placing)
    if heard.reading.intent == "tell_side" and heard.reading.side:
        return show(_with_side(placing, heard.reading.side), heard.language, heard.reading.side)
    return _place(heard, placing) or _nod(heard, placing)


def _command(heard: Heard, placing: Placing) -> Optional[Move]:
    moves: Dict[str, Callable[[str], Move]] = {
        "stop": lambda language: Move(None, STOPPED, language),
        "pause": lambda language: Move(placing, PAUSED, language),
        "restart": lambda language: show(replace(placing, at=placing.at and 0), language),
        "back": lambda language: show(replace(placing, at=placing.at and placing.at - 1), language),
        "skip": lambda language: show(_skipped(placing), language),
        "next": lambda language: show(placing if heard.waiting else _skipped(placing), language),
        "go_on": lambda language: show(placing, language),
        "start_placing": lambda language: show(placing, language),
        "result": lambda language: Move(None, RESULT, language, placements=placing.placements),
    }
    for name, move in moves.items():
        language = heard.command(name)
        if language:
            return move(language)
    return None


def _skipped(placing: Placing) -> Placing:
    """The scale left open; the question of the side left open is a person of neither."""
    return replace(placing, neutral=True, at=0) if placing.at is None else placed(placing, [None])


def _with_side(placing: Placing, side: str) -> Placing:
    """With the person's own side known, from the first scale on."""
    return replace(placing, placements=replace(placing.placements, side=side), at=0, neutral=False)


def _told_side(heard: Heard, placing: Placing) -> Optional[Move]:
    """The answer to which side the person comes from."""
    told = heard.told_side()
    if told is None:
        return None
    side, language = told
    return show(_with_side(placing, side) if side else replace(placing, neutral=True, at=0), language, side)


def _place(heard: Heard, placing: Placing) -> Optional[Move]:
    for language in heard.languages:
        places = _places(heard, placing, language)
        if places is not None:
            return show(placed(placing, places), language)
    silly = heard.reading.intent in (OUT_OF_SCOPE, *SMALLTALK_INTENTS) or heard.reading.references
    if silly and not heard.asks and not heard.waiting:
        return show(placing, heard.language, remark=heard.words.phrases.not_a_place)
    return None


def _places(heard: Heard, placing: Placing, language: str) -> Optional[Places]:
    """The places that a message names, at most as many as the dimension has room for: "4", "2 and 5", "don't know"."""
    text, words = heard.reading.text, heard.words
    dimension, _ = scale_of(placing)
    for place in PLACES:
        if words_of(text) == words_of(place_title(place, dimension, language, heard.knowledge)):
            return [place]
    axis = heard.knowledge.dimensions[dimension].axis
    for place, wording in ((PLACES[0], axis.left), (PLACES[-1], axis.right)):
        if is_said(text, [wording[language]], words.fillers[language]):
            return [place]
    if is_said(text, words.answers.unknown[language], words.fillers[language]):
        return [None]
    return _numbers(heard, room_in_dimension(placing), language)


def _numbers(heard: Heard, room: int, language: str) -> Optional[Places]:
    """The places in digits, or where there are none in words; "en" is a filler in "en 4'er" and a place by itself."""
    fillers = {word for filler in heard.words.fillers[language] for word in words_of(filler)}
    said = words_of(heard.reading.text)
    for numbers in ({str(place): place for place in PLACES}, dict(zip(heard.words.numbers[language], PLACES))):
        places = [numbers[word] for word in said if word in numbers]
        if places:
            fits = len(places) <= room and all(word in numbers or word in fillers for word in said)
            return list(places) if fits else None
    return None


def place_title(place: int, dimension: str, language: str, knowledge: Knowledge) -> str:
    """What stands on the button of a place on the scale of `dimension`."""
    axis = knowledge.dimensions[dimension].axis
    poles = {PLACES[0]: axis.left[language], PLACES[-1]: axis.right[language]}
    return f"{place}: {poles[place]}" if place in poles else str(place)


def _nod(heard: Heard, placing: Placing) -> Optional[Move]:
    """A yes or no to "shall we go on?" after another question."""
    if heard.waiting and (heard.reading.intent == "affirm" or heard.answer("yes")):
        return show(placing, heard.language)
    if heard.waiting and (heard.reading.intent == "deny" or heard.answer("no")):
        return Move(placing, PAUSED, heard.language)
    return None
