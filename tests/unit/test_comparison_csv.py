"""The comparison as CSV: complete, readable for Excel and for programs, and nothing in it that a spreadsheet would run."""
import csv
import io
from dataclasses import replace

import pytest

from opi_advisor.comparison_csv import COLUMNS, comparison_csv
from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, PARTIES, default_knowledge
from opi_advisor.knowledge_files import Text

KNOWN = default_knowledge()
STATEMENTS = [statement for name in DIMENSIONS for party in PARTIES for statement in KNOWN.of_party(name, party)]


def rows(text: str):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statement_has_a_line_with_its_place(language):
    text = comparison_csv(language, KNOWN)
    assert text[0] == "\ufeff"
    head, *lines = rows(text[1:])
    assert tuple(head) == COLUMNS == ("dimension", "row", "party", "point", "id", "statement", "document")
    assert len(lines) == len(STATEMENTS) == 36
    for line, statement in zip(lines, STATEMENTS):
        dimension = KNOWN.dimensions[statement.id.split(".")[0]]
        assert line == [dimension.name[language], statement.source.row, KNOWN.comparison.parties[statement.source.party].name[language],
                        str(statement.source.point), statement.id, statement.text[language], KNOWN.comparison.document[language]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_end_as_the_standard_says(language):
    text = comparison_csv(language, KNOWN)
    assert text.endswith("\r\n") and text.count("\r\n") == text.count("\n") == 37


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_begins_a_formula(start):
    first = STATEMENTS[0]
    planted = replace(KNOWN, statements={**KNOWN.statements, first.id: replace(first, text=Text.construct(da=start, en=start))})
    line = rows(comparison_csv("da", planted)[1:])[1]
    assert line[COLUMNS.index("statement")] == f"'{start}"


def test_quotes_commas_and_breaks_stay_in_their_cell():
    first, text = STATEMENTS[0], 'a "quoted", thing\nin two lines'
    planted = replace(KNOWN, statements={**KNOWN.statements, first.id: replace(first, text=Text(da=text, en=text))})
    assert rows(comparison_csv("en", planted)[1:])[1][COLUMNS.index("statement")] == text
