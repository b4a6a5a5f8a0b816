"""The trained model: which one fits the project as it is now, and how to make it."""
from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import Callable, Dict, Iterator, Optional

from opi_advisor.knowledge import default_knowledge
from opi_advisor.project import MODELS, ROOT

# The parts of a training, by the line of Rasa's log that begins each.
STAGES = (
    ("", "Reading the examples"),
    ("Starting to train component 'MessageReader'", "Learning to read messages"),
    ("Finished training component 'MessageReader'", "Learning the rules"),
    ("Your Rasa model is trained", "Model saved"),
)


class TrainingError(Exception):
    """The training ended without a model; the message has the end of its log."""


def fingerprint() -> str:
    """A hash of all that a model is made from: data, config, domain, the code that reads messages, and the names of
    the dimensions and topics in the knowledge base (its texts are read at start, and are not in the model)."""
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    knowledge = default_knowledge()
    digest.update(repr((list(knowledge.dimensions), list(knowledge.topics))).encode())
    return digest.hexdigest()[:16]


def _inputs() -> Iterator[Path]:
    yield from (ROOT / "config.yml", ROOT / "domain.yml", ROOT / "uv.lock")
    yield from sorted(path for path in (ROOT / "data").rglob("*") if path.suffix in (".yml", ".npz"))
    yield from sorted((ROOT / "opi_advisor" / "nlu").glob("*.py"))


def fitting_model() -> Optional[Path]:
    """The trained model that fits the project as it is now, or None."""
    path = MODELS / f"opi-advisor-{fingerprint()}.tar.gz"
    return path if path.is_file() else None


def rasa_environment() -> Dict[str, str]:
    """The environment of every Rasa process that we start: telemetry off, warnings of its dependencies quiet."""
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore",
             "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **quiet}


def train_model(on_stage: Callable[[int, str], None], on_line: Callable[[str], None] = lambda line: None) -> Path:
    """Train with `rasa train` in a process of its own.

    Args:
        on_stage: called with the number (from 0) and name of each stage of STAGES as it begins.
        on_line: called with each line of Rasa's log.

    Returns:
        The model file, named by its fingerprint.

    Raises:
        TrainingError: Rasa ended without a model.
    """
    name = f"opi-advisor-{fingerprint()}"
    command = [sys.executable, "-m", "rasa", "train", "--fixed-model-name", name, "--out", str(MODELS), "--skip-validation"]
    stage, last_lines = 0, deque(maxlen=15)
    on_stage(stage, STAGES[stage][1])
    with subprocess.Popen(command, cwd=ROOT, env=rasa_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, encoding="utf-8", errors="replace") as process:
        for line in process.stdout or ():
            on_line(line.rstrip())
            last_lines.append(line)
            if stage + 1 < len(STAGES) and STAGES[stage + 1][0] in line:
                stage += 1
                on_stage(stage, STAGES[stage][1])
    path = MODELS / f"{name}.tar.gz"
    if process.returncode != 0 or not path.is_file():
        raise TrainingError("".join(last_lines))
    return path
