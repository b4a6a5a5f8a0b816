"""Errors as JSON: {"error": {"code", "message"}} with the status that fits, on every route of the server."""
from __future__ import annotations

import logging
from typing import Any, Dict, Optional

from sanic import response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)

RETRY_AFTER = 2  # seconds; a process that died is back after about that long
STATUS = {
    "bad_request": 400, "empty": 400, "unknown_button": 400, "unknown_receipt": 400, "no_conversation": 401,
    "origin_not_allowed": 403, "not_found": 404, "method_not_allowed": 405, "too_long": 413, "internal": 500, "not_ready": 503,
}
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_long", 503: "not_ready"}


class ApiError(Exception):
    """A request that can't be served; `code` is one of STATUS, `message` says to a developer what is wrong and what to do."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code, self.message = code, message


def as_json(request: Request, error: BaseException) -> HTTPResponse:
    """The answer to a request that ended with `error`; what nobody foresaw goes to the log and not to the client."""
    if isinstance(error, ApiError):
        return _response(error.code, error.message, STATUS[error.code])
    if isinstance(error, SanicException):
        status = getattr(error, "status_code", 500)
        if status < 500:
            return _response(_CODES.get(status, "bad_request"), str(error), status, getattr(error, "headers", None))
        if status == 503:
            return _response("not_ready", "The answer took too long; send the message again.", status)
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return _response("internal", "Something went wrong in the server; its log says what.", 500)


def _response(code: str, message: str, status: int, headers: Optional[Dict[str, Any]] = None) -> HTTPResponse:
    headers = {**(headers or {}), **({"Retry-After": str(RETRY_AFTER)} if code == "not_ready" else {})}
    return response.json({"error": {"code": code, "message": message}}, status=status, headers=headers)
