"""Python's search for garbage, in a server that has loaded what it needs: through a model and libraries it took a fifth of a turn."""
from __future__ import annotations

import gc

NEW_OBJECTS = 20_000  # between two looks for garbage among them; Python's 700 are fewer than a message needs


def keep_what_is_loaded() -> None:
    """Have the search leave out all that is there now."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
