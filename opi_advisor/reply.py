"""The reply to a Question: which statements, suggestions and buttons it has. Pure functions over the knowledge base.

`Reply` is channel-neutral. `to_custom` gives the reply contract; `opi_advisor.render` gives the plain text.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

from opi_advisor.knowledge import DIMENSIONS, PARTIES, Knowledge, Statement, other_party
from opi_advisor.knowledge_files import Advice, Summary
from opi_advisor.question import (
    ANSWER, BACKGROUND, CLARIFICATION, OUT_OF_SCOPE, OVERVIEW, SMALLTALK, TROUBLE, Context, Question, next_dimension,
)

MAX_BUTTONS = 4
MAX_SUGGESTIONS = 2


@dataclass(frozen=True)
class Section:
    """One part of an answer: a short text, the statements that it leaves unsaid, and the other party by comparison.

    `ours` marks what is our own and not the source's.
    """

    title: Optional[str]
    answer: str
    statements: Tuple[Statement, ...] = ()
    contrast: Optional[str] = None
    ours: bool = False


@dataclass(frozen=True)
class Suggestion:
    """One of our suggestions; `reader` is the party that it is for, where the asker's own side is not known."""

    advice: Advice
    reader: Optional[str]


@dataclass(frozen=True)
class Step:
    """Where the tour or the placing is: the step's name, a title, and its place in the row of steps where it has one."""

    name: str
    title: str
    number: Optional[int] = None
    of: Optional[int] = None
    label: Optional[str] = None


@dataclass(frozen=True)
class Link:
    """A link; `href` begins with "/", which is where the advisor is mounted."""

    title: str
    href: str


@dataclass(frozen=True)
class Reply:
    """Everything a channel needs to show one reply."""

    kind: str
    language: str
    sections: Tuple[Section, ...]
    dimensions: Tuple[str, ...] = ()
    parties: Tuple[str, ...] = ()
    facet: Optional[str] = None
    premise: str = "none"
    topic: Optional[str] = None
    opening: Optional[str] = None
    statements: Tuple[Statement, ...] = ()
    suggestions: Tuple[Suggestion, ...] = ()
    note: Optional[str] = None
    buttons: Tuple[str, ...] = ()
    step: Optional[Step] = None
    right: Optional[bool] = None
    links: Tuple[Link, ...] = ()
    placements: Optional[str] = None
    offer: Optional[str] = None

    def to_custom(self) -> Dict[str, Any]:
        """The reply contract (`custom` of the one item that has it), as plain JSON."""
        return {
            "kind": self.kind,
            "language": self.language,
            "dimensions": list(self.dimensions),
            "parties": list(self.parties),
            "facet": self.facet,
            "premise": self.premise,
            "topic": self.topic,
            "opening": self.opening,
            "sections": [{"title": section.title, "answer": section.answer, "contrast": section.contrast,
                          "statements": [statement.id for statement in section.statements], "ours": section.ours}
                         for section in self.sections],
            "statements": [{"id": statement.id, "text": statement.text[self.language], "source": vars(statement.source).copy()}
                           for statement in self.statements],
            "suggestions": [{"id": suggestion.advice.id, "text": suggestion.advice[self.language], "reader": suggestion.reader}
                            for suggestion in self.suggestions],
            "note": self.note,
            "step": self.step and vars(self.step).copy(),
            "right": self.right,
            "links": [vars(link).copy() for link in self.links],
            "placements": self.placements,
            "offer": self.offer,
        }


def build_reply(question: Question, context: Context, knowledge: Knowledge) -> Reply:
    """Build the reply to `question`; `context` is the conversation before it."""
    builders = {ANSWER: _answer, OVERVIEW: _overview, BACKGROUND: _background, SMALLTALK: _smalltalk,
                OUT_OF_SCOPE: _out_of_scope, CLARIFICATION: _clarification, TROUBLE: _trouble}
    return builders[question.kind](question, context, knowledge)


def dimension_names(knowledge: Knowledge, language: str) -> str:
    """The names of all dimensions in one phrase: "a, b and c"."""
    names = [dimension.name[language] for dimension in knowledge.dimensions.values()]
    return f"{', '.join(names[:-1])} {knowledge.phrases.and_more[language]} {names[-1]}"


