"""The process that runs the actions for `opi-advisor serve`: rasa_sdk's, but on this machine only, and for its own server only.

rasa_sdk's own listens on all addresses, runs any action for anyone, unpacks what is packed small, and sends what fails back
with the whole request. What runs the actions is rasa_sdk's executor here, too.
"""
from __future__ import annotations

import logging
import os
import sys
from typing import Any, Dict, Optional

from rasa_sdk import utils
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from opi_advisor.channels import connection
from opi_advisor.channels.body import read_object
from opi_advisor.channels.errors import UNREADABLE, ApiError, as_json
from opi_advisor.channels.token import require_token
from opi_advisor.garbage import keep_what_is_loaded
from opi_advisor.knowledge import default_knowledge
from opi_advisor.log import set_up_log
from opi_advisor.settings import ACTIONS_SECRET

MAX_BODY = 4 * 1024 * 1024  # bytes; Rasa posts the domain and the latest events of a conversation, some ten kilobytes
HOST = "127.0.0.1"


def action_app(package: str, secret: str) -> Sanic:
    """The server of the actions in `package`, for those who send `secret` as `Authorization: Bearer`; anyone may see /health."""
    app = Sanic("opi_advisor_actions", configure_logging=False)
    connection.install(app, MAX_BODY)
    app.exception(Exception)(as_json)
    executor = ActionExecutor()
    executor.register_package(package)

    @app.on_request
    async def guard(request: Request) -> Optional[HTTPResponse]:
        # It returns what it refuses with: Sanic runs this for failed requests, too, and is not prepared for another failure then.
        try:
            if request.path != "/health" and request.method != UNREADABLE:
                require_token(request, secret)
        except ApiError as error:
            return as_json(request, error)
        return None

    @app.get("/health")
    async def health(request: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    @app.get("/actions")
    async def actions(request: Request) -> HTTPResponse:
        return response.json([{"name": name} for name in executor.actions])

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        call = _call(request)
        try:
            return response.json(await executor.run(call))
        except ActionExecutionRejection as error:  # status and keys are what Rasa reads
            return response.json({"error": error.message, "action_name": error.action_name}, status=400)
        except ActionNotFoundException:
            raise ApiError("not_found", "There is no such action; GET /actions lists those that are.")

    return app


def _call(request: Request) -> Dict[str, Any]:
    call = read_object(request)
    tracker = call.get("tracker")
    if not (isinstance(call.get("next_action"), str) and isinstance(tracker, dict) and isinstance(tracker.get("slots"), dict)
            and isinstance(tracker.get("latest_message"), dict) and isinstance(tracker.get("events"), list)):
        raise ApiError("bad_request", "Send what Rasa sends: 'next_action', and 'tracker' with 'slots', 'latest_message' and 'events'.")
    return call


def main(port: int) -> None:
    """Serve the project's actions on a port of this machine, with the secret of the environment."""
    set_up_log("actions")
    utils.configure_colored_logging(logging.INFO)
    utils.update_sanic_log_level()
    app = action_app("actions", os.environ[ACTIONS_SECRET])
    default_knowledge()
    keep_what_is_loaded()
    app.run(HOST, port, motd=False, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
