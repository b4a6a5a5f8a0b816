"""The advisor against plain Rasa on the same examples, in the same run: speed, memory, size, training. Writes docs/performance.md.

    uv run python bench/performance.py                        everything
    uv run python bench/performance.py --only reply,database  some of the figures; leaves docs/performance.md alone
    uv run python bench/performance.py --quick                all in small, to see that they work; leaves docs/performance.md alone

Both servers run side by side, and are asked in turn. Plain Rasa is trained the first time, which takes long; its project and the times
of the trainings are kept in `var/bench/`, and measured anew with --train, or when the examples have changed. Needs our trained model.
"""
from __future__ import annotations

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Sequence, Tuple

from comparison import HEAD, at_least, at_most, by_itself, percentile_95, without_goal
from contenders import Advisor, Contender, PlainRasa
from figure_table import table, write_between_markers
from load import Talk, dialogues, talk
from long_conversation import converse
from only import some_of
from opi_advisor.nlu.encoder_file import encoder_path
from opi_advisor.nlu.model_file import require_model
from opi_advisor.project import ROOT
from training_time import DEFAULT_EPOCHS, EPOCH, ONE_EPOCH, OURS, plain_model, training_times, with_default_epochs

DOCS = ROOT / "docs" / "performance.md"
MEGABYTE = 1e6
USERS = 32
STORED_TURNS = 10  # of a conversation of which the size in the database is measured

Pair = Tuple[Contender, Contender]  # ours and plain Rasa, both ready
Rows = List[List[str]]


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    rounds: int
    dialogues: int  # a round with one user
    seconds: float  # a round with USERS
    memory_seconds: float  # with USERS, before memory is read
    stored_conversations: int
    marks: Tuple[int, ...]  # turns of the long conversation
    trains_again: bool = False  # even where the times of these data are kept


FULL = Sizes(rounds=3, dialogues=150, seconds=60, memory_seconds=15, stored_conversations=40, marks=(100, 200, 500))
QUICK = Sizes(rounds=1, dialogues=20, seconds=5, memory_seconds=2, stored_conversations=5, marks=(20, 30))


def in_turn(pair: Pair, rounds: int, have: Callable[[Contender, int], Talk]) -> List[List[Talk]]:
    """The talks that `have` has with each of the two, alternating, given the number of the round."""
    found: List[List[Talk]] = [[], []]
    for number in range(rounds):
        for contender, talks in zip(pair, found):
            talks.append(have(contender, number))
            print(f"  {contender.title}: {len(talks[-1].replies)} replies in {talks[-1].seconds:.1f} s", flush=True)
    return found


def reply_times(pair: Pair, sizes: Sizes) -> Rows:
    """From the question to the reply, with one user."""
    everything = dialogues()

    def one_user(contender: Contender, number: int) -> Talk:
        part = everything[number * sizes.dialogues:(number + 1) * sizes.dialogues]
        return asyncio.run(talk(contender.url, iter(part), 1, f"reply {number}"))

    talks = in_turn(pair, sizes.rounds, one_user)
    return [at_most(f"question to reply, one user, {name}",
                    *(1000 * statistics.median(measure(one.replies) for one in each) for each in talks), "{:.1f} ms", 0.25)
            for name, measure in (("median", statistics.median), ("95 % within", percentile_95))]


def throughput(pair: Pair, sizes: Sizes) -> Rows:
    """Turns a second with many users who make no pauses."""
    def many_users(contender: Contender, number: int) -> Talk:
        return asyncio.run(talk(contender.url, itertools.cycle(dialogues()), USERS, f"many {number}", sizes.seconds))

    talks = in_turn(pair, sizes.rounds, many_users)
    rates = (statistics.median(len(one.replies) / one.seconds for one in each) for each in talks)
    return [at_least(f"turns a second, {USERS} users, for {sizes.seconds:.0f} s", *rates, "{:.1f}", 5)]


def growth(pair: Pair, sizes: Sizes) -> Rows:
    """What a turn late in a conversation costs, against an early one."""
    both, early = asyncio.run(converse(pair, sizes.marks)), sizes.marks[0]
    last = both[0].last
    times = [one.around(last).seconds / one.start().seconds for one in both]
    posted = [one.around(last).posted / one.around(early).posted for one in both]
    return [by_itself(f"turn {last} of a conversation against the first of one, time to reply", *times, 1.2),
            by_itself(f"turn {last} against turn {early}, bytes to the action server", *posted, 1.05),
            without_goal(f"bytes to the action server at turn {last}", *(one.around(last).posted / 1000 for one in both), "{:.0f} kB")]


def memory(pair: Pair, sizes: Sizes) -> Rows:
    """Memory of all processes after a load."""
    for contender in pair:
        asyncio.run(talk(contender.url, itertools.cycle(dialogues()), USERS, "memory", sizes.memory_seconds))
    return [at_most("memory of all processes, after the load", *(contender.memory() / MEGABYTE for contender in pair), "{:.0f} MB", 0.5)]


