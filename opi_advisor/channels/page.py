"""The page, the widget and the HTTP API behind them, at the root of the Rasa server. The API is described in docs/http.md."""
from __future__ import annotations

import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Tuple

from rasa.core.channels.rest import RestInput
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from opi_advisor.channels import agent, answering, connection, health, rate_limit, security_headers
from opi_advisor.channels.answering import answer_message, ready_agent
from opi_advisor.channels.body import MAX_MISSING, MAX_TEXT, message_text, placements_text, read_object, text_field
from opi_advisor.channels.conversations import Conversations, set_browser_cookie
from opi_advisor.channels.errors import ApiError
from opi_advisor.channels.exchange import Answer, Handler
from opi_advisor.channels.origins import other_origin, require_known_site
from opi_advisor.channels.sheets import Sheets
from opi_advisor.channels.static_files import REVALIDATE, StaticFile, read_static_files, static_file
from opi_advisor.comparison_data import comparison_data, start_data
from opi_advisor.feedback import RATINGS
from opi_advisor.knowledge import default_knowledge
from opi_advisor.privacy import erasing
from opi_advisor.privacy.masking import mask
from opi_advisor.project import STATIC
from opi_advisor.secret import load_secret
from opi_advisor.settings import Settings, SettingsError, read_settings

READ = ["GET", "HEAD"]
MAX_BODY = 64 * 1024  # bytes, of every request to the server
FEEDBACK_SECONDS, FEEDBACK_THREADS = 4.0, 2  # that a rating may take to be kept
NOT_BUILT = "The page was not built. Run `uv sync --reinstall-package opi-advisor` and start the server again. The API works without it.\n"


