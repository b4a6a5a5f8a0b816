"""The option --only of a benchmark: some of what it can measure, by name."""
from __future__ import annotations

import argparse
from typing import Callable, List, Sequence


def some_of(known: Sequence[str], kind: str) -> Callable[[str], List[str]]:
    """A type for argparse: names of `known` with commas between them.

    It raises argparse.ArgumentTypeError where there is no such `kind` (as "curve"), and says which there are.
    """
    def names_in(text: str) -> List[str]:
        names = text.split(",")
        unknown = [name for name in names if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"no {kind} is called {', '.join(unknown)}; there are {', '.join(known)}")
        return names

    return names_in
