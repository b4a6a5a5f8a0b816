"""Write down how well the fitting model understands the development set; the tests hold every later change to it.

    uv run python bench/baseline.py

Writes tests/evaluation/baseline.json: the shares that tests/evaluation/floors.json has a floor for. Commit it with the change that moved them,
and say in the commit why where one has fallen.
"""
import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from opi_advisor.advisor import Advisor
from opi_advisor.evaluation import evaluate, read_cases
from opi_advisor.nlu.model_file import require_model, understanding_in
from opi_advisor.project import ROOT

EVALUATION = ROOT / "tests" / "evaluation"


def main() -> None:
    """Measure, write, and print what changed."""
    model = require_model()
    scores = evaluate(read_cases(sorted(EVALUATION.glob("dev-*.jsonl"))), Advisor(understanding_in(model)).ask)
    floors = json.loads((EVALUATION / "floors.json").read_text(encoding="utf-8"))
    measured = {group: {mark: round(scores.share(mark, group), 4) for mark in marks} for group, marks in floors.items()}
    path = EVALUATION / "baseline.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for group, marks in measured.items():
        for mark, share in marks.items():
            print(f"{group}, {mark}: {before.get(group, {}).get(mark, 'new')} -> {share}")
    path.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
