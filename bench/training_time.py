"""How long the training takes, ours and that of plain Rasa, kept in `var/bench/` for as long as what is trained stays the same."""
from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Dict

import plain_rasa
from opi_advisor.model import fingerprint, rasa_environment
from opi_advisor.project import ROOT, VAR
from timed_command import seconds_of

KEPT = VAR / "bench" / "training.json"
DEFAULT_EPOCHS = 100  # of each network, in Rasa's defaults
OURS, ONE_EPOCH, EPOCH = "ours", "plain Rasa, 1 epoch", "that epoch"


def with_default_epochs(one_epoch: float, epoch: float) -> float:
    """The seconds of a training of plain Rasa as it is by default, from those of a training with one epoch, and of that epoch in it."""
    return one_epoch + (DEFAULT_EPOCHS - 1) * epoch


def plain_model() -> Path:
    """The model of plain Rasa to serve, that with one epoch; trained now if there is none for the present data."""
    plain_rasa.write_project()
    if not plain_rasa.model_file().is_file():
        plain_rasa.train()
    return plain_rasa.model_file()


def training_times(again: bool) -> Dict[str, float]:
    """Seconds of whole trainings, OURS and ONE_EPOCH, and of the EPOCH in that; all of one run: the kept one, or one now.

    Args:
        again: measure now even where times for the present data are kept.
    """
    plain_rasa.write_project()
    trained = hashlib.sha256(f"{fingerprint()} {plain_rasa.fingerprint()}".encode()).hexdigest()[:16]
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
    if again or kept.get("trained") != trained:
        ours, (one_epoch, epoch) = _train_ours(), plain_rasa.train()
        kept = {"trained": trained, "seconds": {OURS: ours, ONE_EPOCH: one_epoch, EPOCH: epoch}}
        KEPT.write_text(json.dumps(kept), encoding="utf-8")
    return kept["seconds"]


def _train_ours() -> float:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "rasa", "train", "--skip-validation", "--out", folder]
        seconds, _ = seconds_of("training OPI Advisor", command, ROOT, {**rasa_environment(), "RASA_MAX_CACHE_SIZE": "0"})
        return seconds
