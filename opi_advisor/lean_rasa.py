"""Rasa without what only trainings and evaluations use: above all without TensorFlow, which takes seconds and some 300 MB.

Its modules import each other in the head of the file, used or not.
"""
from __future__ import annotations

import os
import sys
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import SimpleNamespace
from typing import Any, Dict

LATE = (
    "rasa.utils.train_utils",  # imports TensorFlow; imported for a warning about settings of long ago
    "rasa.utils.plotting",  # imports matplotlib
)


# Settings of TensorFlow, which Rasa imports to pass them on.
_OF_TENSORFLOW = ("TF_INTER_OP_PARALLELISM_THREADS", "TF_INTRA_OP_PARALLELISM_THREADS", "TF_GPU_MEMORY_ALLOC")


def make_lean() -> None:
    """Prepare this process for a server; before anything else of Rasa is imported."""
    for name in _OF_TENSORFLOW:
        os.environ.pop(name, None)
    for name in LATE:
        import_late(name)
    _read_models_without_their_training()
    _remember_what_never_changes()
    _log_without_copies()
    _run_a_few_nodes_simply()


def import_late(name: str) -> None:
    """Have `import NAME` give a stand-in, which becomes the module at the first use of anything in it.

    Args:
        name: A module in a package; not imported yet. `from NAME import ...` counts as a use.

    Raises:
        ModuleNotFoundError: there is no such module.
    """
    spec = find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    stand_in = module_from_spec(spec)

    def become(attribute: str) -> Any:
        if attribute.startswith("__"):  # `inspect` asks all modules for what they are; that is no use of them
            raise AttributeError(attribute)
        if sys.modules.get(name) is stand_in:
            del sys.modules[name]
        return getattr(import_module(name), attribute)

    stand_in.__getattr__ = become
    package, _, own_name = name.rpartition(".")
    sys.modules[name] = stand_in
    setattr(import_module(package), own_name, stand_in)


def _read_models_without_their_training() -> None:
    """A model says which components trained it, too; reading that imports all networks that Rasa has."""
    from rasa.engine.storage.storage import ModelMetadata

    read = ModelMetadata.from_dict

    def read_what_serves(serialized: Dict[str, Any]) -> ModelMetadata:
        return read({**serialized, "train_schema": {"nodes": {}}})

    ModelMetadata.from_dict = read_what_serves


def _remember_what_never_changes() -> None:
    """Rasa looks through all its classes for the kind of each event that it reads, and makes an empty domain for each message."""
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import Event

    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))
    Domain.empty = staticmethod(lru_cache(maxsize=None)(Domain.empty))


def _log_without_copies() -> None:
    """The processor copies what it logs for debugging, logged or not, and nothing else."""
    from rasa.core import processor

    processor.copy = SimpleNamespace(deepcopy=lambda logged: logged)


def _run_a_few_nodes_simply() -> None:
    """Dask's scheduler plans for many processors; its plain one gives the same for the few nodes of a message, in a third of the time."""
    from dask.core import get
    from rasa.engine.runner import dask

    dask.dask = SimpleNamespace(get=get)
