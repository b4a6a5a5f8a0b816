"""Ids of browsers and conversations, offered buttons and receipts: all made and signed here, so none can be made up.

A conversation of our own page belongs to a browser, known by its cookie; one of a widget on another site belongs to that
site, and its id is the secret. Each kind is signed for its owner and has Rasa senders of its own, so neither passes for the other.
"""
from __future__ import annotations

import hashlib
import secrets
from dataclasses import astuple
from typing import Any, Optional, Tuple

from itsdangerous import BadData, URLSafeTimedSerializer
from sanic.request import Request
from sanic.response import HTTPResponse

from opi_advisor.channels.errors import ApiError
from opi_advisor.channels.origins import by_https
from opi_advisor.feedback import Receipt

COOKIE = "opi_session"
PAGE, WIDGET = "page-", "widget-"  # how the senders made here begin, and no others
AGE = 30 * 24 * 3600  # seconds that all of this is good for, so that a tour goes on after days; the cookie goes with the browser's session


class Conversations:
    """Makes and checks everything that is signed with `secret`."""

    def __init__(self, secret: str):
        self._secret = secret

    def new_browser(self) -> Tuple[str, str]:
        """The id of a browser that has none yet, and the cookie's value that carries it."""
        browser = secrets.token_urlsafe(16)
        return browser, self._sign("browser", browser)

    def browser(self, request: Request) -> Optional[str]:
        """The id in the request's cookie; None where there is none that we signed, or too long ago."""
        return self._read("browser", _cookie(request), AGE)

    def start(self, browser: Optional[str], origin: Optional[str]) -> str:
        """The id of a new conversation, of a browser on our own page or of a widget on the site `origin`."""
        return self._sign(_owner(browser, origin), secrets.token_urlsafe(16))

    def sender(self, conversation: str, browser: Optional[str], origin: Optional[str], age: Optional[int] = AGE) -> str:
        """Rasa's sender id of a conversation that began at most `age` seconds ago (None: at any time).

        Raises:
            ApiError: no_conversation where it is not this owner's, too old, or none of ours.
        """
        name = self._read(_owner(browser, origin), conversation, age) if browser or origin else None
        if name is None:
            raise ApiError("no_conversation", "This conversation is not known here; start one with POST /api/conversations.")
        return f"{WIDGET}{name}" if origin else f"{PAGE}{browser}-{name}"

    def offer(self, sender: str, payload: str) -> str:
        """The value of a button that sends `payload` in the conversation of `sender`."""
        return self._sign(f"button {sender}", payload)

    def pressed(self, sender: str, button: str) -> str:
        """What a pressed button sends.

        Raises:
            ApiError: unknown_button where it was not offered in this conversation.
        """
        payload = self._read(f"button {sender}", button, AGE)
        if payload is None:
            raise ApiError("unknown_button", "This button was not offered in this conversation; send the value as it came with a reply.")
        return payload

    def receipt(self, reply: dict) -> str:
        """A receipt for a reply (its contract), to be handed in with a rating."""
        return self._sign("receipt", astuple(Receipt(secrets.token_urlsafe(16), reply["language"], reply["kind"],
                                                     tuple(reply["dimensions"]), reply["facet"], reply["premise"])))

    def rated(self, receipt: str) -> Receipt:
        """What a receipt says about its reply.

        Raises:
            ApiError: unknown_receipt where it is none of ours, or too old.
        """
        facts = self._read("receipt", receipt, AGE)
        if facts is None:
            raise ApiError("unknown_receipt", "This receipt is not known here; send the one that came with a reply.")
        return Receipt(*facts)

    def _serializer(self, use: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secret, salt=f"opi-advisor {use}", signer_kwargs={"digest_method": hashlib.sha256})

    def _sign(self, use: str, value: Any) -> str:
        return self._serializer(use).dumps(value)

    def _read(self, use: str, signed: str, age: Optional[int]) -> Optional[Any]:
        try:
            return self._serializer(use).loads(signed, max_age=age)
        except BadData:
            return None


def set_browser_cookie(request: Request, answer: HTTPResponse, value: str) -> None:
    """Give the browser its id, out of reach of scripts and of other sites."""
    answer.cookies[COOKIE] = value
    answer.cookies[COOKIE].update({"httponly": True, "samesite": "Strict", "path": "/"})
    if by_https(request):  # set to False, Sanic writes "Secure=False", which browsers read as Secure
        answer.cookies[COOKIE]["secure"] = True


def _owner(browser: Optional[str], origin: Optional[str]) -> str:
    return f"conversation of site {origin}" if origin else f"conversation of browser {browser}"


def _cookie(request: Request) -> str:
    # Not Sanic's parser, which loses all cookies where another one on the same host has an unusual name.
    for header in request.headers.getall("cookie", []):
        for part in header.split(";"):
            name, _, value = part.strip().partition("=")
            if name == COOKIE:
                return value
    return ""
