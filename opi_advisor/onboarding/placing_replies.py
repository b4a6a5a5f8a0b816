"""The replies of the placing: one for each step. Pure functions over the knowledge base."""
from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from opi_advisor.knowledge import DIMENSIONS, PARTIES, Knowledge
from opi_advisor.knowledge_files import Advice, Text, capitalised
from opi_advisor.onboarding.links import partner_link, profile_link
from opi_advisor.onboarding.placing import Placing, scale_of, scales
from opi_advisor.onboarding.placing_moves import PAUSED, PLACE, REFUSED, RESULT, SIDE, STOPPED, Move, place_title
from opi_advisor.placements import PLACES, Gap, Placements, gaps
from opi_advisor.question import ONBOARDING
from opi_advisor.reply import Reply, Section, Step, Suggestion

TOPIC = "placing"
MAX_GAPS = 3
WIDE = 2  # steps from which a gap is worth talking about; narrower ones only where there is none so wide


def placing_reply(move: Move, side: Optional[str], knowledge: Knowledge) -> Reply:
    """The reply that shows the step of `move` to a person of `side` (None: neither)."""
    phrases = knowledge.onboarding_phrases.phrases
    builders: Dict[str, Callable[[], Reply]] = {
        SIDE: lambda: _side(move, knowledge),
        PLACE: lambda: _place(move, side, knowledge),
        RESULT: lambda: _result(move, side, knowledge),
        PAUSED: lambda: _away(move, phrases.placing_paused, "go_on", knowledge),
        STOPPED: lambda: _away(move, phrases.placing_stopped, "start_placing", knowledge),
        REFUSED: lambda: _away(move, phrases.placements_wrong, "start_placing", knowledge),
    }
    return builders[move.step]()


def placing_offer(placing: Placing, language: str, knowledge: Knowledge) -> str:
    """The sentence that offers to go on with a placing that waits."""
    return knowledge.onboarding_phrases.phrases.offer_placing[language].format(label=_label(placing, language, knowledge))


def widest(found: Sequence[Gap]) -> Tuple[Gap, ...]:
    """The gaps to talk about, of those that `gaps` found: at most three, and narrow ones only where there are no others."""
    wide = [gap for gap in found if gap.size >= WIDE]
    return tuple((wide or found)[:MAX_GAPS])


def _reply(move: Move, knowledge: Knowledge, sections: Sequence[Section], buttons: Sequence[str], **more: Any) -> Reply:
    phrases, language = knowledge.onboarding_phrases.phrases, move.language
    remark = move.remark[language] if move.remark else None
    return Reply(**{"kind": ONBOARDING, "topic": TOPIC, "language": language, "sections": tuple(sections), "opening": remark,
                    "buttons": tuple(buttons), "step": Step(move.step, phrases.placing_title[language]), **more})


def _label(placing: Placing, language: str, knowledge: Knowledge) -> str:
    return knowledge.onboarding_phrases.phrases.label[language].format(number=(placing.at or 0) + 1, of=len(scales(placing)))


def _side(move: Move, knowledge: Knowledge) -> Reply:
    phrases, language = knowledge.onboarding_phrases.phrases, move.language
    text = f"{phrases.placing_start[language]} {phrases.which_side[language]}"
    buttons = (knowledge.phrases.say_public[language], knowledge.phrases.say_private[language], phrases.say_neither[language])
    return _reply(move, knowledge, [Section(None, text)], buttons)


def _place(move: Move, side: Optional[str], knowledge: Knowledge) -> Reply:
    phrases, language = knowledge.onboarding_phrases.phrases, move.language
    dimension, party = scale_of(move.placing)
    row = knowledge.dimensions[dimension]
    question = phrases.place_party if side is None else phrases.place_own if party == side else phrases.place_partner
    text = question[language].format(party=knowledge.comparison.parties[party].name[language],
                                     left=row.axis.left[language], right=row.axis.right[language])
    typical = phrases.typical[language].format(party=knowledge.comparison.parties[party].plural[language], place=getattr(row.axis, party))
    introduction = f"{phrases.placing_start[language]} " if move.placing.at == 0 and not move.placing.given else ""
    title = f"{phrases.placing_title[language]}: {row.name[language]}"
    buttons = [place_title(place, dimension, language, knowledge) for place in PLACES]
    buttons.append(capitalised(knowledge.onboarding_phrases.answers.unknown[language][0]))
    buttons += [knowledge.onboarding_phrases.button(name, language) for name in (("back", "result") if move.placing.at else ("pause",))]
    return _reply(
        move, knowledge, [Section(None, f"{introduction}{text} {typical}")], buttons, dimensions=(dimension,), parties=(party,),
        step=Step(PLACE, title, move.placing.at + 1, len(scales(move.placing)), _label(move.placing, language, knowledge)),
        placements=move.placing.placements.to_query())


