"""What the pretrained encoder has learnt from our examples: which units of its wide middle are left, and small differences to their weights.

A difference of a matrix is kept as the product of two narrow ones, as in Hu et al., "LoRA" (arXiv:2106.09685): 2 MB instead of 33.
"""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Mapping

import numpy as np

from opi_advisor.nlu.narrowing import narrowed

RANK = 32  # of a matrix's difference; as good as the whole difference on the development set


class AdapterError(Exception):
    """The adapter's file is missing or can't be read."""


@dataclass(frozen=True)
class Adapter:
    """By layer `l0.units` (int16), and differences by layer and tensor (float16): `l0.q.w.in` (inputs x RANK) and `l0.q.w.out` (RANK x outputs),
    or `l0.q.b` in full."""

    parts: Dict[str, np.ndarray]

    @classmethod
    def between(cls, before: List[Mapping[str, np.ndarray]], after: List[Mapping[str, np.ndarray]], units: List[np.ndarray]) -> "Adapter":
        """The differences of the tensors of each layer, which has only its `units`; those of matrices shortened to their RANK strongest
        directions."""
        parts: Dict[str, np.ndarray] = {}
        for number, (old, new) in enumerate(zip(before, after)):
            for name in old:
                difference = new[name] - old[name]
                if difference.ndim == 1:
                    parts[f"l{number}.{name}"] = difference
                    continue
                left, strengths, right = np.linalg.svd(difference, full_matrices=False)
                root = np.sqrt(strengths[:RANK])
                parts[f"l{number}.{name}.in"], parts[f"l{number}.{name}.out"] = left[:, :RANK] * root, root[:, None] * right[:RANK]
        return cls({**{name: part.astype(np.float16) for name, part in parts.items()},
                    **{f"l{number}.units": left.astype(np.int16) for number, left in enumerate(units)}})

    def units(self, layer: int) -> np.ndarray:
        """The numbers of the units that are left of a layer's middle."""
        return self.parts[f"l{layer}.units"]

    def adapted(self, layer: Mapping[str, np.ndarray], number: int) -> Dict[str, np.ndarray]:
        """A layer of the pretrained encoder as it is after learning."""
        return {name: tensor + self.difference(number, name) for name, tensor in narrowed(layer, self.units(number)).items()}

    def difference(self, layer: int, name: str) -> np.ndarray:
        """What is added to a tensor of a layer (float32)."""
        whole = self.parts.get(f"l{layer}.{name}")
        if whole is not None:
            return whole.astype(np.float32)
        return self.parts[f"l{layer}.{name}.in"].astype(np.float32) @ self.parts[f"l{layer}.{name}.out"].astype(np.float32)

    def save(self, path: Path) -> None:
        """Write the file; the same adapter always gives the same bytes."""
        np.savez(path, **self.parts)

    @classmethod
    def load(cls, path: Path) -> "Adapter":
        """Read a file that `save` wrote.

        Raises:
            AdapterError: the file is missing or of another form; says what to do.
        """
        try:
            with np.load(path) as parts:
                read = {name: parts[name] for name in parts.files}
            if "l0.units" not in read:
                raise ValueError("it does not say which units are left")
            return cls(read)
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise AdapterError(f"{path} can't be read ({error}): take it from the repository again, or delete it and "
                               "make a new one with 'uv run opi-advisor adapt'.") from error
