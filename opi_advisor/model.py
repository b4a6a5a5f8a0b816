"""The trained model: which one fits the project as it is now, and how to make it."""
from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import zlib
from collections import deque
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, Optional

import yaml

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


def model_problem(path: Path) -> Optional[str]:
    """Why a model file can't be used, in the words of "the file ..."; None where it can.

    Rasa itself starts with a file that it can't load, and then answers nothing. Its reading also stops before the checksum at
    the file's end, so that a damaged one may be loaded and answer wrongly.
    """
    try:
        metadata = _metadata(path)
        version, assistant = metadata["rasa_open_source_version"], metadata["assistant_id"]
    except KeyError:
        return "is no model of Rasa: it does not say by what it was made"
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, TypeError) as error:
        return f"is damaged ({error})"
    ours = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["assistant_id"]
    if assistant != ours:
        return f"is of another assistant ({assistant}), not of {ours}"
    if version != installed_version("rasa"):
        return f"was trained by Rasa {version}, and this is Rasa {installed_version('rasa')}"
    return None


def _metadata(path: Path) -> Dict[str, Any]:
    """What a model file says of itself, after the whole file was read and its checksum compared."""
    found: Dict[str, Any] = {}
    with gzip.open(path) as whole:
        with tarfile.open(fileobj=whole, mode="r|") as archive:
            for member in archive:
                if member.name == "metadata.json":
                    found = json.load(archive.extractfile(member))
        while whole.read(2**20):
            pass
    return found


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
