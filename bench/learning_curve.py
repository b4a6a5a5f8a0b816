"""How understanding grows with the data: train on a quarter, a half and all of the examples, and score the development set.

    uv run python bench/learning_curve.py

Prints a table. The encoder is the pretrained one: the adapted one has learnt from all examples. Takes about six minutes.
"""
import os
import random
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import yaml

from opi_advisor.advisor import Advisor
from opi_advisor.evaluation import evaluate, read_cases
from opi_advisor.nlu.data import read_examples
from opi_advisor.nlu.model_file import project_encoder
from opi_advisor.nlu.understanding import Understanding
from opi_advisor.project import LEXICON, NLU_DATA, ROOT

SHARES = (0.25, 0.5, 1.0)
SEED = 20261125
CASES = list(read_cases(sorted((ROOT / "tests" / "evaluation").glob("dev-*.jsonl"))))


def main() -> None:
    """Train, score and print."""
    lexicon = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
    encoder, examples = project_encoder(adapted=False), read_examples(NLU_DATA)  # the adapter has learnt from all examples
    random.Random(SEED).shuffle(examples)
    print("| examples | understood | da | en | seconds to learn |\n|---|---|---|---|---|", flush=True)
    for share in SHARES:
        begin = time.perf_counter()
        understanding = Understanding.fit(examples[:int(share * len(examples))], lexicon, encoder)
        seconds = time.perf_counter() - begin
        scores = evaluate(CASES, Advisor(understanding).ask)
        shares = [100 * scores.share("understood", group) for group in ("all", "language da", "language en")]
        print(f"| {int(share * len(examples)):,} | " + " | ".join(f"{value:.1f} %" for value in shares) + f" | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
