"""Connections that hold out against slow, broken and strange clients: what Sanic 21.12, which Rasa is tied to, leaves open.

Its timeouts begin anew with every byte, so that one byte now and then keeps a connection for ever; a head that it can't read
ends in a status of 500, or in a traceback and no answer.
"""
from __future__ import annotations

import asyncio
import re
from typing import Any, Optional

import sanic.app
from sanic import Sanic
from sanic.exceptions import InvalidUsage, PayloadTooLarge, RequestTimeout
from sanic.http import Http, Stage
from sanic.request import Request
from sanic.server.protocols.http_protocol import HttpProtocol

from opi_advisor.channels.errors import ApiError

HEAD_SECONDS = 10  # from the first byte of a request to the end of its head
BODY_SECONDS = 10  # from there to the end of its body
IDLE_SECONDS = 75  # between two requests; longer than the 60 s of usual proxies, so that it is they who hang up
_LENGTH = re.compile("[0-9]{1,15}")


class StrictHttp(Http):
    """Sanic's reading of requests."""

    __slots__ = ()

    def create_empty_request(self) -> None:
        """Stand something in for a request whose head can't be read: without its address, which may be what is wrong with it."""
        self.url = None
        super().create_empty_request()

    async def read(self) -> Optional[bytes]:
        """Read some of a body.

        Raises:
            InvalidUsage: it is not chunked as it says.
            PayloadTooLarge: the same where the request was answered already; Sanic expects no other error then.
        """
        try:
            return await super().read()
        except InvalidUsage:
            if self.stage is Stage.IDLE:
                raise PayloadTooLarge("Bad chunked encoding")
            raise


class StrictProtocol(HttpProtocol):
    """Sanic's connections."""

    __slots__ = ()

    def _setup_connection(self) -> None:
        super()._setup_connection()
        self._http = StrictHttp(self)

    def data_received(self, data: bytes) -> None:
        """Take in `data`. The clock runs on while a request is under way, and while the rest of a refused one comes in."""
        http = getattr(self, "_http", None)
        under_way = http is not None and (http.stage is not Stage.IDLE or getattr(http, "request_body", None))
        since = self._time if under_way else None
        super().data_received(data)
        if since is not None:
            self._time = since

    def check_timeouts(self) -> None:
        """End a connection that takes too long; also one that asked for a websocket, as there is none here."""
        if self._http is not None:
            self._http.upgrade_websocket = False
        super().check_timeouts()


class StrictRequest(Request):
    """Sanic's requests, of which it is certain where they end."""

    __slots__ = ()

    def __init__(self, *args: Any, **kwargs: Any):
        """Sanic makes a request when its head is there, and closes the connection where that raises.

        Raises:
            ApiError: bad_request.
        """
        super().__init__(*args, **kwargs)
        if self.headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise ApiError("bad_request", "Send the body as it is, without Content-Encoding.")
        lengths, codings = self.headers.getall("content-length", []), self.headers.getall("transfer-encoding", [])
        if len(lengths + codings) > 1 or not all(map(_LENGTH.fullmatch, lengths)) or codings not in ([], ["chunked"]):
            raise ApiError("bad_request", "Say once where the body ends: by Content-Length in digits, or by Transfer-Encoding: chunked.")

    async def receive_body(self) -> None:
        """Read the body, within BODY_SECONDS.

        Raises:
            RequestTimeout: it took longer; the connection ends with it.
        """
        try:
            await asyncio.wait_for(super().receive_body(), BODY_SECONDS)
        except asyncio.TimeoutError:
            self.stream.keep_alive, self.stream.request_body = False, None
            raise RequestTimeout("The body took too long.")


def install(app: Sanic, max_body: int) -> None:
    """Have `app` read its requests in this way; bodies have at most `max_body` bytes."""
    # Rasa and rasa_sdk start Sanic themselves, and leave no way to name the class of connections to it.
    sanic.app.HttpProtocol = StrictProtocol
    app.request_class = StrictRequest
    app.config.update({"REQUEST_MAX_SIZE": max_body, "REQUEST_TIMEOUT": HEAD_SECONDS, "KEEP_ALIVE_TIMEOUT": IDLE_SECONDS})
