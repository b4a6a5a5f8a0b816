"""Takes over Rasa's agent once it is there: its actions are called in our way, and what it has loaded is there to stay."""
from __future__ import annotations

from typing import Any

from sanic import Sanic

from opi_advisor.channels.action_server import call_actions_well
from opi_advisor.garbage import keep_what_is_loaded


def install(app: Sanic) -> None:
    """Take the agent of `app` over when the server has started."""
    app.register_listener(_take_over, "after_server_start")
    app.register_listener(_leave, "before_server_stop")


async def _take_over(app: Sanic, loop: Any) -> None:
    agent = getattr(app.ctx, "agent", None)
    if agent and agent.is_ready() and agent.action_endpoint:
        app.ctx.action_server = call_actions_well(agent)
    keep_what_is_loaded()


async def _leave(app: Sanic, loop: Any) -> None:
    if hasattr(app.ctx, "action_server"):
        await app.ctx.action_server.close()
