"""How Rasa calls the action server: over one connection that is kept, with little to send, with a time limit, and with an honest
reply where no good one comes back."""
from __future__ import annotations

import asyncio
import logging
import time
from contextlib import nullcontext
from typing import Any, AsyncContextManager, Dict, Iterable, List, Mapping, Optional, Union

import aiohttp
from pydantic import BaseModel, ConstrainedStr, Field
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.core.agent import Agent
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from typing_extensions import Literal

from opi_advisor.knowledge import default_knowledge
from opi_advisor.metrics import ACTION_FAILURES
from opi_advisor.question import Context, Reading, without_context
from opi_advisor.render import render_text
from opi_advisor.reply import build_reply

logger = logging.getLogger(__name__)

TIMEOUT = 3.0  # seconds that the action server has for one message; one that died is back after about two
PROBE_TIMEOUT = 1.0  # seconds that it has to say that it is there
_BETWEEN_TRIES = 0.2  # seconds


def call_actions_well(agent: Agent) -> "ActionServer":
    """Have the agent call its actions by an `ActionServer`, whose results Rasa need not check again."""
    server = ActionServer.of(agent.action_endpoint)
    agent.action_endpoint = agent.processor.action_endpoint = server
    # Its check makes a validator, and checks the validator's own schema, for each message: more than all the rest of a turn.
    RemoteAction._validate_action_result = _checked_already
    return server


def _checked_already(action: RemoteAction, result: Dict[str, Any]) -> bool:
    return True


class ActionServer(EndpointConfig):
    """The action server of an endpoints file. Any server may stand behind an address: what it says is believed where it has
    the shape of what our own actions say."""

    _session: Optional[aiohttp.ClientSession] = None

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> "ActionServer":
        """The server that Rasa has read from its endpoints file. Our actions need no domain: none is sent."""
        return cls(endpoint.url, endpoint.params, endpoint.headers, endpoint.basic_auth, endpoint.token, endpoint.token_name,
                   endpoint.cafile, **{**endpoint.kwargs, SELECTIVE_DOMAIN: True})

    def session(self) -> AsyncContextManager[aiohttp.ClientSession]:
        """The one session, and so the same connections, for all calls; leaving it does not close it."""
        if self._session is None:
            self._session = super().session()
        return nullcontext(self._session)

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()
        self._session = None

    async def request(self, method: str = "post", subpath: Optional[str] = None, content_type: Optional[str] = "application/json",
                      compress: bool = False, **options: Any) -> Any:
        """Have the action run that Rasa asks for; where that fails, a reply of kind "trouble" takes the action's place.

        The tracker gets that reply as any other, so the conversation goes on from there.
        """
        call: Dict[str, Any] = options["json"]
        call["tracker"]["events"] = []  # our actions read the slots and the latest message
        options["timeout"] = TIMEOUT  # Rasa would wait five minutes
        end = time.monotonic() + TIMEOUT
        while True:
            try:
                run = super().request(method, subpath, content_type, compress, **options)
                result = await asyncio.wait_for(run, max(0.0, end - time.monotonic()))
                Result.parse_obj(result)
                return result
            except asyncio.TimeoutError:
                reason, explanation = "slow", f"gave no answer within {TIMEOUT:.0f} seconds"
            except aiohttp.ClientConnectionError:
                if time.monotonic() + _BETWEEN_TRIES < end:  # it may be starting again; our actions can run twice without harm
                    await asyncio.sleep(_BETWEEN_TRIES)
                    continue
                reason, explanation = "unreachable", "can't be reached"
            except ClientResponseError as error:  # its text quotes what was sent: a person's words
                reason, explanation = "refused", f"answered with status {error.status}"
            except (aiohttp.ClientError, ValueError, RecursionError) as error:
                reason, explanation = "nonsense", f"answered what no action of ours says ({type(error).__name__})"
            ACTION_FAILURES.labels(reason).inc()
            logger.error("The action server %s for %s; its log says why", explanation, call["next_action"])
            return trouble(call["tracker"])

    async def has(self, actions: Iterable[str]) -> bool:
        """Whether a server answers at the address that has `actions`."""
        url = self.url.rpartition("/")[0] + "/actions"
        try:
            async with self.session() as session:
                async with session.get(url, params=self.combine_parameters(), timeout=PROBE_TIMEOUT) as answer:
                    found = await answer.json()
            return set(actions) <= {action["name"] for action in found}
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError, TypeError, KeyError):
            return False


class _Words(ConstrainedStr):
    strip_whitespace = True
    min_length = 1


class _Slot(BaseModel):
    event: Literal["slot"]
    name: _Words
    value: Any


class _Listen(BaseModel):
    event: Literal["followup"]
    name: Literal["action_listen"]


class _Custom(BaseModel):
    """The reply contract, see docs/reply.md."""

    kind: _Words
    language: Literal["da", "en"]
    dimensions: List[str]
    parties: List[str]
    facet: Optional[str]
    premise: Literal["contradicts", "holds", "none"]
    sections: List[Dict[str, Any]]
    statements: List[Dict[str, Any]]
    suggestions: List[Dict[str, Any]]


class _Button(BaseModel):
    title: _Words
    payload: _Words


class _Response(BaseModel):
    text: _Words
    buttons: List[_Button]
    custom: _Custom


class Result(BaseModel):
    """What an action of ours sends back: the slots, that nothing more is to be done, and exactly one reply."""

    events: List[Union[_Slot, _Listen]]
    responses: List[_Response] = Field(min_items=1, max_items=1)


def trouble(tracker: Mapping[str, Any]) -> Dict[str, Any]:
    """What an action would have sent for the latest message of `tracker` (as Rasa posts it), without the conversation's context.

    The slots stay as they are, so that the next message finds its context again.
    """
    slots, message, knowledge = tracker["slots"], tracker["latest_message"], default_knowledge()
    question = without_context(Reading.of_message(message), slots.get("language"))
    reply = build_reply(question, Context(), knowledge)
    kept = {"side": slots.get("side"), "language": question.language, "trail": slots.get("trail"), "unclear": None}
    return {
        "events": [*({"event": "slot", "name": name, "value": value} for name, value in kept.items()),
                   {"event": "followup", "name": "action_listen"}],
        "responses": [{"text": render_text(reply, knowledge), "buttons": [], "custom": reply.to_custom()}],
    }
