"""Deleting what people wrote in the running server: a conversation at a person's wish, and by itself what has grown old."""
from __future__ import annotations

import asyncio
import logging
import time
from datetime import date
from typing import Any

from sanic import Sanic
from sqlalchemy.exc import SQLAlchemyError

from opi_advisor.feedback import FeedbackStore
from opi_advisor.privacy.stored_conversations import StoredConversations
from opi_advisor.settings import Settings
from opi_advisor.stores import StoreError
from opi_advisor.stores.database import reason

logger = logging.getLogger(__name__)

DAY = 24 * 3600.0  # seconds
PERIOD = 3600.0  # seconds between two looks for old conversations


class NotErased(Exception):
    """The conversation may still be stored; the log says why."""


def install(app: Sanic, settings: Settings) -> None:
    """Have `app` delete old conversations and comments by itself, at its start and every hour, and be able to delete a conversation
    with `erase`."""
    app.ctx.stored_conversations, app.ctx.feedback = StoredConversations(settings.database), FeedbackStore(settings.database)

    async def start(app: Sanic, loop: Any) -> None:
        app.ctx.erasing = asyncio.create_task(_erase_old_again_and_again(app, settings.retention_days * DAY))

    async def stop(app: Sanic, loop: Any) -> None:
        app.ctx.erasing.cancel()

    app.register_listener(start, "after_server_start")
    app.register_listener(stop, "before_server_stop")


async def erase(app: Sanic, sender: str) -> None:
    """Delete the conversation of `sender` from every table; a turn that is going on in it ends first.

    Raises:
        NotErased: a store failed.
    """
    try:
        async with app.ctx.agent.lock_store.lock(sender):
            await asyncio.to_thread(app.ctx.stored_conversations.erase, sender)
    except (SQLAlchemyError, StoreError) as error:
        logger.error("A conversation could not be deleted as asked: %s", reason(error))
        raise NotErased() from error


async def erase_old(app: Sanic, age: float) -> int:
    """Delete all conversations whose last event is older than `age` seconds; returns how many there were.

    One at a time and in a thread, so that other requests go on, and each under its lock, so that several servers may do it.
    """
    stored, since = app.ctx.stored_conversations, time.time() - age
    erased = 0
    for sender in await asyncio.to_thread(stored.silent_since, since):
        async with app.ctx.agent.lock_store.lock(sender):
            erased += await asyncio.to_thread(stored.erase_if_silent, sender, since)
    if erased:
        await asyncio.to_thread(stored.wipe)
    return erased


async def _erase_old_again_and_again(app: Sanic, age: float) -> None:
    while True:
        try:
            erased = await erase_old(app, age)
            comments = await asyncio.to_thread(app.ctx.feedback.forget_comments, date.fromtimestamp(time.time() - age))
            if erased or comments:
                logger.info("%d conversation(s) and %d comment(s) were older than %d days and are deleted", erased, comments, age // DAY)
        except Exception as error:  # whatever it is: conversations must not stay for ever because one attempt failed
            logger.error("What is old could not be deleted, which is tried again in an hour: %s", reason(error))
        await asyncio.sleep(PERIOD)
