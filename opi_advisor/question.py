"""What the person asks: from the reading of one message and the conversation so far to one resolved Question.

`resolve` is the only place where a message meets its context. It is a pure function; its table of tests is
tests/unit/test_question.py.
"""
from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from opi_advisor.knowledge import DIMENSIONS, PARTIES, other_party

ANSWER, OVERVIEW, BACKGROUND, SMALLTALK = "answer", "overview", "background", "smalltalk"
OUT_OF_SCOPE, CLARIFICATION = "out_of_scope", "clarification"
ONBOARDING, TROUBLE = "onboarding", "trouble"
SMALLTALK_INTENTS = ("greet", "goodbye", "thanks", "help", "bot_challenge", "chitchat", "affirm", "deny", "tell_side")
ON_TOPIC = (ANSWER, OVERVIEW, BACKGROUND)
MAY_NAME = (*DIMENSIONS, OVERVIEW, BACKGROUND)  # intents of messages that may name, in a conversation, the dimension spoken of last
MAY_STAY = (*MAY_NAME, OUT_OF_SCOPE, "tell_side")  # and of those that may be follow-ups
TRAIL_LENGTH = 6
DEFAULT_LANGUAGE = "da"
STAYING = 5.0  # by so much is staying with what was spoken of likelier than the message alone tells; chosen on the development set
STAYING_ON_SUBJECT = 2.0  # the same, where it sounds like something that we have no answer to


@dataclass(frozen=True)
class Reading:
    """What the NLU pipeline read in one message, without its context.

    `dimensions` are in the order of the message. `parties` holds what the words name: "private", "public", "we", "they",
    "other" (than the one spoken of); empty when nobody is named.
    `claim` is whose typical behaviour (by the source) the words describe; where both parties are named, `order` is
    "aligned" when each is given its own behaviour and "swapped" when it is given the other's. `assumes` tells whether
    the message takes that for granted, `polar` whether it asks if it is so. `elliptical` is a message that names its
    dimension and yet leans on an earlier one. `chances` has the intents that it may have, with the chance (0 to 1) of each.
    """

    intent: str
    language: Optional[str] = None
    dimensions: Tuple[str, ...] = ()
    parties: Tuple[str, ...] = ()
    facet: Optional[str] = None
    assumes: bool = False
    claim: Optional[str] = None
    order: Optional[str] = None
    polar: bool = False
    elliptical: bool = False
    chances: Mapping[str, float] = field(default_factory=dict)
    side: Optional[str] = None
    topics: Tuple[str, ...] = ()
    references: Tuple[str, ...] = ()  # places in the list: "1" to "6", or one of "next", "last"
    returns: bool = False  # it goes back to something spoken of earlier
    chooses: bool = False  # it asks which one
    likely_language: Optional[str] = None  # the better guess where `language` is open, as in "hi"
    nearest: Tuple[str, ...] = ()  # dimensions by likeness, for an offer when there is no answer
    faint: Tuple[str, ...] = ()  # those of `dimensions` that the message only just seems to ask about as well
    torn: Tuple[str, ...] = ()  # the two dimensions that the message may be about, where neither is clearly likelier
    text: str = ""  # as it was typed

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Reading":
        """Build a Reading from the plain dict that the pipeline puts on a message."""
        return cls(**_known(cls, data))

    @classmethod
    def of_message(cls, message: Mapping[str, Any]) -> "Reading":
        """Build a Reading from a message as Rasa hands it on (`latest_message` of a tracker)."""
        return cls.from_dict({**message.get("reading", {}), "intent": message["intent"]["name"], "text": message["text"] or ""})


