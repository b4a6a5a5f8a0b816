"""The plain REST API, as Rasa's own, but nothing that a person types can act as a command."""
from __future__ import annotations

from typing import Optional

from rasa.core.channels.rest import RestInput
from sanic.request import Request


def as_plain_text(message: str) -> str:
    """Take the leading slashes off, which Rasa would read as an intent with full confidence ("/restart")."""
    return message.lstrip(" \t\r\n/")


class RestChannel(RestInput):
    """Rasa's REST channel at the same address, for text only."""

    @classmethod
    def name(cls) -> str:
        """Rasa's own name, so that the address stays /webhooks/rest/webhook."""
        return "rest"

    def _extract_message(self, req: Request) -> Optional[str]:
        message = super()._extract_message(req)
        return as_plain_text(message) if isinstance(message, str) else message
