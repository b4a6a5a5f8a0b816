"""A Reply as plain text with light Markdown that reads well raw in a terminal."""
from __future__ import annotations

from itertools import groupby
from typing import Dict, Iterator, List, Sequence, Tuple

from opi_advisor.knowledge import Knowledge, Statement
from opi_advisor.question import ANSWER, OVERVIEW
from opi_advisor.reply import Reply, Section, Step, Suggestion

MAX_PLACES = 4
NUMBERED = (ANSWER, OVERVIEW)  # replies whose sections can be asked for by number


def render_text(reply: Reply, knowledge: Knowledge, base: str = "") -> str:
    """The whole reply as one text; paragraphs are separated by an empty line.

    `base` is the address where people open the advisor, without the slash at its end; it goes before the links.
    """
    phrases, language = knowledge.phrases, reply.language
    paragraphs = [_head(reply.step)] if reply.step else []
    paragraphs += _sections(reply, knowledge)
    if reply.suggestions:
        lines = [_suggestion(suggestion, knowledge, language) for suggestion in reply.suggestions]
        paragraphs.append("\n".join([f"**{phrases.suggestions_title[language]}:**", *lines]))
    if reply.note:
        paragraphs.append(reply.note)
    if reply.links:
        paragraphs.append("\n".join(f"- {link.title}: {base}{link.href}" for link in reply.links))
    if reply.statements:
        paragraphs.append(f"_{source_line(reply, knowledge)}_")
    if reply.offer:
        paragraphs.append(reply.offer)
    return "\n\n".join(paragraphs)


def _head(step: Step) -> str:
    return f"**{step.title}**" + (f" ({step.label})" if step.label else "")


def _sections(reply: Reply, knowledge: Knowledge) -> List[str]:
    if len(reply.sections) == 1:
        only = reply.sections[0]
        return [" ".join(filter(None, (reply.opening, only.answer))), *_details(only, reply, knowledge)]
    paragraphs = [reply.opening] if reply.opening else []
    for number, section in enumerate(reply.sections, 1):
        paragraphs.append(_titled(section, f"{number}. " if reply.kind in NUMBERED else ""))
        paragraphs += _details(section, reply, knowledge)
    return paragraphs


def _titled(section: Section, number: str) -> str:
    return f"{number}**{section.title}:** {section.answer}" if section.title else section.answer


def _details(section: Section, reply: Reply, knowledge: Knowledge) -> List[str]:
    details = []
    if section.statements:
        details.append("\n".join(f"- {statement.text[reply.language]}" for statement in section.statements))
    if section.contrast:
        details.append(f"{knowledge.phrases.compared[reply.language]} {section.contrast}")
    return details


def _suggestion(suggestion: Suggestion, knowledge: Knowledge, language: str) -> str:
    words = [suggestion.advice[language]]
    if suggestion.reader:
        party = knowledge.comparison.parties[suggestion.reader].name[language]
        words.insert(0, knowledge.phrases.suggestion_for[language].format(party=party))
    return f"- {' '.join(words)}"


def source_line(reply: Reply, knowledge: Knowledge) -> str:
    """Where the reply's statements stand: document, rows or sections, parties and points."""
    phrases, language = knowledge.phrases, reply.language
    document = knowledge.comparison.document[language]
    places: Dict[str, List[Statement]] = {}
    for statement in reply.statements:
        places.setdefault(statement.source.row, []).append(statement)
    if len(places) > MAX_PLACES:
        names = [phrases.source_table[language].format(table=knowledge.comparison.table)]
    else:
        names = [_place(row, found, knowledge, language) for row, found in places.items()]
    return phrases.source[language].format(document=document, places=_listed(names, phrases.and_more[language]))


def _place(row: str, statements: Sequence[Statement], knowledge: Knowledge, language: str) -> str:
    phrases = knowledge.phrases
    if statements[0].source.party is None:
        return phrases.source_section[language].format(row=row)
    points = [phrases.source_points[language].format(party=knowledge.comparison.parties[party].plural[language], points=points)
              for party, points in _points_by_party(statements)]
    return phrases.source_row[language].format(row=row, points="; ".join(points))


def _points_by_party(statements: Sequence[Statement]) -> Iterator[Tuple[str, str]]:
    for party, group in groupby(statements, key=lambda statement: statement.source.party):
        points = [statement.source.point for statement in group]
        yield party, f"{points[0]}–{points[-1]}" if len(points) > 1 else str(points[0])


def _listed(names: Sequence[str], last_joint: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last_joint} {names[-1]}"