def _result(move: Move, side: Optional[str], knowledge: Knowledge) -> Reply:
    phrases, language, placements = knowledge.onboarding_phrases.phrases, move.language, move.placements
    found = widest(gaps(placements))
    sections = [_gap_section(gap, placements, language, knowledge) for gap in found]
    sections += _remarks(placements, language, knowledge)
    links = [partner_link(placements, party, language, knowledge) for party in _to_be_sent(placements, side)]
    return _reply(
        move, knowledge, sections, _result_buttons(found, language, knowledge), opening=_verdict(placements, found)(phrases)[language],
        dimensions=tuple(gap.dimension for gap in found), parties=PARTIES,
        suggestions=tuple(Suggestion(_meeting(gap.dimension, knowledge), None) for gap in found),
        links=tuple(links + [profile_link(placements, side, language, knowledge)]), placements=placements.to_query())


def _verdict(placements: Placements, found: Sequence[Gap]) -> Callable[[Any], Text]:
    """The first sentence: what the placements say as a whole."""
    both = any(all(placements.place(name, party) for party in PARTIES) for name in DIMENSIONS)
    if not both:
        return lambda phrases: phrases.result_open
    return lambda phrases: phrases.result_gaps if found else phrases.result_alike


def _gap_section(gap: Gap, placements: Placements, language: str, knowledge: Knowledge) -> Section:
    phrases = knowledge.onboarding_phrases.phrases
    row = knowledge.dimensions[gap.dimension]
    places = {party: placements.place(gap.dimension, party) for party in PARTIES}
    step_s = phrases.step[language] if gap.size == 1 else phrases.steps[language]
    apart = phrases.result_gap[language].format(size=gap.size, steps=step_s, left=row.axis.left[language], right=row.axis.right[language],
                                                **places)
    clash = next(item.clash for item in knowledge.onboarding.placing.dimensions if item.dimension == gap.dimension)
    return Section(capitalised(row.name[language]), f"{apart} {clash[language]}", ours=True)


def _remarks(placements: Placements, language: str, knowledge: Knowledge) -> List[Section]:
    """Where the parties stand the other way round than is typical."""
    phrases = knowledge.onboarding_phrases.phrases
    turned = [knowledge.dimensions[name].name[language] for name in DIMENSIONS if _is_turned(name, placements, knowledge)]
    return [Section(None, phrases.result_unlike[language].format(dimensions=", ".join(turned)))] if turned else []


def _is_turned(dimension: str, placements: Placements, knowledge: Knowledge) -> bool:
    axis = knowledge.dimensions[dimension].axis
    private, public = (placements.place(dimension, party) for party in PARTIES)
    return bool(private and public) and (private - public) * (axis.private - axis.public) < 0


def _meeting(dimension: str, knowledge: Knowledge) -> Advice:
    """The question for the next meeting, as one of our suggestions."""
    text = next(item.meeting for item in knowledge.onboarding.placing.dimensions if item.dimension == dimension)
    return Advice(id=f"meeting.{dimension}", da=text.da, en=text.en)


def _to_be_sent(placements: Placements, side: Optional[str]) -> List[str]:
    """The party whose placements are worth sending to the other."""
    placed = [party for party in PARTIES if placements.of(party).places]
    own = side or placements.only_party()
    return [own] if own in placed else []


def _result_buttons(found: Sequence[Gap], language: str, knowledge: Knowledge) -> List[str]:
    questions = [knowledge.dimensions[gap.dimension].question[language] for gap in found]
    advice = [knowledge.phrases.ask_advice[language]] if found else []
    return [*advice, *questions[:2], knowledge.onboarding_phrases.button("start_tour", language)]


def _away(move: Move, text: Text, come_back: str, knowledge: Knowledge) -> Reply:
    """The placing pauses, has ended or could not begin: how to come back, and something to ask meanwhile."""
    language = move.language
    buttons = [knowledge.onboarding_phrases.button(come_back, language), knowledge.phrases.ask_overview[language]]
    return _reply(move, knowledge, [Section(None, text[language])], buttons)
