"""One message to Rasa, exactly one reply from it."""
from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Dict, List

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from opi_advisor.channels.errors import ApiError

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]


@dataclass(frozen=True)
class Answer:
    """A reply as Rasa's collected items make it up: the reply contract, the whole text, and buttons with title and payload."""

    reply: Dict[str, Any]
    text: str
    buttons: List[Dict[str, str]]


async def exchange(on_new_message: Handler, text: str, sender: str, channel: str) -> Answer:
    """Hand `text` to Rasa and wait for the reply.

    Raises:
        ApiError: not_ready where nothing came back, as while the action server starts again.
    """
    collector = CollectingOutputChannel()
    await on_new_message(UserMessage(text, collector, sender, input_channel=channel))
    replies = [item["custom"] for item in collector.messages if "kind" in item.get("custom", {})]
    if not replies:
        logger.error("Rasa gave no reply; its log and that of the action server say why")
        raise ApiError("not_ready", "The advisor gave no reply; send the message again in a moment.")
    return Answer(
        reply=replies[0],
        text="\n\n".join(item["text"] for item in collector.messages if item.get("text")),
        buttons=[button for item in collector.messages for button in item.get("buttons", ())],
    )
