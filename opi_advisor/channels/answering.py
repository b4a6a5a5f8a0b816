"""The way of every message, whichever channel it came by: to Rasa, or, where it is too long or asks for the conversation to be
deleted, to a reply that says so."""
from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import AsyncIterator, Optional

from rasa.core.agent import Agent
from sanic import Sanic

from opi_advisor.channels.body import MAX_TEXT
from opi_advisor.channels.errors import ApiError
from opi_advisor.channels.exchange import Answer, Handler, exchange
from opi_advisor.knowledge import LANGUAGES, default_knowledge
from opi_advisor.metrics import MESSAGES, REPLY_SECONDS
from opi_advisor.privacy.erasing import NotErased, erase
from opi_advisor.privacy.forgetting import forgotten, not_forgotten, wish_to_forget
from opi_advisor.refusal import too_long
from opi_advisor.render import render_text
from opi_advisor.reply import Reply

logger = logging.getLogger(__name__)

# Messages in Rasa at a time. More would only wait there for each other, so long that the action server would seem not to answer.
AT_ONCE = 16
MAX_WAIT = 20.0  # seconds that a message waits before it is sent back


def install(app: Sanic) -> None:
    """Have `app` take so many messages at a time."""
    app.ctx.places = asyncio.Semaphore(AT_ONCE)


async def answer_message(app: Sanic, on_new_message: Handler, text: str, sender: str, channel: str) -> Answer:
    """The one reply to `text` in the conversation of `sender`. A text over MAX_TEXT is neither read nor stored, nor is a wish to
    have the conversation deleted.

    Raises:
        ApiError: not_ready, also where too many others came before.
    """
    agent = ready_agent(app)
    if len(text) > MAX_TEXT:
        return _as_answer(too_long(len(text), MAX_TEXT, await _language_of(agent, sender), default_knowledge()), channel)
    language = wish_to_forget(text, default_knowledge())
    if language:
        return _as_answer(await _forget(app, sender, language), channel)
    with REPLY_SECONDS.time():
        async with _place(app):
            answer = await exchange(on_new_message, text, sender, channel, agent)
    if not answer.reply["kept"]:
        app.ctx.readiness.doubt_the_store()
    return answer


def ready_agent(app: Sanic) -> Agent:
    """Rasa's agent, with its model loaded.

    Raises:
        ApiError: not_ready.
    """
    agent = getattr(app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        raise ApiError("not_ready", "No model is loaded yet; send the message again in a moment.")
    return agent


@asynccontextmanager
async def _place(app: Sanic) -> AsyncIterator[None]:
    try:
        await asyncio.wait_for(app.ctx.places.acquire(), MAX_WAIT)
    except asyncio.TimeoutError:
        raise ApiError("not_ready", "Too many messages came at once; send this one again in a moment.")
    try:
        yield
    finally:
        app.ctx.places.release()


async def _forget(app: Sanic, sender: str, language: str) -> Reply:
    try:
        await erase(app, sender)
        return forgotten(language, default_knowledge())
    except NotErased:
        return not_forgotten(language, default_knowledge())


def _as_answer(reply: Reply, channel: str) -> Answer:
    MESSAGES.labels(channel, reply.kind, reply.language).inc()
    return Answer({**reply.to_custom(), "kept": False}, render_text(reply, default_knowledge()), [])


async def _language_of(agent: Agent, sender: str) -> Optional[str]:
    """The language of the conversation so far; None where there is none yet, or none can be read."""
    try:
        tracker = await agent.tracker_store.retrieve(sender)
    except Exception:  # whatever a store may raise: the refusal is said in both languages then
        logger.warning("The language of a conversation could not be read", exc_info=True)
        return None
    language = tracker.get_slot("language") if tracker else None
    return language if language in LANGUAGES else None