@dataclass(frozen=True)
class Question:
    """A message understood in its conversation."""

    kind: str
    language: str
    dimensions: Tuple[str, ...] = ()
    parties: Tuple[str, ...] = ()
    facet: Optional[str] = None
    premise: str = "none"
    verdict: Optional[str] = None  # for a yes/no question: "yes", "no" or "unsaid"
    side: Optional[str] = None
    topic: Optional[str] = None  # the background topic, or the smalltalk intent
    nearest: Tuple[str, ...] = ()  # dimensions to offer where there is no answer, or to choose from in a clarification
    # of both parties the one of which what is asked holds, as in "who is the most careful?", or the one that a question on the background names
    singled: Optional[str] = None

    def to_dict(self) -> Dict[str, Any]:
        """As plain JSON, to be kept in a slot; what is open is left out."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items() if value not in (None, ())}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Question":
        """Build a Question from what `to_dict` gave."""
        return cls(**_known(cls, data))


@dataclass(frozen=True)
class Context:
    """The conversation so far: the questions asked (oldest first), the asker's side, the language, and the question that we
    have just asked back about, if any."""

    trail: Tuple[Question, ...] = ()
    side: Optional[str] = None
    language: Optional[str] = None
    unclear: Optional[Question] = None

    @property
    def last(self) -> Optional[Question]:
        """The question before this one that was on topic."""
        return self.trail[-1] if self.trail else None

    def after(self, question: Question) -> "Context":
        """The context that the next message meets."""
        trail = (self.trail + (question,))[-TRAIL_LENGTH:] if question.kind in ON_TOPIC else self.trail
        return Context(trail, question.side or self.side, question.language, question if question.kind == CLARIFICATION else None)


def _known(cls: type, data: Mapping[str, Any]) -> Dict[str, Any]:
    names = {item.name for item in fields(cls)}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items() if key in names}


def resolve(reading: Reading, context: Context) -> Question:
    """Resolve what a message leaves open against the conversation.

    Args:
        reading: what the message itself says.
        context: the questions before it, and the asker's side.

    Returns:
        The Question to answer. Its kind is "clarification" only when the message can't be understood without an
        earlier question and there is none, or when it may as well be about one dimension as about another.
    """
    reading = _completed(reading, context.unclear)
    side = _side(reading, context)
    language = reading.language or context.language or reading.likely_language or DEFAULT_LANGUAGE
    base = Question(kind=OUT_OF_SCOPE, language=language, side=side, nearest=reading.nearest)
    context = _gone_back(reading, context) if reading.returns else context
    reading = _staying(replace(reading, side=reading.side and side), context.last)
    if reading.intent in SMALLTALK_INTENTS:
        return replace(base, kind=SMALLTALK, topic=reading.intent)
    if reading.intent == "follow_up":
        return _follow_up(reading, context, base)
    if reading.intent == OVERVIEW:
        return replace(base, kind=OVERVIEW)
    if reading.intent == BACKGROUND:
        return replace(base, kind=BACKGROUND, topic=(reading.topics or ("actors",))[0], singled=_only_party(reading))
    if reading.intent in DIMENSIONS:
        reading = _settled(reading, context.last)
        if reading.torn:
            return replace(_answer(reading, context, base, reading.torn), kind=CLARIFICATION, dimensions=(), premise="none", nearest=reading.torn)
        return _answer(reading, context, base, reading.dimensions or (reading.intent,))
    return base


def _side(reading: Reading, context: Context) -> Optional[str]:
    """The asker's side: what was told before, unless this message is there to tell it."""
    return reading.side if reading.intent == "tell_side" and reading.side else context.side or reading.side


def _gone_back(reading: Reading, context: Context) -> Context:
    """The context as it was after the earlier question that a message most likely goes back to; without a trail where there is none
    and the message says nothing else."""
    places = [place for place, question in enumerate(context.trail) if question.kind == ANSWER and question.dimensions != context.last.dimensions]
    if not places:
        return replace(context, trail=()) if reading.intent == "follow_up" and not (reading.parties or reading.facet) else context
    likeness = {place: max(reading.chances.get(name, 0) for name in context.trail[place].dimensions) for place in places}
    back_to = max(places, key=lambda place: (likeness[place], place))
    is_told = reading.intent == "follow_up" or likeness[back_to] > 0
    return replace(context, trail=context.trail[:back_to + 1]) if is_told else context


def _staying(reading: Reading, last: Optional[Question]) -> Reading:
    """The reading, where it may as well be about the dimensions spoken of last or name none at all, as one that stays with them."""
    if last is None or last.kind != ANSWER or reading.torn or reading.intent not in MAY_STAY:
        return reading
    chance = reading.chances.get
    again, following = max(last.dimensions, key=lambda name: chance(name, 0)), chance("follow_up", 0)
    if {reading.intent, *reading.dimensions} & set(last.dimensions):
        is_part = set(reading.dimensions) < set(last.dimensions)
        return replace(reading, intent="follow_up") if is_part and STAYING * following > chance(reading.intent, 1) else reading
    named = chance(again, 0) if reading.intent in MAY_NAME else 0
    staying = STAYING_ON_SUBJECT if reading.intent == OUT_OF_SCOPE else STAYING
    if staying * (named + following) <= chance(reading.intent, 1):
        return reading
    return replace(reading, intent="follow_up") if following >= named else replace(reading, intent=again, dimensions=last.dimensions, faint=())


