"""The training examples, read from `data/nlu` without Rasa."""
from __future__ import annotations

from pathlib import Path
from typing import List, Tuple

from opi_advisor.nlu.labels import Labels, labels_of
from opi_advisor.yaml_source import read_yaml


def read_examples(folder: Path) -> List[Tuple[str, Labels]]:
    """All examples under `folder`, with their labels, in the order of the files' names.

    Raises:
        ContentError: a file can't be read.
    """
    found = []
    for path in sorted(folder.rglob("*.yml")):
        for group in read_yaml(path).data["nlu"]:
            labels = labels_of(group["intent"], group.get("metadata") or {})
            found += [(line[2:].strip(), labels) for line in group["examples"].splitlines() if line.startswith("- ")]
    return found
