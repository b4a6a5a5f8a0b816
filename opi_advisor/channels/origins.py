"""Which site a request comes from: our own page, an allowed other site, or one that is refused."""
from __future__ import annotations

from typing import FrozenSet, Optional

from sanic.request import Request

from opi_advisor.channels.errors import ApiError
from opi_advisor.settings import normal_origin


def other_origin(request: Request, allowed: FrozenSet[str]) -> Optional[str]:
    """The allowed other site that `request` comes from, or None for one of our own page or of no page at all.

    Raises:
        ApiError: origin_not_allowed, also for "null".
    """
    header = request.headers.get("origin")
    if header is None or is_own(request, header):
        return None
    origin = normal_origin(header)
    if origin not in allowed:
        raise ApiError("origin_not_allowed", f"The origin {header!r} may not use this server; OPI_ADVISOR_ORIGINS names those that may.")
    return origin


def require_known_site(request: Request) -> None:
    """Refuse what may have been sent by a foreign page without saying so: a POST without Origin is taken only where the
    browser vouches for it.

    Raises:
        ApiError: origin_not_allowed.
    """
    if "origin" not in request.headers and request.headers.get("sec-fetch-site") not in ("same-origin", "none"):
        raise ApiError("origin_not_allowed", "Send the header Origin with this server's own origin, as browsers do; programs use "
                                             "/webhooks/rest/webhook.")


def is_own(request: Request, origin: str) -> bool:
    """Whether `origin` is this server's own.

    Sec-Fetch-Site is the browser's own word, which no script can set; it is right behind a proxy, too, where the server
    does not see by which address it was called.
    """
    if request.headers.get("sec-fetch-site") == "same-origin":
        return True
    return normal_origin(origin) is not None and normal_origin(origin) == normal_origin(f"{request.scheme}://{request.host}")


def by_https(request: Request) -> bool:
    """Whether the browser called by https, also where a proxy took the TLS off."""
    return request.scheme == "https" or request.headers.get("origin", "").startswith("https://")
