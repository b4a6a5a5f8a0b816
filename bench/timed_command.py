"""Run a long command of a benchmark: timed, bounded, with a line of progress every half minute."""
from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path
from typing import Mapping, Sequence, Tuple

LIMIT = 2 * 3600.0  # seconds
PROGRESS = 30.0  # seconds between two lines


def seconds_of(title: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Tuple[float, str]:
    """Run `command` in `folder`; returns the seconds it took, and what it printed.

    Raises:
        SystemExit: it failed or took longer than LIMIT; with the end of what it printed.
    """
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        with subprocess.Popen(command, cwd=folder, env=dict(environment), stdout=output, stderr=subprocess.STDOUT) as process:
            while process.poll() is None:
                try:
                    process.wait(PROGRESS)
                except subprocess.TimeoutExpired:
                    print(f"{title}: {time.perf_counter() - begin:.0f} s", flush=True)
                if time.perf_counter() - begin > LIMIT:
                    process.kill()
        seconds = time.perf_counter() - begin
        output.seek(0)
        printed = output.read()
    if process.returncode:
        raise SystemExit(f"{title} failed with exit code {process.returncode}:\n{printed[-3000:]}")
    return seconds, printed
