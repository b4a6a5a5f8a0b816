"""Feedback, on both databases."""
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from opi_advisor.feedback import FeedbackStore, Receipt
from opi_advisor.stores.database import open_database

RISK = Receipt("one", "da", "answer", ("risk",), "why", "contradicts")


def test_a_rating_is_kept_and_a_second_one_replaces_it(database):
    store = FeedbackStore(database)
    assert store.read() == []
    store.put(RISK, "down", "Hvad med regionen?")
    store.put(RISK, "up", None)
    row, = store.read()
    assert (row["receipt"], row["dimensions"], row["rating"], row["missing"]) == ("one", ["risk"], "up", None)


def test_the_first_ratings_may_come_at_once_from_several_servers(database):
    stores, together = [FeedbackStore(database) for _ in range(4)], Barrier(4)

    def rate(number):
        together.wait()
        stores[number].put(replace(RISK, id=str(number)), "up", None)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(rate, range(4)))
    assert len(stores[0].read()) == 4


def test_an_error_does_not_quote_what_people_wrote(database):
    with open_database(database).begin() as connection:
        connection.execute(sa.text("CREATE TABLE feedback (other INTEGER)"))
    with pytest.raises(SQLAlchemyError) as failed:
        FeedbackStore(database).put(RISK, "down", "Hvad med regionen?")
    assert "regionen" not in str(failed.value)
