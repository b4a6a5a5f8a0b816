"""What the README and the docs claim: files exist, commands exist, and the README stays short."""
import re
from pathlib import Path

import pytest

from opi_advisor.cli import app
from opi_advisor.project import ROOT

DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MADE_BY_THE_PROGRAM = ("var/", "models/")


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_linked_files_exist(path: Path):
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_named_files_exist(path: Path):
    for name in re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|yml|md|json|jsonl|txt|svg))`", path.read_text(encoding="utf-8")):
        assert name.startswith(MADE_BY_THE_PROGRAM) or (ROOT / name).exists(), name


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_named_commands_exist(path: Path):
    commands = {command.name or command.callback.__name__ for command in app.registered_commands} | {
        group.name for group in app.registered_groups}
    for name in re.findall(r"(?<!<)opi-advisor (\w+)", path.read_text(encoding="utf-8")):
        assert name in commands, name


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 200


def test_nothing_committed_names_a_machine():
    pattern = re.compile(r"/(?:root|home|work|tmp)/[\w.-]+")
    for folder in ("opi_advisor", "actions", "docs", "bench", "knowledge"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".md", ".yml"):
                assert not pattern.search(path.read_text(encoding="utf-8")), path
