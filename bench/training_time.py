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
OURS, ONE_EPOCH, TWO_EPOCHS = "ours", "plain Rasa, 1 epoch", "plain Rasa, 2 epochs"


def with_default_epochs(one_epoch: float, two_epochs: float) -> float:
    """The seconds of a training of plain Rasa as it is by default, from those of trainings with one epoch and with two.

    Rasa's batches grow from epoch to epoch, and the second of two has the largest: an epoch in the middle rather takes longer.

    Raises:
        ValueError: two epochs took no longer than one: too much else was going on.
    """
    epoch = two_epochs - one_epoch
    if epoch <= 0:
        raise ValueError("plain Rasa took no longer for two epochs than for one. Measure again with --train, on a quieter machine.")
    return one_epoch + (DEFAULT_EPOCHS - 1) * epoch


def plain_model() -> Path:
    """The model of plain Rasa to serve, that with one epoch; trained now if there is none for the present data."""
    plain_rasa.write_project()
    model = plain_rasa.model_of(1)
    if not model.is_file():
        plain_rasa.train(1)
    return model


def training_times(again: bool) -> Dict[str, float]:
    """Seconds of whole trainings, by OURS, ONE_EPOCH and TWO_EPOCHS, all of one run: the kept one, or one now.

    Args:
        again: measure now even where times for the present data are kept.
    """
    plain_rasa.write_project()
    trained = hashlib.sha256(f"{fingerprint()} {plain_rasa.fingerprint()}".encode()).hexdigest()[:16]
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
    if again or kept.get("trained") != trained:
        kept = {"trained": trained, "seconds": {OURS: _train_ours(), ONE_EPOCH: plain_rasa.train(1), TWO_EPOCHS: plain_rasa.train(2)}}
        KEPT.write_text(json.dumps(kept), encoding="utf-8")
    return kept["seconds"]


def _train_ours() -> float:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "rasa", "train", "--skip-validation", "--out", folder]
        return seconds_of("training OPI Advisor", command, ROOT, {**rasa_environment(), "RASA_MAX_CACHE_SIZE": "0"})
