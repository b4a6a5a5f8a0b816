"""One message to Rasa, exactly one reply from it, whatever fails on the way."""
from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from opi_advisor.knowledge import default_knowledge
from opi_advisor.knowledge_files import Text
from opi_advisor.metrics import ERRORS, MESSAGES, STORE_FAILURES
from opi_advisor.privacy.masking import mask
from opi_advisor.question import OUT_OF_SCOPE, Context, Reading, without_context
from opi_advisor.render import render_text
from opi_advisor.reply import build_reply
from opi_advisor.stores import NoLock, NotRead, Overtaken, StoreError, watch_turn

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]


@dataclass(frozen=True)
class Answer:
    """A reply as Rasa's collected items make it up: the reply contract, the whole text, and buttons with title and payload."""

    reply: Dict[str, Any]
    text: str
    buttons: List[Dict[str, str]]


async def exchange(on_new_message: Handler, text: str, sender: str, channel: str, agent: Optional[Agent] = None) -> Answer:
    """Hand `text`, without personal numbers and addresses, to Rasa and wait for the reply.

    Where Rasa has none, or one that rests on what has changed since, the reply is of kind "trouble", from what `agent` reads in
    the message itself. The reply's key `kept` tells whether the turn is in the database.
    """
    text = mask(text)
    message = UserMessage(text, CollectingOutputChannel(), sender, input_channel=channel)
    failure = await _turn(on_new_message, message)
    answer = None if isinstance(failure, Overtaken) else _collected(message.output_channel)
    if answer is None:
        answer = _complete(await _trouble(text, agent), kept=False)
    elif failure:
        phrases = default_knowledge().phrases
        answer = _complete(answer, False, phrases.not_read if isinstance(failure, NotRead) else phrases.not_kept)
    else:
        answer = _complete(answer, kept=True)
    MESSAGES.labels(channel, answer.reply["kind"], answer.reply["language"]).inc()
    return answer


async def _turn(on_new_message: Handler, message: UserMessage) -> Optional[Exception]:
    """Have Rasa answer and keep the turn; returns what failed, if anything did."""
    with watch_turn() as outcome:
        try:
            await on_new_message(message)
            failure: Optional[Exception] = outcome.failure
        except NoLock as error:
            logger.error("A message had to be given up: %s", error)
            failure = error
        except Exception as error:  # nobody foresaw it, and the person needs a reply all the same
            logger.exception("A message could not be answered")
            failure = error
    if isinstance(failure, StoreError):
        STORE_FAILURES.labels(type(failure).__name__).inc()
    elif failure:
        ERRORS.labels("internal").inc()
    return failure


def _collected(collector: CollectingOutputChannel) -> Optional[Answer]:
    """The reply as Rasa said it; None where it said nothing."""
    replies = [item["custom"] for item in collector.messages if "kind" in item.get("custom", {})]
    if not replies:
        logger.error("Rasa gave no reply")
        return None
    return Answer(
        reply=replies[0],
        text="\n\n".join(item["text"] for item in collector.messages if item.get("text")),
        buttons=[button for item in collector.messages for button in item.get("buttons", ())],
    )


def _complete(answer: Answer, kept: bool, caution: Optional[Text] = None) -> Answer:
    """The answer with its key `kept`, and with `caution` as its last words."""
    if caution is None:
        return replace(answer, reply={**answer.reply, "kept": kept})
    said = caution[answer.reply["language"]]
    note = " ".join(filter(None, (answer.reply["note"], said)))
    return replace(answer, reply={**answer.reply, "kept": kept, "note": note}, text=f"{answer.text}\n\n{said}")


async def _trouble(text: str, agent: Optional[Agent]) -> Answer:
    """What can be said where Rasa could not: the general comparison where the message itself is about a dimension."""
    reply = build_reply(without_context(await _reading(text, agent), None), Context(), default_knowledge())
    return Answer(reply.to_custom(), render_text(reply, default_knowledge()), [])


async def _reading(text: str, agent: Optional[Agent]) -> Reading:
    try:
        return Reading.of_message(await agent.parse_message(text)) if agent else Reading(OUT_OF_SCOPE)
    except Exception:  # the reading itself may be what does not work
        logger.exception("A message could not be read")
        return Reading(OUT_OF_SCOPE)
