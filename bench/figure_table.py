"""Tables of measured figures in Markdown files, between markers."""
from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Sequence


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first row is its head."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def write_between_markers(path: Path, name: str, text: str) -> None:
    """Replace what stands between the lines `<!-- NAME: begin ... -->` and `<!-- NAME: end -->` of `path`.

    Raises:
        ValueError: the file does not have the markers exactly once.
    """
    markers = re.compile(rf"(<!-- {name}: begin .*?-->\n).*?(<!-- {name}: end -->)", re.S)
    written, count = markers.subn(lambda match: f"{match[1]}\n{text}\n\n{match[2]}", path.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{path.name} needs the markers '{name}: begin' and '{name}: end' once")
    path.write_text(written, encoding="utf-8")


def machine() -> str:
    """On what was measured, and how busy it was, the benchmark itself included."""
    return f"Measured on {os.cpu_count()} cores; load average at the end {os.getloadavg()[0]:.1f}."