def _settled(reading: Reading, last: Optional[Question]) -> Reading:
    """The reading, where it wavers between dimensions, in favour of the one spoken of last."""
    spoken_of = last.dimensions if last and last.kind == ANSWER else ()
    of_torn = tuple(name for name in reading.torn if name in spoken_of)
    if len(of_torn) == 1:
        return replace(reading, dimensions=of_torn, torn=())
    clear = tuple(name for name in reading.dimensions if name not in reading.faint)
    return replace(reading, dimensions=clear) if set(clear) & set(spoken_of) else reading


def next_dimension(dimensions: Sequence[str]) -> str:
    """The dimension that comes after all of `dimensions` in the table; after its last one the first."""
    return DIMENSIONS[(max(map(DIMENSIONS.index, dimensions)) + 1) % len(DIMENSIONS)]


def without_context(reading: Reading, language: Optional[str]) -> Question:
    """What can be answered while a part of the advisor is out of order: the dimensions that the message itself is about.

    Args:
        reading: what the message says, as far as it could be read.
        language: the conversation's, if known, for a message that does not tell its own.
    """
    dimensions = DIMENSIONS if reading.intent == OVERVIEW else tuple(name for name in DIMENSIONS if name in reading.dimensions)
    return Question(
        kind=TROUBLE, language=reading.language or language or reading.likely_language or DEFAULT_LANGUAGE, dimensions=dimensions,
        parties=PARTIES if dimensions else (), facet="compare" if dimensions else None)


def _completed(reading: Reading, unclear: Optional[Question]) -> Reading:
    """The answer to our question back ("Risk"), with the parties and the facet of the message that was not clear."""
    if unclear is None or reading.parties:
        return reading
    return replace(reading, parties=unclear.parties, facet=unclear.facet if reading.facet in (None, "describe", "compare") else reading.facet)


def _follow_up(reading: Reading, context: Context, base: Question) -> Question:
    last = context.last
    if reading.references:
        return _by_reference(reading, context, base)
    if last is None and (reading.returns or reading.facet == "compare"):
        return replace(base, kind=OVERVIEW)
    if last is None:
        parties = tuple(p for p in PARTIES if p in reading.parties)
        return replace(base, kind=CLARIFICATION, parties=parties, facet=reading.facet)
    if last.kind == ANSWER:
        return _answer(reading, context, base, last.dimensions)
    return replace(last, language=base.language, side=base.side, singled=_only_party(reading) or last.singled)


def _by_reference(reading: Reading, context: Context, base: Question) -> Question:
    """Answer "number 4", "2 and 5", "the next one", "the last one"."""
    answers = [question for question in context.trail if question.kind == ANSWER]
    reference = reading.references[0]
    several = _several(context)
    if reading.parties == ("other",):  # "and the other one?" is the other dimension here
        reading = replace(reading, parties=())
    if all(place.isdigit() and 1 <= int(place) <= len(several) for place in reading.references):
        chosen = tuple(several[int(place) - 1] for place in reading.references)
        return _answer(reading, context, base, chosen)
    if reference == "next":
        return _answer(reading, context, base, (next_dimension(answers[-1].dimensions) if answers else DIMENSIONS[0],))
    if reference == "last" and answers and not any(question.kind == OVERVIEW for question in context.trail):
        return _answer(reading, context, base, answers[-1].dimensions[-1:])
    places = [len(DIMENSIONS) if reference == "last" else int(reference) for reference in reading.references]
    if not all(1 <= place <= len(DIMENSIONS) for place in places):
        return replace(base, kind=OVERVIEW)
    # a row of the table is about both parties, whoever was spoken of before
    named = reading if reading.parties else replace(reading, parties=PARTIES)
    return _answer(named, context, base, tuple(DIMENSIONS[place - 1] for place in places))


def _several(context: Context) -> Tuple[str, ...]:
    """The dimensions that "the first" and "the second" count where these are not the places of the table: those to choose from in our
    question back, or those of the question about several that is still spoken of."""
    if context.unclear:
        return context.unclear.nearest
    spoken_of: Tuple[str, ...] = ()
    for question in reversed(context.trail):
        if question.kind != ANSWER or not set(spoken_of) <= set(question.dimensions):
            break
        if len(question.dimensions) > 1:
            return question.dimensions
        spoken_of += question.dimensions
    return ()


def _answer(reading: Reading, context: Context, base: Question, dimensions: Sequence[str]) -> Question:
    last = context.last if context.last and context.last.kind == ANSWER else None
    leans = reading.elliptical or reading.intent == "follow_up"
    if leans and last and _names_only_the_asker(reading, last):
        reading = replace(reading, parties=())
    keeps_party = leans or (last is not None and set(last.dimensions) == set(dimensions))
    earlier = None if keeps_party else _earlier(reading, context, dimensions)
    parties = _parties(reading, base.side, earlier or context.last, keeps_party or earlier is not None)
    facet = _facet(reading, parties, last if leans else None)
    premise, verdict = _premise(reading, parties, facet)
    side = parties[0] if reading.parties == ("we",) and len(parties) == 1 else base.side
    return replace(base, kind=ANSWER, dimensions=tuple(dimensions), parties=parties, facet=facet, premise=premise, verdict=verdict, side=side,
                   singled=_singled(reading, facet))


