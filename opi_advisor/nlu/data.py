"""The training examples, read from `data/nlu` without Rasa."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, List, Mapping, Tuple

from opi_advisor.nlu.labels import Labels, labels_of
from opi_advisor.yaml_source import read_yaml


@dataclass(frozen=True)
class Group:
    """Examples with the same labels."""

    intent: str
    metadata: Mapping[str, Any]
    texts: Tuple[str, ...]


def read_groups(path: Path) -> List[Group]:
    """The groups of one file, in its order.

    Raises:
        ContentError: the file can't be read.
    """
    return [Group(group["intent"], group.get("metadata") or {},
                  tuple(line[2:].strip() for line in group["examples"].splitlines() if line.startswith("- ")))
            for group in read_yaml(path).data["nlu"]]


def read_examples(folder: Path) -> List[Tuple[str, Labels]]:
    """All examples under `folder`, with their labels, in the order of the files' names.

    Raises:
        ContentError: a file can't be read.
    """
    groups = [group for path in sorted(folder.rglob("*.yml")) for group in read_groups(path)]
    return [(text, labels) for group in groups for labels in [labels_of(group.intent, group.metadata)] for text in group.texts]
