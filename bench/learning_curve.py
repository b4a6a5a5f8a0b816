"""How understanding, learning time and size grow with the data: train on shares of the examples, and score the development set.

    uv run python bench/learning_curve.py

Prints a table. The encoder is the pretrained one: the adapted one has learnt from all examples. Takes about six minutes.
"""
import os
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Sequence

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import yaml

from opi_advisor.advisor import Advisor
from opi_advisor.evaluation import Scores, evaluate, read_cases
from opi_advisor.nlu.data import read_examples
from opi_advisor.nlu.model_file import project_encoder
from opi_advisor.nlu.storage import save_understanding
from opi_advisor.nlu.understanding import Understanding
from opi_advisor.project import LEXICON, NLU_DATA, ROOT

SHARES = (0.25, 0.5, 1.0)
SEED = 20261125


@dataclass(frozen=True)
class Lesson:
    """What came of a share of the examples: how long learning took, how much is learnt, and how well it does."""

    examples: int
    seconds: float
    megabytes: float
    scores: Scores


def lessons(shares: Sequence[float]) -> Iterator[Lesson]:
    """Train and score on each share of the examples, drawn by chance."""
    lexicon = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
    cases = list(read_cases(sorted((ROOT / "tests" / "evaluation").glob("dev-*.jsonl"))))
    encoder, examples = project_encoder(adapted=False), read_examples(NLU_DATA)  # the adapter has learnt from all examples
    random.Random(SEED).shuffle(examples)
    for share in shares:
        begin = time.perf_counter()
        understanding = Understanding.fit(examples[:round(share * len(examples))], lexicon, encoder)
        seconds = time.perf_counter() - begin
        yield Lesson(round(share * len(examples)), seconds, _megabytes(understanding), evaluate(cases, Advisor(understanding).ask))


def _megabytes(understanding: Understanding) -> float:
    """What it takes in a model file; Rasa's own part is the same for all."""
    with tempfile.TemporaryDirectory() as folder:
        save_understanding(understanding, Path(folder))
        return sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6


def main() -> None:
    """Train, score and print."""
    print("| examples | understood | da | en | seconds to learn |\n|---|---|---|---|---|", flush=True)
    for lesson in lessons(SHARES):
        shares = [100 * lesson.scores.share("understood", group) for group in ("all", "language da", "language en")]
        print(f"| {lesson.examples:,} | " + " | ".join(f"{value:.1f} %" for value in shares) + f" | {lesson.seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
