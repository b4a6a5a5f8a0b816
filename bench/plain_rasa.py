"""Plain Rasa on the advisor's examples and intents, as `rasa init` sets it up: its project, and the training of it.

The pipeline and the policies are read from the installed Rasa. The actions, the stories and the endpoints stand in `bench/plain_rasa/`.
"""
from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any, Dict, List, Tuple

import rasa
import yaml

from opi_advisor.model import rasa_environment
from opi_advisor.nlu.data import read_groups
from opi_advisor.project import NLU_DATA, ROOT, VAR
from timed_command import seconds_of

DEFAULTS = Path(rasa.__file__).parent / "engine" / "recipes" / "config_files" / "default_config.yml"
TEMPLATES = ROOT / "bench" / "plain_rasa"
PROJECT = VAR / "bench" / "plain_rasa"
ACTION = "action_answer"
LARGEST_BATCH = 256  # examples
_EPOCH = re.compile(r"Epochs: 100%[^\r\n]*? 1/1 \[(?:(\d+):)?(\d+):(\d+)<")
REDRAWN = 3  # seconds between two drawings of a bar that is full
FALLBACK = "nlu_fallback"  # of FallbackClassifier, for what the model is not sure of


def write_project() -> None:
    """Write the project's files; a trained model that is there already stays."""
    (PROJECT / "data").mkdir(parents=True, exist_ok=True)
    for name in ("actions.py", "endpoints.yml", "credentials.yml"):
        shutil.copy(TEMPLATES / name, PROJECT)
    shutil.copy(TEMPLATES / "stories.yml", PROJECT / "data")
    intents = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    _write_yaml(PROJECT / "domain.yml", {"version": "3.1", "intents": intents, "actions": [ACTION],
                                         "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True}})
    _write_yaml(PROJECT / "data" / "rules.yml", {"version": "3.1", "rules": [_rule(intent) for intent in [*intents, FALLBACK]]})
    # Rasa's JSON form takes each text as it is; its YAML form would read brackets as entities.
    nlu = {"rasa_nlu_data": {"common_examples": examples()}}
    (PROJECT / "data" / "nlu.json").write_text(json.dumps(nlu), encoding="utf-8")


def fingerprint() -> str:
    """Tells what the written project learns from."""
    digest = hashlib.sha256()
    for path in (DEFAULTS, PROJECT / "domain.yml", *sorted((PROJECT / "data").iterdir())):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def model_file() -> Path:
    """The model file of a training of the written project."""
    return PROJECT / "models" / f"{fingerprint()}-epochs-1.tar.gz"


def examples() -> List[Dict[str, str]]:
    """The advisor's examples, all of them, with nothing but text and intent."""
    return [{"text": text, "intent": group.intent} for path in sorted(NLU_DATA.rglob("*.yml")) for group in read_groups(path)
            for text in group.texts]


def _rule(intent: str) -> Dict[str, Any]:
    return {"rule": intent, "steps": [{"intent": intent}, {"action": ACTION}]}


def _write_yaml(path: Path, content: Dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def with_one_epoch(config: Dict[str, Any]) -> Dict[str, Any]:
    """Rasa's defaults with one epoch of each network, in the largest batches that it comes to by default, in which an epoch is shortest."""
    parts = {name: [{**part, "epochs": 1, "batch_size": LARGEST_BATCH} if "epochs" in part else part for part in config[name]]
             for name in ("pipeline", "policies")}
    return {**config, **parts}


def epoch_seconds(printed: str) -> float:
    """The seconds that the networks' one epoch took together, by the progress bars that Rasa prints, in whole seconds rounded down.

    Raises:
        ValueError: there is none.
    """
    found: List[int] = []
    for hours, minutes, seconds in _EPOCH.findall(printed):
        time = 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds)
        # A bar is drawn again and again, a little later, on its line and the next. Two networks that take the same time count as one.
        if not found or abs(time - found[-1]) > REDRAWN:
            found.append(time)
    if not found:
        raise ValueError("Rasa's training printed no progress of its epochs.")
    return float(sum(found))


def train() -> Tuple[float, float]:
    """Train the written project with `rasa train`, never from Rasa's cache; returns the seconds it took, and those of its epoch.

    Raises:
        SystemExit: it failed, or took too long.
    """
    _write_yaml(PROJECT / "config.yml", with_one_epoch(yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))))
    command = [sys.executable, "-m", "rasa", "train", "--skip-validation", "--fixed-model-name", model_file().name.split(".")[0]]
    seconds, printed = seconds_of("training plain Rasa, 1 epoch", command, PROJECT, {**rasa_environment(), "RASA_MAX_CACHE_SIZE": "0"})
    return seconds, epoch_seconds(printed)