class PageChannel(RestInput):
    """A Rasa channel of our own: the server makes the ids, and nothing that a person types can act as a command."""

    def __init__(self, settings: Settings, secret: str, static: Path = STATIC):
        self._settings, self._secret = settings, secret
        self._conversations = Conversations(secret)
        self._threads = ThreadPoolExecutor(FEEDBACK_THREADS, thread_name_prefix="feedback")
        self._files = read_static_files(static)
        knowledge = default_knowledge()
        self._start = _json_file(start_data(knowledge, MAX_TEXT, settings.contact))
        self._comparison = _json_file(comparison_data(knowledge))
        self._sheets = Sheets(knowledge, settings.frame_ancestors)

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa's tracker."""
        return "page"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "PageChannel":
        """Made with the settings of the environment, as credentials.yml has none for it.

        Raises:
            RasaException: a setting can't be used; Rasa shows its message and ends.
        """
        try:
            settings = read_settings(os.environ)
            return cls(settings, load_secret(settings))
        except SettingsError as error:
            raise RasaException(str(error))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """All routes of the page."""
        self._on_new_message = on_new_message
        routes = _RootBlueprint("page", self._install)
        for path, methods, handler in (
            ("/assets/<name:str>", READ, self._asset),
            ("/widget.js", READ, self._widget),
            ("/comparison.json", READ, self._get_comparison),
            ("/comparison.csv", READ, self._sheets.comparison_csv),
            ("/comparison", READ, self._sheets.comparison),
            ("/profile", READ, self._sheets.profile),
            ("/api/start", READ, self._get_start),
            ("/api/conversations", ["POST"], self._post_conversation),
            ("/api/messages", ["POST"], self._post_message),
            ("/api/feedback", ["POST"], self._post_feedback),
            ("/api/forget", ["POST"], self._post_forget),
        ):
            # Sanic sets attributes on its handlers, which bound methods do not allow and partials do.
            routes.add_route(partial(handler), path, methods=methods, name=handler.__name__, strict_slashes=True)
        return routes

    def _install(self, app: Sanic) -> None:
        app.config.ACCESS_LOG = False  # it would have people's addresses
        connection.install(app, MAX_BODY)
        security_headers.install(app, self._settings)
        agent.install(app)
        answering.install(app)
        erasing.install(app, self._settings)
        rate_limit.install(app, self._settings, self._secret)
        health.install(app, self._settings)
        app.register_middleware(self._index, "request")

    def _index(self, request: Request) -> Optional[HTTPResponse]:
        # Rasa has a route of its own at /, and Sanic lets none be replaced: answer before it is reached.
        return self._file("index.html", request) if request.path == "/" and request.method in READ else None

    async def _widget(self, request: Request) -> HTTPResponse:
        return self._file("widget.js", request)

    async def _asset(self, request: Request, name: str) -> HTTPResponse:
        if f"assets/{name}" not in self._files:
            raise ApiError("not_found", "There is no such file; the page at / names those that are.")
        return self._file(f"assets/{name}", request)

    def _file(self, name: str, request: Request) -> HTTPResponse:
        return self._files[name].answer(request) if name in self._files else response.text(NOT_BUILT, status=503)

    async def _get_start(self, request: Request) -> HTTPResponse:
        other_origin(request, self._settings.origins)
        return self._start.answer(request)

    async def _get_comparison(self, request: Request) -> HTTPResponse:
        return self._comparison.answer(request)

    async def _post_conversation(self, request: Request) -> HTTPResponse:
        origin, data = self._read_post(request)
        browser, cookie = None if origin else self._conversations.browser(request), None
        if not browser and not origin:
            browser, cookie = self._conversations.new_browser()
        answer = response.json({"conversation": self._conversations.start(browser, origin)}, status=201)
        if cookie:
            set_browser_cookie(request, answer, cookie)
        return answer

    async def _post_message(self, request: Request) -> HTTPResponse:
        origin, data = self._read_post(request)
        browser = None if origin else self._conversations.browser(request)
        sender = self._conversations.sender(text_field(data, "conversation"), browser, origin)
        text = self._said(data, sender)
        await request.app.ctx.rate_limits.count_conversation(sender)
        return response.json(self._signed(await answer_message(request.app, self._on_new_message, text, sender, self.name()), sender))

    def _said(self, data: Dict[str, Any], sender: str) -> str:
        """What a message says: its text, what its button sends, or its placements."""
        if sum(name in data for name in ("text", "button", "placements")) != 1:
            raise ApiError("bad_request", "Send one of 'text', 'button' and 'placements'.")
        if "placements" in data:
            return placements_text(data)
        return message_text(data, "text") if "text" in data else self._conversations.pressed(sender, text_field(data, "button"))

    def _signed(self, answer: Answer, sender: str) -> Dict[str, Any]:
        buttons = [{"title": button["title"], "button": self._conversations.offer(sender, button["payload"])} for button in answer.buttons]
        return {"reply": answer.reply, "text": answer.text, "buttons": buttons, "receipt": self._conversations.receipt(answer.reply)}

    async def _post_feedback(self, request: Request) -> HTTPResponse:
        origin, data = self._read_post(request)
        receipt = self._conversations.rated(text_field(data, "receipt"))
        rating = text_field(data, "rating")
        if rating not in RATINGS:
            raise ApiError("bad_request", "'rating' must be \"up\" or \"down\".")
        missing = text_field(data, "missing", MAX_MISSING).strip() if data.get("missing") is not None else ""
        # In threads of its own: neither a slow disk nor a database server that is frozen holds up anything else.
        putting = asyncio.get_running_loop().run_in_executor(self._threads, request.app.ctx.feedback.put, receipt, rating, mask(missing) or None)
        try:
            await asyncio.wait_for(putting, FEEDBACK_SECONDS)
        except asyncio.TimeoutError:
            raise ApiError("not_ready", "The rating could not be kept now; send it again in a moment.")
        return response.empty()

    async def _post_forget(self, request: Request) -> HTTPResponse:
        origin, data = self._read_post(request)
        browser = None if origin else self._conversations.browser(request)
        sender = self._conversations.sender(text_field(data, "conversation"), browser, origin, age=None)
        ready_agent(request.app)
        try:
            await erasing.erase(request.app, sender)
        except erasing.NotErased:
            raise ApiError("not_ready", "The conversation could not be deleted now; send the request again in a moment.")
        return response.empty()

    def _read_post(self, request: Request) -> Tuple[Optional[str], Dict[str, Any]]:
        """The other site that a POST comes from (None: our own page), and its JSON object."""
        require_known_site(request)
        return other_origin(request, self._settings.origins), read_object(request)


class _RootBlueprint(Blueprint):
    """A blueprint without the prefix under which Rasa puts every channel, and with a say in the whole server."""

    def __init__(self, name: str, install: Callable[[Sanic], None]):
        super().__init__(name)
        self.ctx.install = install

    def register(self, app: Sanic, options: Dict[str, Any]) -> None:
        super().register(app, {**options, "url_prefix": None})
        self.ctx.install(app)


def _json_file(data: Dict[str, Any]) -> StaticFile:
    return static_file("data.json", json.dumps(data, ensure_ascii=False).encode("utf-8"), REVALIDATE)
