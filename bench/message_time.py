"""The processor time of understanding one message, as in the server, against that of the encoder alone in the same run.

    uv run python bench/message_time.py

Reads with the model that fits the project (train it first). Takes half a minute.
"""
import os

# as `opi-advisor serve` sets them
os.environ.update(OPENBLAS_NUM_THREADS="1")

import statistics
import time
from typing import Any, Callable, Sequence

from opi_advisor.evaluation import read_cases
from opi_advisor.nlu.encoder_file import read_encoder_file
from opi_advisor.nlu.model_file import require_model, understanding_in
from opi_advisor.nlu.pieces import Pieces
from opi_advisor.project import ROOT

ROUNDS = 3
SHORT, LONG = 9, 30  # pieces of the encoder, at most and at least


def cpu_milliseconds(work: Callable[[str], Any], messages: Sequence[str]) -> float:
    """The median processor time of `work` on one message."""
    times = []
    for message in messages:
        begin = time.process_time()
        work(message)
        times.append(1000 * (time.process_time() - begin))
    return statistics.median(times)


def main() -> None:
    """Measure both in turn, and print the medians of the rounds."""
    model = require_model()
    understanding = understanding_in(model)
    encoder = understanding.encoder
    cases = read_cases(sorted((ROOT / "tests" / "evaluation").glob("dev-*.jsonl")))
    messages = [turn["user"] for case in cases for turn in case["turns"]]
    rounds = [(cpu_milliseconds(understanding.read, messages), cpu_milliseconds(lambda message: encoder.encode([message]), messages))
              for _ in range(ROUNDS)]
    whole, encoding = (statistics.median(times) for times in zip(*rounds))
    print(f"one message: {whole:.1f} ms of processor time; the encoder alone {encoding:.1f} ms; ratio {whole / encoding:.2f}")
    pieces = Pieces(read_encoder_file())
    lengths = {message: len(pieces.of(message)) for message in messages}
    short = [message for message in messages if lengths[message] <= SHORT]
    long = [message for message in messages if lengths[message] >= LONG]
    times = [cpu_milliseconds(lambda message: encoder.encode([message]), some) for some in (short, long)]
    sizes = [statistics.mean(lengths[message] for message in some) for some in (short, long)]
    print(f"the encoder alone: {times[0]:.1f} ms for short messages ({sizes[0]:.0f} pieces), {times[1]:.1f} ms for long ones ({sizes[1]:.0f} pieces)")


if __name__ == "__main__":
    main()
