"""The comparison as plain JSON: for the page at its start, and for other programs. Pure functions over the knowledge base."""
from __future__ import annotations

from typing import Any, Dict, Optional

from opi_advisor.knowledge import LANGUAGES, PARTIES, Knowledge, Statement
from opi_advisor.knowledge_files import Dimension, Text


def start_data(knowledge: Knowledge, limit: int, contact: Optional[str]) -> Dict[str, Any]:
    """What the page needs at its start; `limit` is the longest message in characters, `contact` the address of a person."""
    return {
        "limit": limit,
        "contact": contact,
        "document": _both(knowledge.comparison.document),
        "parties": _parties(knowledge),
        "dimensions": [_dimension(dimension, knowledge, with_sources=False) for dimension in knowledge.dimensions.values()],
        "examples": {language: [example[language] for example in knowledge.page.examples] for language in LANGUAGES},
        "onboarding": {topic: {language: knowledge.onboarding_phrases.button(command, language) for language in LANGUAGES}
                       for topic, command in (("tour", "start_tour"), ("placing", "start_placing"))},
    }


def comparison_data(knowledge: Knowledge) -> Dict[str, Any]:
    """The whole comparison: dimensions, poles, positions, and every statement with its place in the source."""
    return {
        "document": _both(knowledge.comparison.document),
        "table": knowledge.comparison.table,
        "parties": _parties(knowledge),
        "dimensions": [_dimension(dimension, knowledge, with_sources=True) for dimension in knowledge.dimensions.values()],
    }


def _both(text: Text) -> Dict[str, str]:
    return {language: text[language] for language in LANGUAGES}


def _parties(knowledge: Knowledge) -> Dict[str, Any]:
    names = knowledge.comparison.parties
    return {party: {"title": _both(names[party].title), "name": _both(names[party].name), "plural": _both(names[party].plural)}
            for party in PARTIES}


def _dimension(dimension: Dimension, knowledge: Knowledge, with_sources: bool) -> Dict[str, Any]:
    axis = dimension.axis
    return {
        "id": dimension.id,
        "row": dimension.row,
        "name": _both(dimension.name),
        "explanation": _both(dimension.explanation),
        "question": _both(dimension.question),
        "contrast": _both(dimension.contrast),
        "axis": {"left": _both(axis.left), "right": _both(axis.right), "private": axis.private, "public": axis.public},
        "parties": {party: {"answer": _both(dimension.parties[party].answer),
                            "statements": [_statement(statement, with_sources) for statement in knowledge.of_party(dimension.id, party)]}
                    for party in PARTIES},
    }


def _statement(statement: Statement, with_source: bool) -> Dict[str, Any]:
    place = {"source": vars(statement.source).copy()} if with_source else {}
    return {"id": statement.id, "point": statement.source.point, "text": _both(statement.text), **place}
