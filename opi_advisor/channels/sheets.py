"""The routes of what can be printed: the one-page profile, and the whole comparison as a sheet and as CSV."""
from __future__ import annotations

from datetime import date

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from opi_advisor.channels.sheet_address import COMPARISON_NAMES, PROFILE_NAMES, AddressError, language_of, read_address
from opi_advisor.comparison_csv import comparison_csv
from opi_advisor.knowledge import Knowledge
from opi_advisor.sheet_html import STYLE_HASH, comparison_html, profile_html, refused_html

BASE = "./"  # where the advisor is, seen from a sheet; so the links are right behind a proxy, too
_NOT_KEPT = {"Cache-Control": "no-store"}
_POLICY = "default-src 'none'; style-src '{style}'; base-uri 'none'; form-action 'none'; frame-ancestors {frame_ancestors}"


class Sheets:
    """Makes each sheet anew from its address, so that nothing of it is kept; `frame_ancestors` as in the settings."""

    def __init__(self, knowledge: Knowledge, frame_ancestors: str):
        self._knowledge = knowledge
        self._policy = _POLICY.format(style=STYLE_HASH, frame_ancestors=frame_ancestors)

    async def profile(self, request: Request) -> HTTPResponse:
        """GET /profile: the one-page profile."""
        try:
            language, placements = read_address(_query(request), PROFILE_NAMES, self._knowledge)
        except AddressError as error:
            return self._refused(request, "profile", error)
        return self._page(profile_html(placements, language, date.today(), self._knowledge, BASE))

    async def comparison(self, request: Request) -> HTTPResponse:
        """GET /comparison: the whole comparison."""
        try:
            language, _ = read_address(_query(request), COMPARISON_NAMES, self._knowledge)
        except AddressError as error:
            return self._refused(request, "comparison", error)
        return self._page(comparison_html(language, date.today(), self._knowledge, BASE))

    async def comparison_csv(self, request: Request) -> HTTPResponse:
        """GET /comparison.csv: the whole comparison for a spreadsheet."""
        try:
            language, _ = read_address(_query(request), COMPARISON_NAMES, self._knowledge)
        except AddressError as error:
            return self._refused(request, "comparison.csv", error)
        return response.text(comparison_csv(language, self._knowledge), content_type="text/csv; charset=utf-8; header=present",
                             headers={**_NOT_KEPT, "Content-Disposition": f'attachment; filename="opi-comparison-{language}.csv"'})

    def _refused(self, request: Request, sheet: str, error: AddressError) -> HTTPResponse:
        return self._page(refused_html(str(error), language_of(_query(request)), sheet, self._knowledge, BASE), 400)

    def _page(self, html: str, status: int = 200) -> HTTPResponse:
        return response.html(html, status=status, headers={**_NOT_KEPT, "Content-Security-Policy": self._policy})


def _query(request: Request) -> str:
    # Not Sanic's query_string, which fails where the bytes are no UTF-8.
    return request.raw_url.partition(b"?")[2].decode("utf-8", "replace")
