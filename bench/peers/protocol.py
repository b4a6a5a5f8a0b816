"""What every peer in Python does alike: read the task, train, load what was saved, answer one question at a time, report.

    python <peer>.py TASK RESULT FOLDER

TASK is a JSON file {"training": [{"text", "label", "language"}], "questions": [text]}. RESULT is written as JSON
{"answers": [{"label", "scores": {label: score}}], "training_seconds", "milliseconds", "megabytes"}. FOLDER is empty and takes
the model. Nothing but the standard library, so that it runs in the environment of any peer.
"""
from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Callable, Dict, List, Sequence, Tuple

Classify = Callable[[str], Tuple[str, Dict[str, float]]]  # text -> label, and a score for every label


def run(train: Callable[[List[dict], Path], None], load: Callable[[Path], Classify], also_needed: Sequence[Path] = ()) -> None:
    """Measure a peer.

    Args:
        train: learns from the training lines and saves the model in the folder; timed by the clock, with the saving.
        load: makes the function that classifies from the saved model; timed by the processor time of this process.
        also_needed: pretrained files that the model needs; they count into its size.
    """
    task, result, folder = (Path(argument) for argument in sys.argv[1:])
    content = json.loads(task.read_text(encoding="utf-8"))
    begin = time.perf_counter()
    train(content["training"], folder)
    training_seconds = time.perf_counter() - begin
    classify = load(folder)
    answers, milliseconds = [], []
    for question in content["questions"]:
        begin = time.process_time()
        label, scores = classify(question)
        milliseconds.append(1000 * (time.process_time() - begin))
        answers.append({"label": label, "scores": scores})
    files = [*(path for path in folder.rglob("*") if path.is_file()), *also_needed]
    result.write_text(json.dumps({
        "answers": answers,
        "training_seconds": training_seconds,
        "milliseconds": statistics.median(milliseconds),
        "megabytes": sum(path.stat().st_size for path in files) / 1e6,
    }), encoding="utf-8")


def best(scores: Dict[str, float]) -> str:
    """The label with the highest score."""
    return max(scores, key=lambda label: scores[label])
