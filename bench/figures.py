"""Measure the figures of README.md and write them between its markers.

    uv run python bench/figures.py

Trains afresh, starts `opi-advisor serve` and plain `rasa run` in turn (interleaved, medians of three), and scores the
labelled questions over REST. Needs nothing but this machine; takes about five minutes.
"""
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from figure_table import table, write_between_markers
from opi_advisor.client import AdvisorClient
from opi_advisor.evaluation import Scores, evaluate, read_cases
from opi_advisor.model import fitting_model, rasa_environment, train_model
from opi_advisor.nlu.data import read_examples
from opi_advisor.project import ENDPOINTS, NLU_DATA, ROOT
from opi_advisor.serving import free_port
from opi_advisor.settings import ACTIONS_SECRET

ROUNDS = 3


def seconds_until_ready(command: list, url: str, environment: dict) -> float:
    """Start `command`, wait until the advisor at `url` is ready, stop it; returns the seconds it took."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        client = AdvisorClient(url)
        while not client.is_ready():
            if process.poll() is not None:
                raise RuntimeError(f"{command} ended while starting")
            time.sleep(0.05)
        return time.perf_counter() - begin
    finally:
        process.terminate()
        process.wait()


def start_times(model: Path, folder: Path) -> tuple:
    """Medians of the seconds until ready of `opi-advisor serve` and of `rasa run` alone, whose action server runs already."""
    ours, plain = [], []
    actions_port = free_port()
    environment = {**rasa_environment(), "OPI_ADVISOR_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
                   ACTIONS_SECRET: secrets.token_urlsafe(32), "OPI_ADVISOR_DATABASE": str(folder / "start.db")}
    actions = subprocess.Popen([sys.executable, "-m", "opi_advisor.action_process", str(actions_port)], cwd=ROOT, env=environment)
    try:
        for _ in range(ROUNDS):
            for times, module, arguments in ((ours, "opi_advisor", ["serve"]),
                                             (plain, "rasa", ["run", "-m", str(model), "--endpoints", str(ENDPOINTS), "-i", "127.0.0.1"])):
                port = free_port()
                command = [sys.executable, "-m", module, *arguments, "--port", str(port)]
                times.append(seconds_until_ready(command, f"http://127.0.0.1:{port}", environment))
    finally:
        actions.terminate()
        actions.wait()
    return statistics.median(ours), statistics.median(plain)


def score(paths: list, folder: Path) -> Scores:
    """Score the conversations over REST with a server started for it."""
    port = free_port()
    environment = {**os.environ, "OPI_ADVISOR_DATABASE": str(folder / "score.db")}
    process = subprocess.Popen([sys.executable, "-m", "opi_advisor", "serve", "--port", str(port)], cwd=ROOT, env=environment,
                               stdout=subprocess.DEVNULL)
    client = AdvisorClient(f"http://127.0.0.1:{port}")
    try:
        while not client.is_ready():
            time.sleep(0.2)
        return evaluate(read_cases(paths), lambda sender, message: client.ask(sender, message).custom)
    finally:
        process.terminate()
        process.wait()


def rows_of(name: str, scores: Scores) -> list:
    """The rows of one labelled set."""
    def percent(mark: str, group: str = "all") -> str:
        return f"{100 * scores.share(mark, group):.1f} %"

    premises = scores.premises()
    return [
        (f"{name}: understood, all {len(scores.turns)} turns (da / en)",
         f"{percent('understood')} ({percent('understood', 'language da')} / {percent('understood', 'language en')})"),
        (f"{name}: understood, later turns of dialogues", percent("understood", "later turns")),
        (f"{name}: out of scope recognised / answerable questions rejected",
         f"{percent('kind', 'kind out_of_scope')} / {100 * (1 - scores.share('not_rejected')):.1f} %"),
        (f"{name}: contradicted premises found / false corrections",
         f"{premises['found']} of {premises['found'] + premises['missed']} / {premises['false']} of {premises['false'] + premises['quiet']}"),
        (f"{name}: language right", percent("language")),
    ]


def main() -> None:
    """Measure everything and write it into README.md."""
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # else Rasa would take a training of the same data from its cache
    begin = time.perf_counter()
    model = train_model(lambda number, stage: print(stage, flush=True))
    training = time.perf_counter() - begin
    assert model == fitting_model()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, plain = start_times(model, folder)
        labelled = ROOT / "tests" / "evaluation"
        rows = rows_of("development set", score(sorted(labelled.glob("dev-*.jsonl")), folder))
        rows += rows_of("held-out questions", score(sorted(labelled.glob("held-out-*.jsonl")), folder))
        sample = ROOT.parent / "shared" / "eval" / "sample.jsonl"
        if sample.is_file():
            rows += rows_of("sample of the outside evaluation", score([sample], folder))
    languages = Counter(labels.language for _, labels in read_examples(NLU_DATA))
    rows += [
        ("training examples (da / en)", f"{sum(languages.values()):,} ({languages['da']:,} / {languages['en']:,})"),
        ("training, whole command", f"{training:.0f} s"),
        ("model file", f"{model.stat().st_size / 1e6:.1f} MB"),
        ("ready after start, against `rasa run` alone", f"{ours:.1f} s / {plain:.1f} s = {ours / plain:.2f}"),
    ]
    text = table([("figure", "measured"), *rows])
    write_between_markers(ROOT / "README.md", "figures", text)
    print(text)


if __name__ == "__main__":
    main()
