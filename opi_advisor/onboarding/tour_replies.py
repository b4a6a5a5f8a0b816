"""The replies of the tour: one for each step. Pure functions over the knowledge base."""
from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Tuple

from opi_advisor.knowledge import PARTIES, Knowledge, other_party
from opi_advisor.knowledge_files import Text, capitalised
from opi_advisor.onboarding.links import profile_link, topic_link
from opi_advisor.onboarding.tour import Tour, place_of, question_of
from opi_advisor.onboarding.tour_moves import FEEDBACK, LESSON, PAUSED, QUESTION, SIDE, STOPPED, SUMMARY, Move, option_title
from opi_advisor.onboarding_file import QuizQuestion, Stop
from opi_advisor.placements import Placements
from opi_advisor.question import ONBOARDING
from opi_advisor.reply import Reply, Section, Step, Suggestion, unsaid_statements

TOPIC = "tour"


def tour_reply(move: Move, side: Optional[str], placements: Placements, knowledge: Knowledge) -> Reply:
    """The reply that shows the step of `move` to a person of `side` (None: neither), whose last placements are for the profile."""
    builders: Dict[str, Callable[[], Reply]] = {
        SIDE: lambda: _side(move, knowledge),
        LESSON: lambda: _lesson(move, side, knowledge),
        QUESTION: lambda: _question(move, knowledge),
        FEEDBACK: lambda: _feedback(move, knowledge),
        PAUSED: lambda: _away(move, knowledge.onboarding_phrases.phrases.paused, knowledge),
        STOPPED: lambda: _away(move, knowledge.onboarding_phrases.phrases.stopped, knowledge),
        SUMMARY: lambda: _summary(move, side, placements, knowledge),
    }
    return builders[move.step]()


def waiting_offer(tour: Tour, language: str, knowledge: Knowledge) -> str:
    """The sentence that offers to go on with a tour that waits."""
    number, _ = place_of(tour, knowledge.onboarding.tour)
    label = _label(number, language, knowledge)
    return knowledge.onboarding_phrases.phrases.offer_tour[language].format(label=label)


def _reply(move: Move, knowledge: Knowledge, sections: Tuple[Section, ...], buttons: List[str], **more: Any) -> Reply:
    remark = move.remark[move.language] if move.remark else None
    return Reply(**{"kind": ONBOARDING, "topic": TOPIC, "language": move.language, "sections": sections, "opening": remark,
                    "buttons": tuple(buttons), "step": _step(move, knowledge), **more})


def _step(move: Move, knowledge: Knowledge) -> Step:
    phrases, language = knowledge.onboarding_phrases.phrases, move.language
    if move.step not in (LESSON, QUESTION, FEEDBACK):
        return Step(move.step, phrases.tour_title[language])
    number, stop = place_of(move.tour, knowledge.onboarding.tour)
    title = f"{phrases.tour_title[language]}: {knowledge.dimensions[stop.dimension].name[language]}"
    return Step(move.step, title, number, len(knowledge.onboarding.tour.stops), _label(number, language, knowledge))


def _label(number: int, language: str, knowledge: Knowledge) -> str:
    stops = len(knowledge.onboarding.tour.stops)
    return knowledge.onboarding_phrases.phrases.label[language].format(number=number, of=stops)


def _buttons(move: Move, knowledge: Knowledge, *commands: str) -> List[str]:
    """What the person then says: the first wording of each command."""
    return [knowledge.onboarding_phrases.button(name, move.language) for name in commands]


def _side(move: Move, knowledge: Knowledge) -> Reply:
    phrases, language = knowledge.onboarding_phrases.phrases, move.language
    text = " ".join((phrases.tour_start[language].format(stops=len(knowledge.onboarding.tour.stops)), phrases.which_side[language]))
    buttons = [knowledge.phrases.say_public[language], knowledge.phrases.say_private[language], phrases.say_neither[language]]
    return _reply(move, knowledge, (Section(None, text),), buttons)


def _lesson(move: Move, side: Optional[str], knowledge: Knowledge) -> Reply:
    phrases, language = knowledge.onboarding_phrases.phrases, move.language
    number, stop = place_of(move.tour, knowledge.onboarding.tour)
    own = side or PARTIES[1]
    parties = (own, other_party(own))
    titles = (phrases.lesson_own, phrases.lesson_other) if side else (phrases.lesson_party, phrases.lesson_party)
    sections = tuple(_party_section(title, stop.dimension, party, language, knowledge) for title, party in zip(titles, parties))
    situation = Section(phrases.situation[language], stop.situation[language], ours=True)
    return _reply(
        move, knowledge, (*sections, situation), _buttons(move, knowledge, "quiz", *(["back"] if number > 1 else []), "skip", "pause"),
        dimensions=(stop.dimension,), parties=PARTIES, suggestions=_suggestions(stop, side, knowledge),
        statements=tuple(statement for party in parties for statement in knowledge.of_party(stop.dimension, party)),
        note=knowledge.phrases.typically[language] if number == 1 else None)


