"""Ratings of replies: kept once for each reply, summed up, and without anything that leads back to a person."""
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest

from opi_advisor.feedback import FeedbackStore, Receipt, summary

RISK = Receipt("one", "da", "answer", ("risk",), "why", "contradicts")
HELLO = Receipt("two", "en", "smalltalk", (), None, "none")


@pytest.fixture()
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(tmp_path / "a ?#%.db")


def test_no_file_and_no_table_are_no_feedback(store, tmp_path):
    assert store.read() == [] and list(tmp_path.iterdir()) == []
    (tmp_path / "a ?#%.db").touch()
    assert store.read() == []


def test_a_rating_is_kept_with_the_facts_of_its_reply(store):
    store.put(RISK, "down", "Hvad med regionen?")
    store.put(HELLO, "up", None)
    first, second = store.read()
    assert first == {"receipt": "one", "day": date.today().isoformat(), "language": "da", "kind": "answer", "dimensions": ["risk"],
                     "facet": "why", "premise": "contradicts", "rating": "down", "missing": "Hvad med regionen?"}
    assert (second["facet"], second["dimensions"], second["missing"]) == (None, [], None)


def test_a_second_rating_of_a_reply_replaces_the_first(store):
    store.put(RISK, "down", "Hvad med regionen?")
    store.put(RISK, "up", None)
    assert [(row["rating"], row["missing"]) for row in store.read()] == [("up", None)]


@pytest.mark.parametrize("attempt", range(10))
def test_the_first_ratings_may_come_at_once(store, attempt):
    together = Barrier(8)

    def rate(number):
        together.wait()
        store.put(replace(RISK, id=str(number)), "up", None)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(rate, range(8)))
    assert len(store.read()) == 8


def test_the_summary_counts_and_quotes(store):
    assert summary(store.read()) == "No feedback yet."
    store.put(RISK, "down", "Hvad med\n  regionen?")
    store.put(HELLO, "up", None)
    text = summary(store.read())
    assert "2 rating(s): 1 up, 1 down" in text and "da down answer risk: Hvad med regionen?" in text
