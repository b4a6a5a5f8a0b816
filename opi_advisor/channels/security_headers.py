"""What stands around every response of the server: its headers, and errors as JSON."""
from __future__ import annotations

from typing import Any, Optional

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from opi_advisor.channels.errors import as_json
from opi_advisor.channels.origins import is_own, other_origin
from opi_advisor.settings import Settings, normal_origin

MAX_HEAD = 16 * 1024  # bytes, Sanic's most: also a far too long address reaches its route, which can say so in words
PREFLIGHT_AGE = 600  # seconds that a browser may remember the answer to a preflight
_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
           "base-uri 'none'; form-action 'self'; frame-ancestors {frame_ancestors}")


def install(app: Sanic, settings: Settings) -> None:
    """Put the headers, the error format on all routes of `app`, Rasa's own included."""
    policy = _POLICY.format(frame_ancestors=settings.frame_ancestors)

    def add_headers(request: Request, answer: HTTPResponse) -> None:
        answer.headers.update({"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"})
        answer.headers.setdefault("Content-Security-Policy", policy)  # the printable sheets have one of their own
        if _is_shared(request.path):
            _set_cors(request, answer, settings)

    def answer_preflight(request: Request) -> Optional[HTTPResponse]:
        if request.method != "OPTIONS" or not _is_shared(request.path):
            return None
        other_origin(request, settings.origins)
        return response.empty(headers={"Access-Control-Allow-Methods": "GET, HEAD, POST", "Access-Control-Allow-Headers": "Content-Type",
                                       "Access-Control-Max-Age": str(PREFLIGHT_AGE)})

    async def surround_the_others(app: Sanic, loop: Any) -> None:
        # Rasa's Sanic-CORS puts itself around all others at this point. It would answer every OPTIONS with an empty 200, and
        # allow credentials; going first with requests and last with responses, we have the say on the routes of the API.
        app.request_middleware.appendleft(answer_preflight)
        app.response_middleware.append(add_headers)

    app.config.REQUEST_MAX_HEADER_SIZE = MAX_HEAD
    app.exception(Exception)(as_json)
    app.register_listener(surround_the_others, "before_server_start")


def _is_shared(path: str) -> bool:
    return path == "/widget.js" or path.startswith(("/api/", "/assets/"))


def _set_cors(request: Request, answer: HTTPResponse, settings: Settings) -> None:
    for name in ("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers"):
        answer.headers.pop(name, None)
    vary = answer.headers.get("Vary")
    answer.headers["Vary"] = f"{vary}, Origin" if vary else "Origin"
    origin = request.headers.get("origin", "")
    if normal_origin(origin) in settings.origins and not is_own(request, origin):
        answer.headers["Access-Control-Allow-Origin"] = origin
