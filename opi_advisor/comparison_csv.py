"""The whole comparison as a table for spreadsheets: CSV as in RFC 4180, which Excel opens with its Danish letters intact."""
from __future__ import annotations

import csv
import io

from opi_advisor.knowledge import PARTIES, Knowledge

COLUMNS = ("dimension", "row", "party", "point", "id", "statement", "document")
BYTE_ORDER_MARK = "\ufeff"  # tells Excel that it is UTF-8
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def comparison_csv(language: str, knowledge: Knowledge) -> str:
    """One line for each statement, in `language`; the names of the columns and the row of the source's table stay as they are."""
    lines = io.StringIO()
    table = csv.writer(lines)
    table.writerow(COLUMNS)
    for name, dimension in knowledge.dimensions.items():
        for party in PARTIES:
            for statement in knowledge.of_party(name, party):
                table.writerow([_as_text(str(cell)) for cell in (
                    dimension.name[language], dimension.row, knowledge.comparison.parties[party].name[language], statement.source.point,
                    statement.id, statement.text[language], knowledge.comparison.document[language])])
    return BYTE_ORDER_MARK + lines.getvalue()


def _as_text(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
