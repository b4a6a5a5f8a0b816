"""A curve of measured figures: its table, with ratios to the first point, and its drawing as SVG for light and dark pages."""
from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import Sequence

import matplotlib
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figure_table import table

INK_LIGHT, INK_DARK = "#24292f", "#e6edf3"
COLOURS = ("#2f81f7", "#d9622b", "#2e9e4f", "#a475f9")  # each 3:1 or more against white and against the dark of GitHub
MARKERS = ("o", "s", "^", "D")  # so that lines can be told apart without their colours
PANEL = (4.6, 3.0)  # inches
MARKED = 10  # points of a line, about
LABEL = 32  # characters in a line beside a panel
STYLE = {
    "svg.hashsalt": "opi-advisor",  # with no date in the file: the same figures give the same file
    "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9, "axes.grid": True, "grid.alpha": 0.25,
    "axes.spines.top": False, "axes.spines.right": False,
    **{name: INK_LIGHT for name in ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color", "grid.color")},
}
THEME = f"<style>svg {{ color: {INK_LIGHT} }} @media (prefers-color-scheme: dark) {{ svg {{ color: {INK_DARK} }} }}</style>"


@dataclass(frozen=True)
class Line:
    """What was measured at each point, from the first one on; fewer values than points where it was not measured further.

    `axis` says what is measured, with its unit; neighbouring lines with the same one share a drawing, and are told apart by `name`.
    `ratios`: whether the table sets each value in relation to the first.
    """

    name: str
    axis: str
    values: Sequence[float]
    ratios: bool = True


@dataclass(frozen=True)
class Curve:
    """How figures grow with `along`, which has the values `points`; `log` where these are spread over powers of ten or two.

    `ticks`: what the drawing names along its foot, where that is not each point.
    """

    title: str
    along: str
    points: Sequence[float]
    lines: Sequence[Line]
    log: bool = True
    ticks: Sequence[float] = ()


def curve_table(curve: Curve) -> str:
    """A Markdown table with a row for each point; behind each value, its ratio to the first of the same run."""
    head = [curve.along, *(": ".join(filter(None, (line.name, line.axis))) for line in curve.lines)]
    return table([head, *([f"{point:,g}", *(_cell(line, number) for line in curve.lines)] for number, point in enumerate(curve.points))])


def _cell(line: Line, number: int) -> str:
    if number >= len(line.values):
        return ""
    value = line.values[number]
    return short(value) + (f" ({value / line.values[0]:.2f})" if line.ratios and line.values[0] else "")


def short(value: float) -> str:
    """A number with three figures that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def draw(curve: Curve, path: Path) -> None:
    """Write the drawing of `curve`, a panel for each axis; the same figures give the same file."""
    panels = [(axis, list(lines)) for axis, lines in groupby(curve.lines, key=lambda line: line.axis)]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(PANEL[0] * len(panels), PANEL[1]))
        for number, (axis, lines) in enumerate(panels, 1):
            _panel(figure.add_subplot(1, len(panels), number), curve, axis, lines)
        figure.tight_layout()
        written = StringIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Title": curve.title})
    path.write_text(themed(written.getvalue()), encoding="utf-8")


def _panel(axes: Axes, curve: Curve, axis: str, lines: Sequence[Line]) -> None:
    for line, colour, marker in zip(lines, COLOURS, MARKERS):
        axes.plot(curve.points[:len(line.values)], line.values, color=colour, marker=marker, markersize=4,
                  markevery=max(1, len(curve.points) // MARKED), label=line.name)
    if curve.log:
        axes.set_xscale("log")
    axes.set_xticks(curve.ticks or curve.points)
    for one in (axes.xaxis, axes.yaxis):
        one.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.xaxis.set_minor_locator(ticker.NullLocator())
    axes.set_xlabel(curve.along)
    axes.set_ylabel(fill(axis, LABEL))
    axes.set_ylim(bottom=0)
    if len(lines) > 1:
        axes.legend(frameon=False)


def themed(svg: str) -> str:
    """The drawing with ink that follows the page: dark on light, light on dark."""
    start = svg.index("<svg")
    end = svg.index(">", start) + 1
    return svg[start:end] + "\n" + THEME + svg[end:].replace(INK_LIGHT, "currentColor")
