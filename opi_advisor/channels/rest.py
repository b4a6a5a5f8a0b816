"""The plain REST API, as Rasa's own, but nothing that a person types can act as a command."""
from __future__ import annotations

import re
from typing import Any, Awaitable, Callable, Optional

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse


_LEADING_SLASHES = re.compile(r"[\s/]+")  # Rasa takes off white space of every kind before it looks for a slash


def as_plain_text(message: str) -> str:
    """Take the leading slashes off, which Rasa would read as an intent with full confidence ("/restart")."""
    start = _LEADING_SLASHES.match(message)
    return message[start.end():] if start else message


class RestChannel(RestInput):
    """Rasa's REST channel at the same address, for text only, with a `ready` route that tells the truth."""

    @classmethod
    def name(cls) -> str:
        """Rasa's own name, so that the address stays /webhooks/rest/webhook."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Rasa's routes, and GET ready: 200 once a model is loaded, else 503 (Rasa's own health route says ok without)."""
        blueprint = super().blueprint(on_new_message)

        @blueprint.route("/ready", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            is_ready = agent is not None and agent.is_ready()
            return response.json({"ready": is_ready}, status=200 if is_ready else 503)

        return blueprint

    async def _extract_sender(self, req: Request) -> Optional[str]:
        if not isinstance(req.json, dict):
            raise InvalidUsage("The body must be a JSON object with 'sender' and 'message'.")
        return await super()._extract_sender(req)

    def _extract_message(self, req: Request) -> str:
        message = super()._extract_message(req)
        if not isinstance(message, str):
            raise InvalidUsage("'message' must be there, as text.")
        return as_plain_text(message)
