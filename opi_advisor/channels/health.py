"""GET /health/live, /health/ready and /metrics, for those who watch over the server. docs/operations.md describes them."""
from __future__ import annotations

from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from opi_advisor.channels.action_server import call_actions_well
from opi_advisor.channels.readiness import Readiness
from opi_advisor.channels.token import require_token
from opi_advisor.metrics import READY
from opi_advisor.settings import Settings

_METHODS = ["GET", "HEAD"]


def install(app: Sanic, settings: Settings) -> None:
    """Put the routes on `app`, and have Rasa call the action server by our rules once its agent is there."""
    app.ctx.readiness = Readiness(settings)

    async def metrics(request: Request) -> HTTPResponse:
        require_token(request, settings.token)
        READY.set(not await app.ctx.readiness.failing(app))
        return response.raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    async def take_over_the_action_server(app: Sanic, loop: Any) -> None:
        agent = getattr(app.ctx, "agent", None)
        if agent and agent.is_ready() and agent.action_endpoint:
            app.ctx.action_server = call_actions_well(agent)

    async def leave_the_action_server(app: Sanic, loop: Any) -> None:
        if hasattr(app.ctx, "action_server"):
            await app.ctx.action_server.close()

    app.add_route(live, "/health/live", methods=_METHODS)
    app.add_route(ready, "/health/ready", methods=_METHODS)
    app.add_route(metrics, "/metrics", methods=_METHODS)
    app.register_listener(take_over_the_action_server, "after_server_start")
    app.register_listener(leave_the_action_server, "before_server_stop")


async def live(request: Request) -> HTTPResponse:
    """200: the process answers."""
    return response.json({"alive": True})


async def ready(request: Request) -> HTTPResponse:
    """200: every part works. 503: those that do not, with what to do."""
    failing = await request.app.ctx.readiness.failing(request.app)
    return response.json({"ready": not failing, "failing": failing}, status=503 if failing else 200)
