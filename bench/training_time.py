"""How long the training takes, ours and that of plain Rasa, kept in `var/bench/` for as long as what is trained stays the same."""
from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Optional

import plain_rasa
from opi_advisor.model import fingerprint, rasa_environment
from opi_advisor.project import ROOT, VAR
from timed_command import seconds_of

KEPT = VAR / "bench" / "training.json"
DEFAULT_EPOCHS = 100  # of each network, in Rasa's defaults


@dataclass(frozen=True)
class TrainingTime:
    """Seconds of whole trainings, and what was trained."""

    trained: str
    ours: float
    one_epoch: float  # plain Rasa, as many epochs of each network
    two_epochs: float

    @property
    def plain(self) -> float:
        """Seconds of plain Rasa with its own number of epochs, computed.

        Rasa's batches grow from epoch to epoch and are fastest at the end. The second epoch of two has the largest, so this is less than
        a real training takes.

        Raises:
            ValueError: two epochs took no longer than one: too much else was going on.
        """
        epoch = self.two_epochs - self.one_epoch
        if epoch <= 0:
            raise ValueError("plain Rasa took no longer for two epochs than for one. Measure again with --train, on a quieter machine.")
        return self.one_epoch + (DEFAULT_EPOCHS - 1) * epoch


def served_model() -> Path:
    """The model of plain Rasa that is served; its size and speed do not depend on the number of epochs."""
    return plain_rasa.model_of(2)


def training_time(again: bool) -> TrainingTime:
    """The kept times, or those of trainings now: where there are none for the present data, or `again`."""
    plain_rasa.write_project()
    kept = None if again or not served_model().is_file() else _kept()
    return kept or _measure()


def _trained() -> str:
    """Tells what is trained now, by both."""
    digest = hashlib.sha256(fingerprint().encode())
    for path in plain_rasa.inputs():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _kept() -> Optional[TrainingTime]:
    if not KEPT.is_file():
        return None
    kept = TrainingTime(**json.loads(KEPT.read_text(encoding="utf-8")))
    return kept if kept.trained == _trained() else None


def _measure() -> TrainingTime:
    measured = TrainingTime(_trained(), _train_ours(), plain_rasa.train(1), plain_rasa.train(2))
    KEPT.write_text(json.dumps(asdict(measured)), encoding="utf-8")
    return measured


def _train_ours() -> float:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "rasa", "train", "--skip-validation", "--out", folder]
        return seconds_of("training OPI Advisor", command, ROOT, {**rasa_environment(), "RASA_MAX_CACHE_SIZE": "0"})