def _earlier(reading: Reading, context: Context, dimensions: Sequence[str]) -> Optional[Question]:
    """The question that advice is now asked of: "Back to their long way to a yes: how do we shorten it?" """
    if reading.facet != "advice":
        return None
    return next((question for question in reversed(context.trail) if set(question.dimensions) == set(dimensions)), None)


def _names_only_the_asker(reading: Reading, last: Question) -> bool:
    """Whether the party named is the one that wants advice ("as a supplier, how do I handle that?"), not the one to handle."""
    only_the_asker = reading.side is not None and reading.parties in ((reading.side,), ("we",))
    return reading.facet == "advice" and only_the_asker and last.parties != (reading.side,)


def _parties(reading: Reading, side: Optional[str], last: Optional[Question], keeps_party: bool) -> Tuple[str, ...]:
    """The parties a message is about: those named, else whom "we" and "they" mean, else those of the last question."""
    found = {party for party in PARTIES if party in reading.parties}
    if reading.facet == "compare" and (not found or keeps_party):
        return PARTIES
    if not found and "we" in reading.parties:
        found |= set(_we(reading, side, last))
    if "they" in reading.parties and (not found or "we" in reading.parties):
        found |= set(_they(reading, side, last))
    if "other" in reading.parties:
        found |= set(_other(side, last))
    if not found and last and keeps_party:
        found = set(last.parties)
    return tuple(party for party in PARTIES if party in (found or PARTIES))


def _we(reading: Reading, side: Optional[str], last: Optional[Question]) -> Tuple[str, ...]:
    if side:
        return (side,)
    if last and len(last.parties) == 1 and reading.facet != "advice":
        return (other_party(last.parties[0]),)  # "and us?", of somebody who has just asked about the others
    return ()


def _other(side: Optional[str], last: Optional[Question]) -> Tuple[str, ...]:
    spoken_of = last and (last.parties[0] if len(last.parties) == 1 else last.singled)
    if spoken_of:
        return (other_party(spoken_of),)
    return (other_party(side),) if side else ()


def _they(reading: Reading, side: Optional[str], last: Optional[Question]) -> Tuple[str, ...]:
    if reading.side:
        return (other_party(reading.side),)
    if last and len(last.parties) == 1 and last.parties[0] != side:
        return last.parties
    if last and last.singled and last.singled != side:
        return (last.singled,)
    if side:
        return (other_party(side),)
    return last.parties if last else ()


def _facet(reading: Reading, parties: Tuple[str, ...], last: Optional[Question]) -> str:
    facet = reading.facet or (last.facet if last else None) or "describe"
    if facet in ("describe", "compare"):
        return "compare" if len(parties) == 2 else "describe"
    return facet


def _only_party(reading: Reading) -> Optional[str]:
    return next((party for party in PARTIES if reading.parties == (party,)), None)


def _singled(reading: Reading, facet: str) -> Optional[str]:
    """Of both parties the one of which it holds what the message asks of "who", or "which of them"."""
    return reading.claim if reading.chooses and facet == "compare" and not reading.assumes and reading.order is None else None


def _premise(reading: Reading, parties: Tuple[str, ...], facet: str) -> Tuple[str, Optional[str]]:
    """Compare the behaviour that the message names with the party it is about: (premise, verdict)."""
    if reading.intent == "follow_up":  # it names no behaviour; "why are they like that?" takes the answer before as it was
        return "holds" if reading.assumes else "none", None
    fits = _fits(reading, parties)
    if reading.assumes:
        if fits is False and not reading.parties:  # rather no correction than one of what was said of somebody else
            return "none", None
        return {True: "holds", False: "contradicts", None: "none"}[fits], None
    if reading.polar and facet in ("describe", "compare"):
        return "none", {True: "yes", False: "no", None: "unsaid"}[fits]
    return "none", None


def _fits(reading: Reading, parties: Tuple[str, ...]) -> Optional[bool]:
    """Whether the behaviour named is what the source says of the parties; None when that can't be told."""
    if len(parties) == 2:
        return None if reading.order is None else reading.order == "aligned"
    return None if reading.claim is None else reading.claim == parties[0]
