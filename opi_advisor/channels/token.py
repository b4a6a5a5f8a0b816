"""Who may use what is meant for programs: those who know the token, or, where none is set, programs on this machine."""
from __future__ import annotations

import hmac
from typing import Optional

from sanic.headers import parse_host
from sanic.request import Request

from opi_advisor.addresses import is_loopback
from opi_advisor.channels.errors import ApiError

_ON_BEHALF = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")  # a proxy's headers


def require_token(request: Request, token: Optional[str]) -> None:
    """Let pass who sends `token` as `Authorization: Bearer`; without a token, only direct calls from this machine.

    Raises:
        ApiError: unauthorized.
    """
    if token is None:
        if not is_direct_call(request):
            raise ApiError("unauthorized", "Only programs on the server's own machine get in without a token: set OPI_ADVISOR_TOKEN "
                                           "for the server, and send it in the header Authorization: Bearer <token>.")
    elif not _has_token(request, token):
        raise ApiError("unauthorized", "Send the server's OPI_ADVISOR_TOKEN in the header Authorization: Bearer <token>.")


def is_direct_call(request: Request) -> bool:
    """Whether a program on this machine called by one of the machine's own names, and for nobody else.

    A web server in front calls from this machine, too, but says for whom. The name in Host keeps out the page of a foreign
    site whose name was made to point at this machine, in a browser on it.
    """
    return (is_loopback(request.ip) and is_loopback(parse_host(request.headers.get("host", ""))[0] or "")
            and not any(name in request.headers for name in _ON_BEHALF))


def _has_token(request: Request, token: str) -> bool:
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(sent.strip().encode("utf-8", "surrogateescape"), token.encode())
