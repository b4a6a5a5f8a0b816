"""The body of a POST: one small JSON object whose fields have the right types, or an error that says what is wrong."""
from __future__ import annotations

import json
import re
from typing import Any, Dict, NoReturn, Optional

from sanic.request import Request

from opi_advisor.channels.conversations import PAGE, WIDGET
from opi_advisor.channels.errors import ApiError
from opi_advisor.knowledge import LANGUAGES
from opi_advisor.placements import PlacementsError, read_placements
from opi_advisor.privacy.masking import tells_a_person

MAX_TEXT = 1000  # characters of a message; the page is told at its start
MAX_MISSING = 500  # characters of a comment on a reply
MAX_SENDER = 200  # characters of the name that a program gives a conversation; Rasa's table has room for 255
# They come with text that is pasted from documents and mean nothing here. Line breaks and tabs stay.
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LEADING_SLASHES = re.compile(r"[\s/]+")  # Rasa takes off white space of every kind before it looks for a slash


def read_object(request: Request) -> Dict[str, Any]:
    """The JSON object of a request. The type application/json is required, as a form of another site can't send it.

    Raises:
        ApiError: bad_request.
    """
    if request.content_type.partition(";")[0].strip().lower() != "application/json":
        raise ApiError("bad_request", "Send the body as JSON, with the header Content-Type: application/json.")
    try:
        data = json.loads(request.body.decode("utf-8"), parse_constant=_no_such_constant)
        json.dumps(data, ensure_ascii=False).encode("utf-8")  # fails on half a surrogate pair
    except (ValueError, RecursionError) as error:
        raise ApiError("bad_request", f"The body is not JSON in UTF-8 ({error}).")
    if not isinstance(data, dict):
        raise ApiError("bad_request", "The body must be a JSON object.")
    return data


def text_field(data: Dict[str, Any], name: str, limit: Optional[int] = None) -> str:
    """The text in the field `name`, at most `limit` characters, with control characters as spaces.

    Raises:
        ApiError: bad_request where it is missing, no text or has a NUL; too_long.
    """
    value = data.get(name)
    if not isinstance(value, str):
        raise ApiError("bad_request", f"'{name}' must be there, as text.")
    if "\0" in value:
        raise ApiError("bad_request", f"'{name}' has a NUL character; remove it.")
    if limit is not None and len(value) > limit:
        raise ApiError("too_long", f"'{name}' has {len(value)} characters; send at most {limit}.")
    return _CONTROLS.sub(" ", value)


def message_text(data: Dict[str, Any], name: str) -> str:
    """What a person typed, in the field `name`, as text that can't act as a command. It may be longer than MAX_TEXT.

    Raises:
        ApiError: bad_request, or empty where nothing but blanks and slashes is left.
    """
    text = as_plain_text(text_field(data, name)).strip()
    if not text:
        raise ApiError("empty", f"'{name}' is empty; send a message.")
    return text


def placements_text(data: Dict[str, Any]) -> str:
    """The placements of both parties, as the message that gives them to the conversation, in the `language` of the page.

    Raises:
        ApiError: bad_request where they can't be read, or say nothing.
    """
    try:
        placements = read_placements(text_field(data, "placements"))
    except PlacementsError as error:
        raise ApiError("bad_request", str(error))
    if not placements.places:
        raise ApiError("bad_request", "'placements' has no place; send at least one, such as goals=1-x.")
    language = data.get("language", LANGUAGES[0])
    if language not in LANGUAGES:
        raise ApiError("bad_request", f"'language' must be one of {', '.join(LANGUAGES)}.")
    return f"{placements.to_query()}&lang={language}"


def sender_name(data: Dict[str, Any]) -> str:
    """The name that a program gives a conversation: printable, so that it can be stored and looked for, and none of the page's.

    Raises:
        ApiError: bad_request, too_long.
    """
    name = text_field(data, "sender", MAX_SENDER)
    if not name.strip() or not data["sender"].isprintable():
        raise ApiError("bad_request", "'sender' must have printable characters only, and at least one that is no blank.")
    if name.startswith((PAGE, WIDGET)):
        raise ApiError("bad_request", f"'sender' must not begin with {PAGE} or {WIDGET}, as conversations of the page do.")
    if tells_a_person(name):
        raise ApiError("bad_request", "'sender' is stored, and has a personal address or number in it: send an id that says nothing "
                                      "about a person, such as a random one.")
    return name


def as_plain_text(message: str) -> str:
    """Take the leading slashes off, which Rasa would read as an intent with full confidence ("/restart")."""
    start = _LEADING_SLASHES.match(message)
    return message[start.end():] if start else message


def _no_such_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
