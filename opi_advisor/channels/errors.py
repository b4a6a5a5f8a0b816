"""Errors as JSON: {"error": {"code", "message"}} with the status that fits, on every route of the server."""
from __future__ import annotations

import logging
from typing import Any, Dict, Optional

from sanic import response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from opi_advisor.metrics import ERRORS

logger = logging.getLogger(__name__)

RETRY_AFTER = 2  # seconds; a process that died is back after about that long
STATUS = {
    "bad_request": 400, "empty": 400, "unknown_button": 400, "unknown_receipt": 400, "no_conversation": 401, "unauthorized": 401,
    "origin_not_allowed": 403, "not_found": 404, "method_not_allowed": 405, "too_slow": 408, "too_long": 413, "too_many": 429,
    "internal": 500, "not_ready": 503,
}
_CODES = {404: "not_found", 405: "method_not_allowed", 408: "too_slow", 413: "too_long", 503: "not_ready"}
_HEADERS = {"not_ready": {"Retry-After": str(RETRY_AFTER)}, "unauthorized": {"WWW-Authenticate": "Bearer"}}
UNREADABLE = "NONE"  # Sanic's method of a request whose head it could not read


class ApiError(Exception):
    """A request that can't be served; `code` is one of STATUS, `message` says to a developer what is wrong and what to do.

    `retry_after`: seconds until it is worth sending the same again, where that is known.
    """

    def __init__(self, code: str, message: str, retry_after: Optional[int] = None):
        super().__init__(message)
        self.code, self.message, self.retry_after = code, message, retry_after


def as_json(request: Request, error: BaseException) -> HTTPResponse:
    """The answer to a request that ended with `error`; what nobody foresaw goes to the log and not to the client."""
    if isinstance(error, ApiError):
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
        return _response(error.code, error.message, STATUS[error.code], headers)
    if isinstance(error, SanicException):
        status = getattr(error, "status_code", 500)
        if status < 500:
            return _response(_CODES.get(status, "bad_request"), str(error), status, getattr(error, "headers", None))
        if status == 503:
            return _response("not_ready", "The answer took too long; send the message again.", status)
    if request.method == UNREADABLE:
        return _response("bad_request", "The head of the request is not HTTP/1.1.", 400)
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return _response("internal", "Something went wrong in the server; its log says what.", 500)


def _response(code: str, message: str, status: int, headers: Optional[Dict[str, Any]] = None) -> HTTPResponse:
    ERRORS.labels(code).inc()
    headers = {**_HEADERS.get(code, {}), **(headers or {})}
    return response.json({"error": {"code": code, "message": message}}, status=status, headers=headers)
