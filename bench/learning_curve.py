"""How understanding grows with the data: train on a quarter, a half and all of the examples, and score the development set.

    uv run python bench/learning_curve.py

Prints a table, with the processor time of one message against that of the n-grams alone in the same run. Takes about six minutes.
"""
import os
import random
import statistics
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


def cpu_milliseconds(work, messages: list) -> float:
    """The median processor time of `work` on one message."""
    times = []
    for message in messages:
        begin = time.process_time()
        work(message)
        times.append(1000 * (time.process_time() - begin))
    return statistics.median(times)


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
    messages = [turn["user"] for case in CASES for turn in case["turns"]][:400]
    whole = cpu_milliseconds(understanding.read, messages)
    encoding = cpu_milliseconds(lambda message: encoder.encode([message]), messages)
    print(f"one message: {whole:.1f} ms of processor time, of which the encoder {encoding:.1f}; "
          f"against n-grams alone {whole / (whole - encoding):.1f} times")


if __name__ == "__main__":
    main()
