"""The built page and widget: read into memory at the start, with type, hash and a compressed copy of each file."""
from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Optional

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

REVALIDATE, A_WHILE, FOR_EVER = "no-cache", "public, max-age=300", "public, max-age=31536000, immutable"
# Not from the mimetypes module, whose answers depend on the machine.
_TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml", ".json": "application/json", ".map": "application/json", ".txt": "text/plain; charset=utf-8",
    ".png": "image/png", ".woff2": "font/woff2",
}
_NO_WEIGHT = re.compile(r"q=0(\.0*)?")
_COMPRESSED_ALREADY = (".png", ".woff2")


@dataclass(frozen=True)
class StaticFile:
    """One file as it goes over the wire."""

    body: bytes
    compressed: Optional[bytes]  # gzip, where that is smaller
    content_type: str
    etag: str
    caching: str

    def answer(self, request: Request) -> HTTPResponse:
        """The file, compressed where the client takes that; 304 where it has this very version."""
        headers = {"ETag": self.etag, "Cache-Control": self.caching, "Vary": "Accept-Encoding"}
        if _has_version(request.headers.get("if-none-match", ""), self.etag):
            return HTTPResponse(status=304, headers=headers)
        body = self.body
        if self.compressed and accepts_gzip(request.headers.get("accept-encoding", "")):
            body, headers["Content-Encoding"] = self.compressed, "gzip"
        return response.raw(body, headers=headers, content_type=self.content_type)


def static_file(name: str, body: bytes, caching: str) -> StaticFile:
    """Prepare `body`, whose type is known by the ending of `name`."""
    suffix = Path(name).suffix
    compressed = None if suffix in _COMPRESSED_ALREADY else gzip.compress(body, mtime=0)
    # Weak, as the same tag stands for the plain and the compressed form.
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
    return StaticFile(body, compressed if compressed and len(compressed) < len(body) else None,
                      _TYPES.get(suffix, "application/octet-stream"), etag, caching)


def read_static_files(folder: Path) -> Dict[str, StaticFile]:
    """The built files of `folder` by their path in it; none where the page was not built."""
    files = {f"assets/{path.name}": static_file(path.name, path.read_bytes(), FOR_EVER)
             for path in sorted((folder / "assets").glob("*")) if path.is_file()}
    for name, caching in (("index.html", REVALIDATE), ("widget.js", A_WHILE)):
        if (folder / name).is_file():
            files[name] = static_file(name, (folder / name).read_bytes(), caching)
    return files


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header names gzip, and not with a weight of 0."""
    for item in header.lower().split(","):
        name, _, weight = item.partition(";")
        if name.strip() == "gzip":
            return not _NO_WEIGHT.fullmatch(weight.replace(" ", ""))
    return False


def _has_version(header: str, etag: str) -> bool:
    return header.strip() == "*" or etag in (tag.strip() for tag in header.split(","))
