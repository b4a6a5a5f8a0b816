"""The front end can be built again: its packages are pinned, and uv notices each change of its sources."""
import json
from pathlib import Path
from typing import List

import pytest
import tomli

from opi_advisor.project import ROOT

WEB = ROOT / "web"
LOCKED = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
PATTERNS = [key["file"] for key in tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]["cache-keys"]]


def watched() -> List[Path]:
    return [path for pattern in PATTERNS for path in ROOT.glob(pattern)]


@pytest.mark.parametrize("name", [name for name in LOCKED if name])
def test_each_package_is_locked_by_its_content_and_names_no_registry(name: str):
    assert LOCKED[name]["integrity"].startswith("sha512-")
    assert "resolved" not in LOCKED[name]


def test_the_bundler_is_locked_for_each_common_platform():
    for platform in ("linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"):
        assert f"node_modules/@esbuild/{platform}" in LOCKED


def test_each_source_is_watched_for_changes():
    sources = [path for path in WEB.rglob("*") if path.is_file() and "node_modules" not in path.parts]
    assert sources and set(sources) <= set(watched())


def test_nothing_that_npm_writes_is_watched():
    # A pattern that matches there would build the page at each `uv run`.
    assert not [path for path in PATTERNS if Path("web/node_modules/.package-lock.json").match(path)]
    assert not [path for path in PATTERNS if path.startswith("web/**") or path.startswith("**")]
