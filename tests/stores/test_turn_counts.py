"""What one turn sends to the database and to the action server does not grow with the conversation, nor with later changes. By counting,
as times differ from machine to machine.

The ceilings are in turn_counts.json, as measured on a whole advisor. `uv run python bench/turn_counts.py` measures them again: after a
change that saves something, so that it stays saved; after one that needs more, with the reason in the commit.
"""
import json
from pathlib import Path

import pytest

from opi_advisor.question import TRAIL_LENGTH
from tests.stores.counted_server import CountedServer, counts
from tests.stores.counting_rasa import text_bytes

CEILINGS = json.loads(Path(__file__).with_name("turn_counts.json").read_text(encoding="utf-8"))
NUMBERS, BYTES = ("reads", "writes", "rows", "calls"), ("row_bytes", "posted_bytes")
SLACK = 1.02  # for bytes: numbers such as times are written with more digits or fewer
SECOND, FULL, LATE = "2", "10", "50"  # turns; from FULL on, as many earlier questions are remembered as ever will be


@pytest.fixture(scope="module")
def counted(model, tmp_path_factory):
    """The counts of the turns that have ceilings, all of one conversation."""
    with CountedServer(tmp_path_factory.mktemp("counted")) as server:
        return server.conversation(map(int, CEILINGS))


@pytest.mark.parametrize("turn", CEILINGS)
def test_a_turn_stays_under_its_ceiling(counted, turn):
    for name, ceiling in CEILINGS[turn].items():
        assert counted[turn][name] <= ceiling * (SLACK if name in BYTES else 1), name


def test_as_many_statements_rows_and_calls_late_as_early(counted):
    for turn in CEILINGS:
        if int(turn) > int(SECOND):
            assert {name: counted[turn][name] for name in NUMBERS} == {name: counted[SECOND][name] for name in NUMBERS}, turn


def test_as_many_bytes_late_as_with_a_full_memory(counted):
    assert int(FULL) > TRAIL_LENGTH + 1
    for name in BYTES:
        assert 0 < counted[LATE][name] <= SLACK * counted[FULL][name], name


def test_a_call_may_come_in_parts_and_only_texts_have_bytes():
    statements = [{"verb": "BEGIN", "rows": 0, "bytes": 0}, {"verb": "SELECT", "rows": 0, "bytes": 5}, {"verb": "INSERT", "rows": 2, "bytes": 7}]
    found = counts(map(json.dumps, statements), ["1 10", "0 5", "1 20"])
    assert found.to_dict() == {"reads": 1, "writes": 1, "rows": 2, "row_bytes": 7, "calls": 2, "posted_bytes": 35}
    assert text_bytes([("æ", 1, None, 2.5), {"data": "ab"}]) == 4
