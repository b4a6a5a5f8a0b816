"""Notes what must not happen in a browser: requests to other hosts, reports of the security policy, errors in the console."""
from typing import Iterable, List

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`security policy: ${event.effectiveDirective} blocked ${event.blockedURI}`))"""


class Watch:
    """Follows browser contexts; `verify` fails on everything noted that the test did not announce."""

    def __init__(self, known_origins: Iterable[str]):
        self._origins = tuple(f"{origin}/" for origin in known_origins)
        self._noted: List[str] = []
        self._provoked: List[str] = []

    def follow(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._noted.append(f"uncaught: {error.error}"))

    def provoke(self, words: str) -> None:
        """Announce that the test provokes something with these words in it; it must then really happen."""
        self._provoked.append(words)

    def verify(self) -> None:
        unexpected = [note for note in self._noted if not any(words in note for words in self._provoked)]
        assert not unexpected, "\n".join(unexpected)
        for words in self._provoked:
            assert any(words in note for note in self._noted), f"did not happen: {words}"

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self._origins):
            self._noted.append(f"request to another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._noted.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")
