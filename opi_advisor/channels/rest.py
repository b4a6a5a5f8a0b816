"""The plain REST API for programs, at the address and with the JSON of Rasa's own, but checked, guarded and never silent."""
from __future__ import annotations

import os
from functools import partial
from typing import Any, Dict, List, Optional

from rasa.core.channels.channel import InputChannel
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from opi_advisor.channels.answering import answer_message
from opi_advisor.channels.body import message_text, read_object, sender_name
from opi_advisor.channels.exchange import Answer, Handler
from opi_advisor.channels.health import ready
from opi_advisor.channels.origins import other_origin
from opi_advisor.channels.token import require_token
from opi_advisor.settings import Settings, SettingsError, read_settings


class RestChannel(InputChannel):
    """One message in, one reply out. Of Rasa's channel, `?stream`, `?token`, `metadata` and `input_channel` are not taken."""

    def __init__(self, settings: Settings):
        self._settings = settings

    @classmethod
    def name(cls) -> str:
        """Rasa's own name, so that the address stays /webhooks/rest/webhook."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "RestChannel":
        """Made with the settings of the environment, as credentials.yml has none for it.

        Raises:
            RasaException: a setting can't be used; Rasa shows its message and ends.
        """
        try:
            return cls(read_settings(os.environ))
        except SettingsError as error:
            raise RasaException(str(error))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """GET ready, as /health/ready (Rasa's own health route says ok without a model); POST webhook."""
        self._on_new_message = on_new_message
        routes = Blueprint("rest")
        routes.add_route(partial(self._health), "/", methods=["GET"], name="health")
        routes.add_route(ready, "/ready", methods=["GET"], name="ready")
        if self._settings.rest:
            routes.add_route(partial(self._webhook), "/webhook", methods=["POST"], name="webhook")
        return routes

    async def _health(self, request: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    async def _webhook(self, request: Request) -> HTTPResponse:
        require_token(request, self._settings.token)
        other_origin(request, self._settings.origins)
        data = read_object(request)
        sender, text = sender_name(data), message_text(data, "message")
        await request.app.ctx.rate_limits.count_conversation(sender)
        answer = await answer_message(request.app, self._on_new_message, text, sender, self.name())
        return response.json(_as_items(answer, sender))


def _as_items(answer: Answer, sender: str) -> List[Dict[str, Any]]:
    """The reply as Rasa's REST channel lists it: what is to be read, and the reply contract."""
    buttons = {"buttons": answer.buttons} if answer.buttons else {}
    return [{"recipient_id": sender, "text": answer.text, **buttons}, {"recipient_id": sender, "custom": answer.reply}]