def _answer(question: Question, context: Context, knowledge: Knowledge) -> Reply:
    sections = tuple(_section(question, name, knowledge) for name in question.dimensions)
    cited = tuple(statement for name in question.dimensions for party in question.parties
                  for statement in knowledge.of_party(name, party))
    caution = question.premise == "contradicts" or not context.trail
    return Reply(
        kind=ANSWER, language=question.language, sections=sections, dimensions=question.dimensions,
        parties=question.parties, facet=question.facet, premise=question.premise,
        opening=_opening(question, knowledge), statements=cited, suggestions=_suggestions(question, context, knowledge),
        note=knowledge.phrases.typically[question.language] if caution else None,
        buttons=_answer_buttons(question, knowledge),
    )


def _opening(question: Question, knowledge: Knowledge) -> Optional[str]:
    """The first words: a corrected premise, or yes or no."""
    phrases = knowledge.phrases
    if question.premise == "contradicts":
        text = phrases.corrected_one if len(question.parties) == 1 else phrases.corrected_both
    elif question.verdict:
        text = {"yes": phrases.verdict_yes, "no": phrases.verdict_no, "unsaid": phrases.verdict_unsaid}[question.verdict]
    else:
        return None
    return text[question.language]


def _section(question: Question, name: str, knowledge: Knowledge) -> Section:
    language = question.language
    dimension = knowledge.dimensions[name]
    title = dimension.name[language].capitalize() if len(question.dimensions) > 1 else None
    if len(question.parties) == 2:
        no_cause = [knowledge.phrases.no_cause[language]] if question.facet == "why" else []
        return Section(title, " ".join([dimension.contrast[language], *no_cause]))
    party = question.parties[0]
    view, other = dimension.parties[party], dimension.parties[other_party(party)]
    summaries = [view.answer, view.why] if question.facet == "why" else [view.answer]
    unsaid = () if question.facet == "advice" else unsaid_statements(knowledge, name, party, summaries)
    return Section(title, " ".join(summary[language] for summary in summaries), unsaid, other.answer[language])


def unsaid_statements(knowledge: Knowledge, dimension: str, party: str, summaries: Sequence[Summary]) -> Tuple[Statement, ...]:
    """The statements about `party` in `dimension` that no one of `summaries` already says."""
    said = {point for summary in summaries for point in summary.points}
    return tuple(statement for statement in knowledge.of_party(dimension, party) if statement.source.point not in said)


def _suggestions(question: Question, context: Context, knowledge: Knowledge) -> Tuple[Suggestion, ...]:
    """At most two of our suggestions, for the side that has to act; a repeated question gets the next ones."""
    if question.facet != "advice":
        return ()
    readers = [question.side] if question.side else [other_party(party) for party in question.parties]
    pools = [(reader, knowledge.advice[name][reader]) for name in question.dimensions for reader in readers]
    asked_before = sum(1 for earlier in context.trail
                       if (earlier.facet, earlier.dimensions, earlier.parties) == ("advice", question.dimensions, question.parties))
    each = 1 if len(pools) > 1 else MAX_SUGGESTIONS
    chosen = [Suggestion(pool[(asked_before * each + step) % len(pool)], None if question.side else reader)
              for reader, pool in pools for step in range(each)]
    return tuple(chosen[:MAX_SUGGESTIONS])


def _answer_buttons(question: Question, knowledge: Knowledge) -> Tuple[str, ...]:
    language, phrases = question.language, knowledge.phrases
    buttons: List[str] = []
    if len(question.parties) == 1:
        ask_other = {"private": phrases.ask_private, "public": phrases.ask_public}[other_party(question.parties[0])]
        buttons.append(ask_other[language])
    if question.facet != "why":
        buttons.append(phrases.ask_why[language])
    if question.facet != "advice":
        buttons.append(phrases.ask_advice[language])
    buttons.append(knowledge.dimensions[next_dimension(question.dimensions)].question[language])
    buttons.append(phrases.ask_overview[language])
    return tuple(buttons[:MAX_BUTTONS])