def _party_section(title: Text, dimension: str, party: str, language: str, knowledge: Knowledge) -> Section:
    answer = knowledge.dimensions[dimension].parties[party].answer
    name = knowledge.comparison.parties[party].name[language]
    return Section(title[language].format(party=name), answer[language], unsaid_statements(knowledge, dimension, party, [answer]))


def _suggestions(stop: Stop, side: Optional[str], knowledge: Knowledge) -> Tuple[Suggestion, ...]:
    readers = (side,) if side else PARTIES
    advice = {item.id: item for reader in readers for item in knowledge.advice[stop.dimension][reader]}
    return tuple(Suggestion(advice[stop.suggestion[reader]], None if side else reader) for reader in readers)


def _question(move: Move, knowledge: Knowledge) -> Reply:
    phrases, language = knowledge.onboarding_phrases.phrases, move.language
    _, stop = place_of(move.tour, knowledge.onboarding.tour)
    question = question_of(move.tour, knowledge.onboarding.tour)
    buttons = [option_title(number, option, language) for number, option in enumerate(question.options)]
    return _reply(move, knowledge, (Section(phrases.question[language], question.text[language]),),
                  [*buttons, *_buttons(move, knowledge, "back", "skip")], dimensions=(stop.dimension,), parties=PARTIES)


def _feedback(move: Move, knowledge: Knowledge) -> Reply:
    phrases, language = knowledge.onboarding_phrases.phrases, move.language
    number, stop = place_of(move.tour, knowledge.onboarding.tour)
    question = question_of(move.tour, knowledge.onboarding.tour)
    is_right = move.tour.results[question.id]
    opening = phrases.right[language] if is_right else " ".join((phrases.wrong[language], _right_option(question, language, knowledge)))
    is_last = number == len(knowledge.onboarding.tour.stops) and move.tour.question == len(stop.questions)
    return _reply(move, knowledge, (Section(None, question.explanation[language]),),
                  _buttons(move, knowledge, "finish" if is_last else "next", "back", "pause"),
                  opening=opening, right=is_right, dimensions=(stop.dimension,), parties=PARTIES,
                  statements=tuple(knowledge.statements[name] for name in question.statements))


def _right_option(question: QuizQuestion, language: str, knowledge: Knowledge) -> str:
    right = next(option for option in question.options if option.right)
    return knowledge.onboarding_phrases.phrases.right_option[language].format(option=right[language])


def _away(move: Move, text: Text, knowledge: Knowledge) -> Reply:
    """The tour pauses or has ended: how to come back, and something to ask meanwhile."""
    come_back = "go_on" if move.tour else "start_tour"
    buttons = _buttons(move, knowledge, come_back) + [knowledge.phrases.ask_overview[move.language]]
    return _reply(move, knowledge, (Section(None, text[move.language]),), buttons)


def _summary(move: Move, side: Optional[str], placements: Placements, knowledge: Knowledge) -> Reply:
    phrases, language = knowledge.onboarding_phrases.phrases, move.language
    questions = [(stop, question) for stop in knowledge.onboarding.tour.stops for question in stop.questions]
    results = move.before.results
    right = [stop.dimension for stop, question in questions if results.get(question.id)]
    wrong = [stop.dimension for stop, question in questions if results.get(question.id) is False]
    left_out = [stop.dimension for stop, question in questions if question.id not in results]
    score = phrases.summary_all if len(right) == len(questions) else phrases.summary_score
    lists = [(phrases.summary_right, right), (phrases.summary_again, wrong), (phrases.summary_open, left_out)]
    sections = [Section(None, score[language].format(right=len(right), of=len(questions)))]
    sections += [Section(title[language], _names(found, language, knowledge)) for title, found in lists if found]
    sections.append(Section(None, phrases.summary_end[language]))
    again = [name for name in knowledge.dimensions if name in wrong + left_out]
    links = [topic_link(name, language, knowledge) for name in again] + [profile_link(placements, side, language, knowledge)]
    return _reply(move, knowledge, tuple(sections), _buttons(move, knowledge, "start_placing", "start_tour"),
                  dimensions=tuple(again), links=tuple(links))


def _names(dimensions: List[str], language: str, knowledge: Knowledge) -> str:
    return capitalised(", ".join(dict.fromkeys(knowledge.dimensions[name].name[language] for name in dimensions))) + "."
