"""What a message does to the tour: the tour afterwards, and the step to show. Pure functions; the texts are in tour_replies.py."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Dict, Optional

from opi_advisor.knowledge_files import Text
from opi_advisor.onboarding.hearing import is_said, words_of
from opi_advisor.onboarding.heard import Heard
from opi_advisor.onboarding.tour import Tour, answered, backward, begun, forward, next_stop, question_of
from opi_advisor.onboarding_file import LETTERS, Option, QuizQuestion, TourContent
from opi_advisor.question import OUT_OF_SCOPE, SMALLTALK_INTENTS

SIDE, LESSON, QUESTION, FEEDBACK = "side", "lesson", "question", "feedback"
PAUSED, STOPPED, SUMMARY = "paused", "stopped", "summary"


@dataclass(frozen=True)
class Move:
    """The tour after a message (None: it is over), the step to show and the language to show it in.

    `side` is set where the message told it; `remark` is said before the step; `before` is the tour that was.
    """

    tour: Optional[Tour]
    step: str
    language: str
    side: Optional[str] = None
    remark: Optional[Text] = None
    before: Optional[Tour] = None


def start(heard: Heard, earlier: Optional[Tour], language: str) -> Move:
    """Begin a tour, or go on with the one that was left."""
    side = heard.reading.side or heard.side
    tour = earlier or Tour()
    if tour.stop is None and (side or tour.neutral):
        tour = begun(tour, heard.knowledge.onboarding.tour)
    return show(tour, language, heard.reading.side)


def show(tour: Tour, language: str, side: Optional[str] = None, remark: Optional[Text] = None) -> Move:
    """The step where the tour is."""
    return Move(tour, _step(tour), language, side, remark)


def steer(heard: Heard, tour: Tour) -> Optional[Move]:
    """What the message does; None where it is no matter of the tour."""
    content = heard.knowledge.onboarding.tour
    command = _command(heard, tour, content)
    if command:
        return command
    if tour.stop is None:
        return _told_side(heard, tour, content)
    question = question_of(tour, content)
    if question:
        option = _option(heard, tour, content, question)  # first, as "A: The public partner" may sound like the asker's own side
        if option:
            return option
    if heard.reading.intent == "tell_side" and heard.reading.side:
        return show(replace(tour, neutral=False), heard.language, heard.reading.side)
    return (_answer(heard, tour, content, question) if question else None) or _nod(heard, tour, content)


def _command(heard: Heard, tour: Tour, content: TourContent) -> Optional[Move]:
    moves: Dict[str, Callable[[str], Move]] = {
        "stop": lambda language: Move(None, STOPPED, language),
        "pause": lambda language: Move(tour, PAUSED, language),
        "restart": lambda language: show(begun(replace(tour, results={}), content), language),
        "back": lambda language: _back(heard, tour, content, language),
        "skip": lambda language: _moved(tour, next_stop(tour, content) if tour.stop else begun(replace(tour, neutral=True), content), language),
        "go_on": lambda language: _on(heard, tour, content, language),
        "next": lambda language: _on(heard, tour, content, language),
        "finish": lambda language: _on(heard, tour, content, language),
        "quiz": lambda language: _moved(tour, forward(tour, content), language) if _step(tour) == LESSON else show(tour, language),
        "start_tour": lambda language: show(tour, language),
    }
    for name, move in moves.items():
        language = heard.command(name)
        if language:
            return move(language)
    return None


def _on(heard: Heard, tour: Tour, content: TourContent, language: str) -> Move:
    if heard.waiting or tour.stop is None:
        return show(tour, language)
    return _moved(tour, forward(tour, content), language)


def _back(heard: Heard, tour: Tour, content: TourContent, language: str) -> Move:
    before = backward(tour, content) if tour.stop else None
    return show(before, language) if before else show(tour, language, remark=heard.words.phrases.first_stop)


def _moved(before: Tour, after: Optional[Tour], language: str) -> Move:
    return show(after, language) if after else Move(None, SUMMARY, language, before=before)


def _told_side(heard: Heard, tour: Tour, content: TourContent) -> Optional[Move]:
    """The answer to which side the person comes from."""
    told = heard.told_side()
    if told is None:
        return None
    side, language = told
    return show(begun(tour if side else replace(tour, neutral=True), content), language, side)


def _option(heard: Heard, tour: Tour, content: TourContent, question: QuizQuestion) -> Optional[Move]:
    """The answer that is one of the options."""
    for slips in (False, True):  # "usandt" is a wording of one option, and looks like a slip of "sandt", which is another's
        for number, option in enumerate(question.options):
            language = _chosen(heard, number, option, slips)
            if language:
                return Move(answered(tour, content, number), FEEDBACK, language)
    return None


def _answer(heard: Heard, tour: Tour, content: TourContent, question: QuizQuestion) -> Optional[Move]:
    """An answer in other words."""
    if tour.answered or heard.waiting or heard.asks:
        return None
    number = _meant(heard, question)
    if number is not None:
        return Move(answered(tour, content, number), FEEDBACK, heard.language)
    silly = heard.reading.intent in (OUT_OF_SCOPE, *SMALLTALK_INTENTS)
    return show(tour, heard.language, remark=heard.words.phrases.not_an_option) if silly else None


def _chosen(heard: Heard, number: int, option: Option, slips: bool) -> Optional[str]:
    """The language in which the message is this option: its letter, its number, its text, or another wording of it."""
    for language in heard.languages:
        if words_of(heard.reading.text) == words_of(option_title(number, option, language)):
            return language
    if heard.waiting:  # then "the company" may well be about what was asked since
        return None
    for language in heard.languages:
        wordings = [LETTERS[number], str(number + 1), option[language], *(option.words[language] if option.words else ()),
                    *(heard.words.answers[option.means][language] if option.means else ())]
        if is_said(heard.reading.text, wordings, heard.words.fillers[language], slips):
            return language
    return None


def option_title(number: int, option: Option, language: str) -> str:
    """What stands on the button of an option, `number` counted from 0."""
    return f"{LETTERS[number].upper()}: {option[language]}"


def _meant(heard: Heard, question: QuizQuestion) -> Optional[int]:
    """The option of the one party that a freely worded answer names, as in "surely the firm, they hate surprises"."""
    reading = heard.reading
    if len(reading.parties) != 1 or reading.facet in ("why", "advice") or reading.polar or heard.negates:
        return None
    return next((number for number, option in enumerate(question.options) if option.means == reading.parties[0]), None)


def _nod(heard: Heard, tour: Tour, content: TourContent) -> Optional[Move]:
    """A yes or no to "shall we go on?", which is what every step but a question asks."""
    if _step(tour) == QUESTION and not heard.waiting:
        return None
    if heard.reading.intent == "affirm" or heard.answer("yes"):
        return _on(heard, tour, content, heard.language)
    if heard.reading.intent == "deny" or heard.answer("no"):
        return Move(tour, PAUSED, heard.language)
    return None


def _step(tour: Tour) -> str:
    if tour.stop is None:
        return SIDE
    if tour.question == 0:
        return LESSON
    return FEEDBACK if tour.answered else QUESTION
