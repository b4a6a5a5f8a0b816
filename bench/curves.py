"""How cost grows, one curve each: turns in a conversation, conversations in the store, users at once, examples, dimensions.

    uv run python bench/curves.py                         all, about 25 minutes
    uv run python bench/curves.py --only turns,users      some of them

Writes each curve's table into docs/performance.md, between its markers, and its drawing into docs/images/. Each is measured by the
file curve_*.py of its name. Needs a trained model, and a quiet machine for the times; `dimensions` runs first, and needs no model.
"""
import argparse
import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", OPENBLAS_NUM_THREADS="1")  # as `opi-advisor serve` does

import time
from importlib import import_module

from curve_figure import Curve, curve_table, draw
from figure_table import machine, write_between_markers
from only import some_of
from opi_advisor.project import ROOT

CURVES = ("dimensions", "turns", "conversations", "users", "examples")  # the order in which they are measured
DOCS = ROOT / "docs" / "performance.md"


def write(name: str, curve: Curve) -> str:
    """Write drawing and table; returns what was written into the docs."""
    picture = ROOT / "docs" / "images" / f"curve-{name}.svg"
    draw(curve, picture)
    measured = "; ".join(dict.fromkeys(line.axis for line in curve.lines))
    text = f"![{curve.title}: {measured}](images/{picture.name})\n\n{curve_table(curve)}\n\n{machine()}"
    write_between_markers(DOCS, f"curve {name}", text)
    return text


def main() -> None:
    """Measure, print and write one curve after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=some_of(CURVES, "curve"), default=list(CURVES), metavar="NAME,...", help="curves to measure")
    names = parser.parse_args().only
    for number, name in enumerate(names, 1):
        print(f"{number}/{len(names)} {name}: begins at {time.strftime('%H:%M')}", flush=True)
        began = time.monotonic()
        text = write(name, import_module(f"curve_{name}").measure())
        print(f"{text}\n{name} took {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
