"""What a model file has learnt about messages, read without Rasa: for tests and benchmarks."""
from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

import yaml

from opi_advisor.model import fitting_model
from opi_advisor.nlu.encoder import Encoder
from opi_advisor.nlu.storage import load_understanding
from opi_advisor.nlu.transformer import make_encoder
from opi_advisor.nlu.understanding import Understanding
from opi_advisor.project import ADAPTER, ROOT


def project_encoder(adapted: bool = True) -> Encoder:
    """The encoder as config.yml has it; not `adapted` where the examples are to be met for the first time."""
    depth = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"][0]["depth"]
    return make_encoder(depth, ADAPTER if adapted else None)


def require_model() -> Path:
    """The trained model that fits the project, for a benchmark.

    Raises:
        SystemExit: there is none; says what to run.
    """
    model = fitting_model()
    if model is None:
        raise SystemExit("No trained model fits the project as it is now. Run `uv run opi-advisor train` first.")
    return model


def understanding_in(model: Path) -> Understanding:
    """What the component MessageReader has learnt in a model file that Rasa wrote.

    Raises:
        StopIteration: the model has no such component.
    """
    with tempfile.TemporaryDirectory() as folder, tarfile.open(model) as archive:
        archive.extractall(folder, members=[member for member in archive.getmembers() if "MessageReader" in member.name])
        return load_understanding(next(Path(folder).rglob("words.json")).parent)