def database(pair: Pair, sizes: Sizes) -> Rows:
    """What a turn takes in the database."""
    messages = list(itertools.chain.from_iterable(dialogues()))
    conversations = [messages[start:start + STORED_TURNS] for start in range(0, sizes.stored_conversations * STORED_TURNS, STORED_TURNS)]
    taken = []
    for contender in pair:
        before = contender.stored_bytes()
        turns = len(asyncio.run(talk(contender.url, iter(conversations), 4, "database")).replies)
        taken.append((contender.stored_bytes() - before) / turns)
    return [at_most(f"database, a turn (of {turns} in conversations of {STORED_TURNS})", *taken, "{:,.0f} bytes", 0.3)]


@contextmanager
def running(start: Callable[[Path], Contender]) -> Iterator[Contender]:
    """A contender from `start`, which takes a folder for it; ready."""
    with tempfile.TemporaryDirectory() as folder:
        contender = start(Path(folder))
        try:
            contender.wait_until_ready()
            yield contender
        finally:
            contender.stop()


def starters() -> Tuple[Callable[[Path], Contender], Callable[[Path], Contender]]:
    """What starts ours and plain Rasa, for `running`."""
    return Advisor, partial(PlainRasa, model=plain_model())


def start_times(sizes: Sizes) -> Rows:
    """From the start of the processes until they answer."""
    times: List[List[float]] = [[], []]
    starts = starters()
    for _ in range(sizes.rounds):
        for start, found in zip(starts, times):
            began = time.perf_counter()
            with running(start) as contender:
                found.append(time.perf_counter() - began)
            print(f"  {contender.title}: {found[-1]:.1f} s", flush=True)
    return [at_most("ready after start", *map(statistics.median, times), "{:.1f} s", 0.6)]


def training(sizes: Sizes) -> Rows:
    """The whole training, of plain Rasa as computed from a short one."""
    times = training_times(sizes.trains_again)
    ours, one_epoch, epoch = times[OURS], times[ONE_EPOCH], times[EPOCH]
    return [at_most(f"training, whole data; plain Rasa's {DEFAULT_EPOCHS} epochs are computed", ours,
                    with_default_epochs(one_epoch, epoch), "{:,.0f} s", 0.25),
            without_goal("training, plain Rasa with 1 epoch only, as measured", ours, one_epoch, "{:,.0f} s")]


def model_sizes(sizes: Sizes) -> Rows:
    """The model files."""
    ours, plain, encoder = (path.stat().st_size / MEGABYTE for path in (require_model(), plain_model(), encoder_path()))
    return [at_most("model file", ours, plain, "{:.1f} MB", 0.2),
            without_goal("model file, and the pretrained encoder that comes with the program", ours + encoder, plain, "{:.1f} MB")]


SERVED: Dict[str, Callable[[Pair, Sizes], Rows]] = {
    "reply": reply_times, "throughput": throughput, "growth": growth, "database": database, "memory": memory}
OTHERS: Dict[str, Callable[[Sizes], Rows]] = {"training": training, "start": start_times, "model": model_sizes}


def measure(names: Sequence[str], sizes: Sizes) -> Rows:
    """The rows of the named figures."""
    rows: Rows = []
    for name in names:
        if name in OTHERS:
            print(name, flush=True)
            rows += OTHERS[name](sizes)
    served = [name for name in names if name in SERVED]
    if served:
        with ExitStack() as stack:
            pair = tuple(stack.enter_context(running(start)) for start in starters())
            for contender in pair:
                asyncio.run(talk(contender.url, iter(dialogues()[-20:]), 1, "warm up"))
            for name in served:
                print(name, flush=True)
                rows += SERVED[name](pair, sizes)
    return rows


def main() -> None:
    """Measure, print, and write into docs/performance.md what was measured whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=some_of([*OTHERS, *SERVED], "figure"), default=[*OTHERS, *SERVED], help="figures to measure, separated by commas")
    parser.add_argument("--quick", action="store_true", help="measure little of each")
    parser.add_argument("--train", action="store_true", help="measure the trainings again, even where the times of these data are kept")
    options = parser.parse_args()
    require_model()
    sizes = replace(QUICK if options.quick else FULL, trains_again=options.train)
    busy = os.getloadavg()[0]
    rows = measure(options.only, sizes)
    text = f"{os.cpu_count()} processor cores; load of the machine before the run: {busy:.1f}.\n\n{table([HEAD, *rows])}"
    print(text)
    if not options.quick and len(options.only) == len(OTHERS) + len(SERVED):
        write_between_markers(DOCS, "performance", text)


if __name__ == "__main__":
    main()
