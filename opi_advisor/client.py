"""Ask a running advisor over its REST API."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

import httpx


class AdvisorUnreachable(Exception):
    """No advisor answers at the address."""


@dataclass(frozen=True)
class Answer:
    """One reply: the text to read, the titles of the buttons, and the reply contract."""

    text: str
    buttons: Tuple[str, ...]
    custom: Dict[str, Any]


class AdvisorClient:
    """A connection to one advisor; `token` is its OPI_ADVISOR_TOKEN, where it has one."""

    def __init__(self, url: str, timeout: float = 30.0, token: Optional[str] = None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=url.rstrip("/"), timeout=timeout, headers=headers, trust_env=False)

    def is_ready(self) -> bool:
        """Whether an advisor answers there, with all its parts at work."""
        try:
            return self._http.get("/health/ready", timeout=3).status_code == 200
        except httpx.HTTPError:
            return False

    def ask(self, sender: str, message: str) -> Answer:
        """Send one message in the conversation `sender`.

        Raises:
            AdvisorUnreachable: no answer, or none that is an advisor's.
        """
        try:
            response = self._http.post("/webhooks/rest/webhook", json={"sender": sender, "message": message})
            items: List[Dict[str, Any]] = response.raise_for_status().json()
        except httpx.HTTPStatusError as error:
            raise AdvisorUnreachable(f"{self._http.base_url} gives no answer: {_reason(error.response)}") from error
        except (httpx.HTTPError, ValueError) as error:
            raise AdvisorUnreachable(f"{self._http.base_url} gives no answer ({error}).") from error
        return Answer(
            text="\n\n".join(item["text"] for item in items if item.get("text")),
            buttons=tuple(button["title"] for item in items for button in item.get("buttons", ())),
            custom=next((item["custom"] for item in items if "kind" in item.get("custom", {})), {}),
        )


def _reason(response: httpx.Response) -> str:
    """What an advisor says is wrong; the status where the answer is not an advisor's."""
    try:
        return response.json()["error"]["message"]
    except (ValueError, TypeError, LookupError):
        return f"status {response.status_code}."
