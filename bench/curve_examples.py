"""How learning time, the size of what is learnt, and understanding grow with the training examples; see bench/learning_curve.py."""
from __future__ import annotations

from curve_figure import Curve, Line
from learning_curve import lessons

SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)


def measure() -> Curve:
    """Train on more and more of the examples; takes about ten minutes."""
    learnt = []
    for lesson in lessons(SHARES):
        learnt.append(lesson)
        print(f"  {lesson.examples:,} examples: {lesson.seconds:.0f} s", flush=True)
    return Curve("Training examples", "training examples", [lesson.examples for lesson in learnt], [
        Line("", "learning to read messages, s", [lesson.seconds for lesson in learnt]),
        Line("", "size of what is learnt, MB", [lesson.megabytes for lesson in learnt]),
        Line("", "understood of the development set, %", [100 * lesson.scores.share("understood") for lesson in learnt], ratios=False),
    ], log=False)
