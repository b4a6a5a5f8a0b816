"""How building a reply, and loading and checking the knowledge base, grow with its dimensions: the six, and copies of them.

The copies have new names and the texts of the originals. Understanding is trained for the six and has no part in this. A reply is built
as an action does it: the Reply, the reply contract, and the text.
"""
from __future__ import annotations

import re
import shutil
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Callable, Dict, List
from unittest.mock import patch

import yaml

from curve_figure import Curve, Line
from opi_advisor import knowledge as knowledge_module
from opi_advisor import reply as reply_module
from opi_advisor.knowledge import DIMENSIONS, load_knowledge
from opi_advisor.project import KNOWLEDGE
from opi_advisor.question import ANSWER, OUT_OF_SCOPE, OVERVIEW, Context, Question
from opi_advisor.render import render_text
from opi_advisor.reply import build_reply

TIMES = (1, 2, 4, 6, 8, 10)  # as many dimensions as there are
REPLIES, LOADS = 300, 3  # how often each is done; the median counts
LISTS = {"comparison.yml": ("dimensions",), "advice.yml": ("dimensions",), "onboarding.yml": ("tour.stops", "placing.dimensions")}
NAME = re.compile(rf"((?:advice\.)?(?:{'|'.join(DIMENSIONS)}))((?:\.\w+)*)")  # a dimension, or an id that begins with one


def measure() -> Curve:
    """Take six to sixty dimensions; takes about one minute."""
    found: List[Dict[str, float]] = []
    for times in TIMES:
        found.append(_with_dimensions(times))
        print(f"  {times * len(DIMENSIONS)} of {TIMES[-1] * len(DIMENSIONS)} dimensions", flush=True)
    axes = {kind: "building a reply, processor ms" for kind in ("answer", "overview", "decline")}
    axes[""] = "loading and checking the knowledge base, processor ms"
    return Curve("Dimensions in the knowledge base", "dimensions", [times * len(DIMENSIONS) for times in TIMES],
                 [Line(name, axis, [measured[name] for measured in found]) for name, axis in axes.items()], log=False)


def _with_dimensions(times: int) -> Dict[str, float]:
    """Median milliseconds of each kind of reply, and, under "", of loading."""
    names = tuple(copy_name(name, number) for number in range(times) for name in DIMENSIONS)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        write_knowledge(Path(folder), times)
        for module in (knowledge_module, reply_module):
            stack.enter_context(patch.object(module, "DIMENSIONS", names))
        known = load_knowledge(Path(folder))
        questions = {
            "answer": Question(ANSWER, "en", names[-1:], ("public",), "describe"), "overview": Question(OVERVIEW, "en"),
            "decline": Question(OUT_OF_SCOPE, "en", nearest=names[-2:])}

        def answer(question: Question) -> None:
            reply = build_reply(question, Context(), known)
            reply.to_custom()
            render_text(reply, known)

        return {**{kind: _milliseconds(lambda: answer(question), REPLIES) for kind, question in questions.items()},
                "": _milliseconds(lambda: load_knowledge(Path(folder)), LOADS)}


def _milliseconds(work: Callable[[], Any], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - began))
    return statistics.median(taken)


def copy_name(dimension: str, number: int) -> str:
    """What the copy `number` of a dimension is called; 0 is the dimension itself."""
    return f"{dimension}_{number}" if number else dimension


def write_knowledge(folder: Path, times: int) -> None:
    """Write the knowledge base into `folder`, with each dimension so many times."""
    shutil.copytree(KNOWLEDGE, folder, dirs_exist_ok=True)
    for file, lists in LISTS.items():
        data = yaml.safe_load((KNOWLEDGE / file).read_text(encoding="utf-8"))
        for path in lists:
            *above, last = path.split(".")
            place = data[above[0]] if above else data
            place[last] = [renamed(item, number) for number in range(times) for item in place[last]]
        (folder / file).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


def renamed(value: Any, number: int) -> Any:
    """A part of a knowledge file with the names and ids of the dimensions as those of the copy `number`; texts stay."""
    if isinstance(value, dict):
        return {key: renamed(inner, number) for key, inner in value.items()}
    if isinstance(value, list):
        return [renamed(inner, number) for inner in value]
    if isinstance(value, str):
        match = NAME.fullmatch(value)
        return copy_name(match[1], number) + match[2] if match else value
    return value
