"""The transformer that the encoder is (Devlin et al., arXiv:1810.04805), in NumPy. `adapting.py` has it once more in TensorFlow,
which can learn; a test holds the two together."""
from __future__ import annotations

from typing import Dict, Mapping, Tuple

import numpy as np

from opi_advisor.nlu.encoder_file import EncoderFile

MATRICES = ("q", "k", "v", "ao", "fi", "fo")  # query, key, value, attention's output, into and out of the wide middle
SMALLEST = 1e-12  # of the layer norms, as the model was trained

Layer = Mapping[str, np.ndarray]


def read_layer(file: EncoderFile, number: int) -> Dict[str, np.ndarray]:
    """The tensors of one layer, by name: a weight (`q.w`: inputs x outputs) and a bias of each matrix, and the norms' (`aln.w`)."""
    tensors = {}
    for name in MATRICES:
        inputs = 4 * file.width if name == "fo" else file.width
        tensors[f"{name}.w"] = file.matrix(f"l{number}.{name}.w", inputs).T
        tensors[f"{name}.b"] = file.vector(f"l{number}.{name}.b")
    for name in ("aln", "oln"):
        for part in "wb":
            tensors[f"{name}.{part}"] = file.vector(f"l{number}.{name}.{part}")
    return tensors


def read_norm(file: EncoderFile) -> Tuple[np.ndarray, np.ndarray]:
    """Weight and bias of the norm before the first layer."""
    return file.vector("emb.ln.w"), file.vector("emb.ln.b")


def joined(layer: Layer) -> Dict[str, np.ndarray]:
    """The layer as `run_layer` wants it: query, key and value side by side (`qkv.w`, `qkv.b`), for one product instead of three."""
    rest = {name: np.ascontiguousarray(part) for name, part in layer.items() if name[0] not in "qkv"}
    return {**rest, "qkv.w": np.hstack([layer[f"{name}.w"] for name in "qkv"]), "qkv.b": np.hstack([layer[f"{name}.b"] for name in "qkv"])}


def run_layer(states: np.ndarray, layer: Layer, heads: int) -> np.ndarray:
    """One layer, as `joined` gives it, over `states` (texts x pieces x width, without padding)."""
    texts, pieces, width = states.shape
    query, key, value = _linear(states, layer, "qkv").reshape(texts, pieces, 3, heads, -1).transpose(2, 0, 3, 1, 4)
    attention = _softmax(query @ key.swapaxes(-1, -2) * np.float32((width // heads) ** -0.5))
    seen = (attention @ value).swapaxes(1, 2).reshape(states.shape)
    states = normed(states + _linear(seen, layer, "ao"), layer["aln.w"], layer["aln.b"])
    return normed(states + _linear(gelu(_linear(states, layer, "fi")), layer, "fo"), layer["oln.w"], layer["oln.b"])


def normed(states: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Layer norm over the last axis."""
    centred = states - states.mean(axis=-1, keepdims=True)
    variance = np.square(centred).mean(axis=-1, keepdims=True)
    return centred / np.sqrt(variance + SMALLEST) * weight + bias


def gelu(numbers: np.ndarray) -> np.ndarray:
    """x times the normal distribution's share below x (Hendrycks & Gimpel, arXiv:1606.08415), of float32.

    The error function is Abramowitz & Stegun's 7.1.26, wrong by 2e-7 at most, in an eighth of the time of SciPy's. Most of it is done
    in place: with many texts at once, memory is slower than the arithmetic.
    """
    size = np.abs(numbers)
    size *= np.float32(0.5 ** 0.5)
    slope = np.reciprocal(1 + np.float32(0.3275911) * size)
    share = np.float32(1.061405429) * slope
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        share += np.float32(factor)
        share *= slope
    share *= np.exp(-np.square(size, out=size))
    share = np.copysign(0.5 - 0.5 * share, numbers)
    share += np.float32(0.5)
    share *= numbers
    return share


def _linear(states: np.ndarray, layer: Layer, name: str) -> np.ndarray:
    weight, bias = layer[f"{name}.w"], layer[f"{name}.b"]
    return (states.reshape(-1, len(weight)) @ weight + bias).reshape(*states.shape[:-1], len(bias))


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
