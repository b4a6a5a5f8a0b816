"""One turn of a conversation: a message goes to the tour or the placing where it is a matter of theirs, else it is a question."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional

from opi_advisor.knowledge import PARTIES, Knowledge
from opi_advisor.onboarding import placing_moves, tour_moves
from opi_advisor.onboarding.heard import Heard
from opi_advisor.onboarding.links import comparison_link, profile_link, table_link
from opi_advisor.onboarding.placing_replies import placing_offer, placing_reply
from opi_advisor.onboarding.state import PLACING, TOUR, Onboarding
from opi_advisor.onboarding.tour_replies import tour_reply, waiting_offer
from opi_advisor.placements import language_in, query_in
from opi_advisor.question import ANSWER, DEFAULT_LANGUAGE, ONBOARDING, Context, Question, Reading, resolve
from opi_advisor.reply import Reply, Section, Step, build_reply

START_TOUR, START_PLACING, GET_PROFILE = "start_tour", "place_us", "get_profile"
PROFILE = "profile"


@dataclass(frozen=True)
class State:
    """All that a conversation remembers between two messages."""

    context: Context = Context()
    onboarding: Onboarding = Onboarding()


@dataclass(frozen=True)
class Turn:
    """A message answered: the question as it was understood, the reply, and the state that the next message meets."""

    question: Question
    reply: Reply
    state: State


def take_turn(reading: Reading, state: State, knowledge: Knowledge) -> Turn:
    """Answer one message."""
    return _onboard(_heard(reading, state, knowledge), state) or _answer(reading, state, knowledge)


def _heard(reading: Reading, state: State, knowledge: Knowledge) -> Heard:
    context = state.context
    language = context.language or language_in(reading.text) or reading.language or reading.likely_language or DEFAULT_LANGUAGE
    return Heard(reading, language, context.side, state.onboarding.waiting, knowledge)


def _onboard(heard: Heard, state: State) -> Optional[Turn]:
    query, onboarding = query_in(heard.reading.text), state.onboarding
    if query is not None:
        return _placing_turn(placing_moves.receive(query, heard), heard, state)
    if onboarding.active == TOUR:
        tour_move = tour_moves.steer(heard, onboarding.tour)
        if tour_move:
            return _tour_turn(tour_move, heard, state)
    if onboarding.active == PLACING:
        placing_move = placing_moves.steer(heard, onboarding.placing)
        if placing_move:
            return _placing_turn(placing_move, heard, state)
    return _start(heard, state)


def _start(heard: Heard, state: State) -> Optional[Turn]:
    """Begin or take up again what the message asks for."""
    onboarding, reading = state.onboarding, heard.reading
    asked = heard.reading.language or heard.language
    again, anew = heard.command("go_on"), heard.command("restart")
    if (again or anew) and onboarding.placing and not onboarding.tour:
        return _placing_turn(placing_moves.start(heard, onboarding.placing, again or anew), heard, state)
    if (again or anew) and onboarding.tour:
        return _tour_turn(tour_moves.start(heard, onboarding.tour if again else None, again or anew), heard, state)
    for name, intent in (("start_tour", START_TOUR), ("start_placing", START_PLACING), ("profile", GET_PROFILE)):
        language = heard.command(name) or (asked if reading.intent == intent else None)
        if language and intent == START_TOUR:
            return _tour_turn(tour_moves.start(heard, onboarding.tour, language), heard, state)
        if language and intent == START_PLACING:
            return _placing_turn(placing_moves.start(heard, onboarding.placing, language), heard, state)
        if language:
            return _profile_turn(language, heard, state)
    return None


def _tour_turn(move: tour_moves.Move, heard: Heard, state: State) -> Turn:
    side = move.side or heard.side
    goes_on = move.tour is not None and move.step != tour_moves.PAUSED
    onboarding = replace(state.onboarding, active=TOUR if goes_on else None, waiting=False, tour=move.tour)
    shown = None if move.tour and move.tour.neutral else side
    reply = tour_reply(move, shown, onboarding.placements, heard.knowledge)
    return _turn(reply, side, replace(state, onboarding=onboarding))


def _placing_turn(move: placing_moves.Move, heard: Heard, state: State) -> Turn:
    side = move.side or heard.side
    goes_on = move.placing is not None and move.step != placing_moves.PAUSED
    onboarding = replace(state.onboarding, active=PLACING if goes_on else None, waiting=False, placing=move.placing)
    if move.step == placing_moves.RESULT:
        onboarding = replace(onboarding, placements=move.placements)
    shown = None if move.placing and move.placing.neutral else side
    return _turn(placing_reply(move, shown, heard.knowledge), side, replace(state, onboarding=onboarding))


def _profile_turn(language: str, heard: Heard, state: State) -> Turn:
    """Where to get what can be printed."""
    phrases, knowledge = heard.words.phrases, heard.knowledge
    links = (profile_link(state.onboarding.placements, heard.side, language, knowledge),
             comparison_link(language, knowledge), table_link(language, knowledge))
    reply = Reply(ONBOARDING, language, (Section(None, phrases.profile[language]),), topic=PROFILE, links=links,
                  step=Step(PROFILE, phrases.profile_title[language]), buttons=(heard.words.button("start_placing", language),))
    return _turn(_with_offer(reply, state.onboarding, knowledge), heard.side, _meanwhile(state))


def _turn(reply: Reply, side: Optional[str], state: State) -> Turn:
    """A turn of tour or placing; the dimension that it shows is what a follow-up then leans on."""
    asked = Question(ONBOARDING, reply.language, reply.dimensions, reply.parties, side=side, topic=reply.topic)
    shown = replace(asked, kind=ANSWER, dimensions=reply.dimensions[:1], parties=PARTIES, facet="compare", topic=None)
    context = state.context.after(shown if reply.dimensions else asked)
    return Turn(asked, reply, replace(state, context=context))


def _answer(reading: Reading, state: State, knowledge: Knowledge) -> Turn:
    question = resolve(reading, state.context)
    reply = _with_offer(build_reply(question, state.context, knowledge), state.onboarding, knowledge)
    return Turn(question, reply, _meanwhile(replace(state, context=state.context.after(question))))


def _meanwhile(state: State) -> State:
    """The state after something else was asked than what tour or placing wait for."""
    return replace(state, onboarding=replace(state.onboarding, waiting=state.onboarding.active is not None))


def _with_offer(reply: Reply, onboarding: Onboarding, knowledge: Knowledge) -> Reply:
    """With the offer to go on, where tour or placing wait."""
    if onboarding.active is None:
        return reply
    offer = (waiting_offer(onboarding.tour, reply.language, knowledge) if onboarding.active == TOUR
             else placing_offer(onboarding.placing, reply.language, knowledge))
    return replace(reply, offer=offer, buttons=(knowledge.onboarding_phrases.button("go_on", reply.language), *reply.buttons))
