"""How far the confidence of a reading can be trusted: chance of being right by confidence, on the development set's first turns.

    uv run python bench/calibration.py

Reads with the model that fits the project (train it first), and writes the table into docs/evaluation.md. Takes half a minute.
"""
import os
import statistics

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from figure_table import table, write_between_markers
from first_turns import first_turns, single_label
from opi_advisor.nlu.model_file import require_model, understanding_in
from opi_advisor.project import ROOT

BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
DEVELOPMENT_SET = sorted((ROOT / "tests" / "evaluation").glob("dev-*.jsonl"))


def main() -> None:
    """Measure and write."""
    model = require_model()
    understanding = understanding_in(model)
    judged = []
    for turn in first_turns(DEVELOPMENT_SET):
        reading = understanding.read(turn.text)
        judged.append((reading["ranking"][reading["intent"]], single_label(reading["intent"]) in turn.right))
    rows, error = [("confidence", "messages", "mean confidence", "right")], 0.0
    for low, high in zip(BINS, BINS[1:]):
        found = [(confidence, right) for confidence, right in judged if low <= confidence < high or confidence == high == 1.0]
        if not found:
            continue
        mean, right = (statistics.mean(values) for values in zip(*found))
        error += len(found) / len(judged) * abs(mean - right)
        rows.append((f"{low:.2f} to {high:.2f}", str(len(found)), f"{100 * mean:.1f} %", f"{100 * right:.1f} %"))
    text = f"{table(rows)}\n\nExpected calibration error: {100 * error:.1f} points, over {len(judged)} messages."
    write_between_markers(ROOT / "docs" / "evaluation.md", "calibration", text)
    print(text)


if __name__ == "__main__":
    main()
