"""The running server deletes by itself what has been silent for too long, from its start on."""
import asyncio
import logging
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from opi_advisor.feedback import FeedbackStore, Receipt
from opi_advisor.privacy import erasing
from opi_advisor.settings import SettingsError, read_settings
from opi_advisor.stores.database import open_database
from tests.privacy.conftest import wait_until
from tests.coroutines import run
from tests.privacy.talks import senders, write_talk
from tests.privacy.test_erasing import AGE, server


def write_comment(database, receipt, days):
    """A rating with a comment, so many days ago."""
    store = FeedbackStore(database)
    store.put(Receipt(receipt, "da", "answer", ("risk",), None, "none"), "down", "Hvad med regionen?")
    with open_database(database).begin() as connection:
        connection.execute(sa.text("UPDATE feedback SET day = :day WHERE receipt = :receipt"),
                           {"day": (date.today() - timedelta(days)).isoformat(), "receipt": receipt})


def test_a_started_server_has_deleted_what_is_old(running):
    wait_until(lambda: not any(sender.startswith("old-") for sender in senders(running.database)))
    assert len(running.old_traces) == 2
    wait_until(lambda: not any(trace in running.stored_bytes() for trace in running.old_traces))
    assert "young" in senders(running.database)


def test_it_goes_on_looking_after_a_failure(database, monkeypatch, caplog):
    monkeypatch.setattr(erasing, "PERIOD", 0.05)
    caplog.set_level(logging.INFO, erasing.__name__)
    running = server(database)
    write_talk(database, "old", "Hej", 31)
    write_comment(database, "old", 32)  # a day knows no hours
    write_comment(database, "young", 29)
    works, running.ctx.stored_conversations = running.ctx.stored_conversations, None

    async def some_time():
        task = asyncio.create_task(erasing._erase_old_again_and_again(running, AGE))
        await asyncio.sleep(0.2)
        failed = await asyncio.to_thread(senders, database)
        running.ctx.stored_conversations = works
        await asyncio.sleep(1)
        task.cancel()
        return failed

    assert run(some_time()) == ["old"] and senders(database) == []
    assert {row["receipt"]: row["missing"] for row in running.ctx.feedback.read()} == {"old": None, "young": "Hvad med regionen?"}
    assert "tried again in an hour" in caplog.text and "1 conversation(s) and 1 comment(s) were older than 30 days" in caplog.text


def test_days_are_thirty_unless_set():
    assert read_settings({}).retention_days == 30 and read_settings({"OPI_ADVISOR_RETENTION_DAYS": ""}).retention_days == 30
    assert [read_settings({"OPI_ADVISOR_RETENTION_DAYS": days}).retention_days for days in ("1", "90", "3650")] == [1, 90, 3650]


@pytest.mark.parametrize("days", ["0", "-1", "3651", "30.5", "a month", "1e3", "٣٠", " 30"])
def test_other_days_are_refused(days):
    with pytest.raises(SettingsError, match="^OPI_ADVISOR_RETENTION_DAYS is .*: write a whole number of days from 1 to 3650\\.$"):
        read_settings({"OPI_ADVISOR_RETENTION_DAYS": days})
