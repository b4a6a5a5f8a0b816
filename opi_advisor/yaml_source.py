"""Read YAML so that every value remembers the line it stands on, for errors that a person can act on."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Tuple

import yaml

KeyPath = Tuple[Any, ...]
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, in C where PyYAML was built with it


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in a file: where, what, and how to mend it."""

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.mend}"


class ContentError(Exception):
    """Files can't be used; carries every problem found, not only the first."""

    def __init__(self, problems: List[Problem]):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class YamlSource:
    """A parsed YAML file: its data, and the line (from 1) of each key path."""

    path: Path
    data: Any
    lines: Dict[KeyPath, int]

    def line(self, key_path: KeyPath) -> int:
        """The line of `key_path`, or of the nearest parent that stands in the file."""
        while key_path and key_path not in self.lines:
            key_path = key_path[:-1]
        return self.lines.get(key_path, 1)

    def problem(self, key_path: KeyPath, what: str, mend: str) -> Problem:
        """A problem located at `key_path`."""
        return Problem(self.path.name, self.line(key_path), what, mend)


def read_yaml(path: Path) -> YamlSource:
    """Read one UTF-8 YAML file.

    Raises:
        ContentError: the file is missing, not UTF-8, not YAML, or has a key twice in one mapping.
    """
    name = path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ContentError([Problem(name, 1, f"the file can't be read ({error.strerror})", "Restore the file.")])
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ContentError([Problem(name, line, "the file is not UTF-8", "Save it with the encoding UTF-8.")])
    try:
        node = yaml.compose(text, Loader=Loader)
        data = None if node is None else Loader("").construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ContentError([Problem(name, line, f"not valid YAML ({error.problem})",
                                    "Check the indentation, colons and quotes here and on the line before.")])
    except yaml.YAMLError as error:
        raise ContentError([Problem(name, 1, f"not valid YAML ({error})", "Remove the characters named.")])
    lines: Dict[KeyPath, int] = {}
    problems: List[Problem] = []
    if node is not None:
        _walk(node, (), lines, problems, name)
    if problems:
        raise ContentError(problems)
    return YamlSource(path, data, lines)


def _walk(node: yaml.Node, path: KeyPath, lines: Dict[KeyPath, int], problems: List[Problem], name: str) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            _walk(child, path + (index,), lines, problems, name)
    elif isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            child_path = path + (key.value,)
            line = key.start_mark.line + 1
            if key.tag != "tag:yaml.org,2002:str":
                problems.append(Problem(name, line, f"YAML does not read the key '{key.value}' as text", "Put it in quotes."))
            if child_path in lines:
                problems.append(Problem(name, line, f"the key '{key.value}' stands twice", "Keep one of the two."))
            lines[child_path] = line
            _walk(child, child_path, lines, problems, name)
