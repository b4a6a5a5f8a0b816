"""GET /health/live, /health/ready and /metrics, for those who watch over the server. docs/operations.md describes them."""
from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from opi_advisor.channels.readiness import Readiness
from opi_advisor.channels.token import require_token
from opi_advisor.metrics import READY
from opi_advisor.settings import Settings

_METHODS = ["GET", "HEAD"]


def install(app: Sanic, settings: Settings) -> None:
    """Put the routes on `app`."""
    app.ctx.readiness = Readiness(settings)

    async def metrics(request: Request) -> HTTPResponse:
        require_token(request, settings.token)
        READY.set(not await app.ctx.readiness.failing(app))
        return response.raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    app.add_route(live, "/health/live", methods=_METHODS)
    app.add_route(ready, "/health/ready", methods=_METHODS)
    app.add_route(metrics, "/metrics", methods=_METHODS)


async def live(request: Request) -> HTTPResponse:
    """200: the process answers."""
    return response.json({"alive": True})


async def ready(request: Request) -> HTTPResponse:
    """200: every part works. 503: those that do not, with what to do."""
    failing = await request.app.ctx.readiness.failing(request.app)
    return response.json({"ready": not failing, "failing": failing}, status=503 if failing else 200)