def _overview(question: Question, context: Context, knowledge: Knowledge) -> Reply:
    language = question.language
    sections = tuple(Section(dimension.name[language].capitalize(), dimension.contrast[language])
                     for dimension in knowledge.dimensions.values())
    cited = tuple(statement for name in DIMENSIONS for party in PARTIES for statement in knowledge.of_party(name, party))
    questions = tuple(knowledge.dimensions[name].question[language] for name in ("risk", "decision_speed", "incentives"))
    return Reply(kind=OVERVIEW, language=language, sections=sections, opening=knowledge.phrases.overview[language],
                 statements=cited, buttons=questions)


def _background(question: Question, context: Context, knowledge: Knowledge) -> Reply:
    language = question.language
    topic = knowledge.topics[question.topic]
    others = [other for other in knowledge.topics.values() if other.id != topic.id]
    position = list(knowledge.topics).index(topic.id)
    following = (others[position:] + others[:position])[:2]
    buttons = tuple(other.question[language] for other in following) + (knowledge.phrases.ask_overview[language],)
    return Reply(kind=BACKGROUND, language=language, topic=topic.id, sections=(Section(None, topic.answer[language]),),
                 statements=knowledge.of_topic(topic.id), buttons=buttons)


def _smalltalk(question: Question, context: Context, knowledge: Knowledge) -> Reply:
    language, phrases = question.language, knowledge.phrases
    text = {
        "greet": phrases.greeting, "goodbye": phrases.goodbye, "thanks": phrases.thanks, "help": phrases.help,
        "bot_challenge": phrases.bot_challenge, "chitchat": phrases.chitchat, "affirm": phrases.affirm,
        "deny": phrases.deny,
        "tell_side": {"private": phrases.tell_side_private, "public": phrases.tell_side_public,
                      None: phrases.tell_side_unknown}[question.side],
    }[question.topic]
    filled = text[language].format(document=knowledge.comparison.document[language],
                                   dimensions=dimension_names(knowledge, language))
    return Reply(kind=SMALLTALK, language=language, topic=question.topic, sections=(Section(None, filled),),
                 buttons=_smalltalk_buttons(question, knowledge))


def _smalltalk_buttons(question: Question, knowledge: Knowledge) -> Tuple[str, ...]:
    language, phrases = question.language, knowledge.phrases
    if question.topic == "goodbye":
        return ()
    if question.topic == "tell_side" and not question.side:
        return phrases.say_public[language], phrases.say_private[language]
    questions = tuple(knowledge.dimensions[name].question[language] for name in ("decision_speed", "risk"))
    return questions + (phrases.ask_overview[language], knowledge.onboarding_phrases.button("start_tour", language))


def _out_of_scope(question: Question, context: Context, knowledge: Knowledge) -> Reply:
    language, phrases = question.language, knowledge.phrases
    text = phrases.out_of_scope[language].format(dimensions=dimension_names(knowledge, language))
    near = tuple(knowledge.dimensions[name].question[language] for name in question.nearest[:2])
    return Reply(kind=OUT_OF_SCOPE, language=language, sections=(Section(None, text),),
                 buttons=near + (phrases.ask_overview[language],))


def _clarification(question: Question, context: Context, knowledge: Knowledge) -> Reply:
    language = question.language
    names = [knowledge.dimensions[name].name[language] for name in question.nearest or DIMENSIONS]
    text = knowledge.phrases.which_of_two if question.nearest else knowledge.phrases.which_dimension
    return Reply(kind=CLARIFICATION, language=language, parties=question.parties, facet=question.facet,
                 sections=(Section(None, text[language].format(dimensions=f" {knowledge.phrases.or_more[language]} ".join(names))),),
                 buttons=tuple(name.capitalize() for name in names))


def _trouble(question: Question, context: Context, knowledge: Knowledge) -> Reply:
    language, phrases = question.language, knowledge.phrases
    if not question.dimensions:
        return Reply(kind=TROUBLE, language=language, sections=(Section(None, phrases.trouble[language]),))
    cited = tuple(statement for name in question.dimensions for party in PARTIES for statement in knowledge.of_party(name, party))
    return Reply(
        kind=TROUBLE, language=language, dimensions=question.dimensions, parties=question.parties, facet=question.facet,
        sections=tuple(_section(question, name, knowledge) for name in question.dimensions), statements=cited,
        opening=phrases.trouble_compared[language], note=phrases.trouble_again[language])
