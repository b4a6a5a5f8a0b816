"""The transformer that the encoder is (Devlin et al., arXiv:1810.04805), built as an ONNX model that computes in whole numbers.

Weights are rounded to 7 bits, one scale an output, and what goes into a product to 8 bits, one scale a piece of text: a text then
has the same vector whatever it is encoded together with. With 8 bits for weights, processors of before 2019 would overflow
(ONNX Runtime's documentation of quantisation, "When and why do I need to try U8U8?").
`learning_transformer.py` has the transformer once more in TensorFlow, which can learn; a test holds the two together.
"""
from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from opi_advisor.nlu.adapter import Adapter
from opi_advisor.nlu.encoder import Encoder
from opi_advisor.nlu.encoder_file import EncoderFile, read_encoder_file

MATRICES = ("q", "k", "v", "ao", "fi", "fo")  # query, key, value, attention's output, into and out of the wide middle
SMALLEST = 1e-12  # of the layer norms, as the model was trained
_STATES, _VECTORS = "states", "vectors"
_OPERATIONS, _FORM = 17, 8  # versions of ONNX: what its operations do, and how the file is written
_MICROSOFT = "com.microsoft"  # operations that only ONNX Runtime has
_WEIGHT_STEPS, _INPUT_STEPS, _MIDDLE = 63, 127, 128  # up and down from nought; nought itself for inputs, which have no sign

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


def make_encoder(depth: int, adapter: Optional[Path] = None) -> Encoder:
    """An encoder of `depth` layers, changed by what the file `adapter` says.

    Raises:
        EncoderFileError: the model file is missing or can't be read.
        AdapterError: the adapter's file is.
    """
    return Encoder(build_transformer(read_encoder_file(), depth, Adapter.load(adapter) if adapter else None))


def build_transformer(file: EncoderFile, depth: int, adapter: Optional[Adapter] = None) -> bytes:
    """The first `depth` layers, changed by what `adapter` has learnt, as a file of ONNX.

    It takes states (texts x pieces x width, float32, without padding) and gives vectors (texts x width, float32): the mean of the pieces.
    """
    graph = _Graph(file.width, file.heads)
    states = graph.norm(_STATES, *read_norm(file))
    for number in range(depth):
        layer = read_layer(file, number)
        states = graph.layer(states, adapter.adapted(layer, number) if adapter else layer)
    graph.add("ReduceMean", [states], _VECTORS, axes=[1], keepdims=0)
    return graph.model().SerializeToString()


class _Graph:
    """Operations of ONNX, one after the other; every method returns the name of its result."""

    def __init__(self, width: int, heads: int):
        self._width = width
        self._nodes: List[NodeProto] = []
        self._constants: List[TensorProto] = []
        self._by_head = self.constant(np.array([0, 0, heads, width // heads]))
        self._together = self.constant(np.array([0, 0, width]))
        self._scale = self.constant(np.float32((width // heads) ** -0.5))
        self._one = self.constant(np.float32(1))
        self._steps, self._smallest = self.constant(np.float32(_INPUT_STEPS)), self.constant(np.float32(SMALLEST))
        self._middle = self.constant(np.uint8(_MIDDLE))

    def constant(self, value: np.ndarray) -> str:
        """A number, or several."""
        name = f"constant {len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value).reshape(np.shape(value)), name))
        return name

    def add(self, operation: str, inputs: Sequence[str], name: str = "", **attributes: object) -> str:
        """An operation of one result."""
        name = name or f"result {len(self._nodes)}"
        self._nodes.append(helper.make_node(operation, inputs, [name], **attributes))
        return name

    def model(self) -> ModelProto:
        """All that was added, from the states taken to the vectors given."""
        ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                for name, shape in ((_STATES, ["texts", "pieces", self._width]), (_VECTORS, ["texts", self._width]))]
        graph = helper.make_graph(self._nodes, "transformer", ends[:1], ends[1:], self._constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPERATIONS), helper.make_opsetid(_MICROSOFT, 1)], ir_version=_FORM)

    def norm(self, states: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Layer norm over the last axis."""
        return self.add("LayerNormalization", [states, self.constant(weight), self.constant(bias)], epsilon=SMALLEST)

    def layer(self, states: str, layer: Layer) -> str:
        """One layer over `states`."""
        query, key, value = map(self._by_heads, self._query_key_value(states, layer))
        scores = self.add("Mul", [self.add("MatMul", [query, self.add("Transpose", [key], perm=[0, 1, 3, 2])]), self._scale])
        seen = self.add("MatMul", [self.add("Softmax", [scores], axis=-1), value])
        seen = self.add("Reshape", [self.add("Transpose", [seen], perm=[0, 2, 1, 3]), self._together])
        seen = self._linear(seen, layer["ao.w"], layer["ao.b"])
        states = self.norm(self.add("Add", [seen, states]), layer["aln.w"], layer["aln.b"])
        middle = self._gelu(self._linear(states, layer["fi.w"], layer["fi.b"]))
        found = self._linear(middle, layer["fo.w"], layer["fo.b"])
        return self.norm(self.add("Add", [found, states]), layer["oln.w"], layer["oln.b"])

    def _query_key_value(self, states: str, layer: Layer) -> Sequence[str]:
        """The three products that the attention needs, as one."""
        weight = np.hstack([layer[f"{name}.w"] for name in "qkv"])
        bias = np.concatenate([layer[f"{name}.b"] for name in "qkv"])
        together = self._linear(states, weight, bias)
        names = [f"{name} of {together}" for name in ("query", "key", "value")]
        self._nodes.append(helper.make_node("Split", [together], names, axis=-1))
        return names

    def _by_heads(self, states: str) -> str:
        """Texts x heads x pieces x width of a head."""
        return self.add("Transpose", [self.add("Reshape", [states, self._by_head])], perm=[0, 2, 1, 3])

    def _gelu(self, numbers: str) -> str:
        """x times the normal distribution's share below x, by its approximation with tanh (Hendrycks & Gimpel, arXiv:1606.08415), which
        takes less time than the exact one."""
        return self.add("FastGelu", [numbers], domain=_MICROSOFT)

    def _rounded(self, states: str) -> Tuple[str, str]:
        """`states` in whole numbers, and the largest size in each piece."""
        largest = self.add("ReduceMax", [self.add("Abs", [states])], axes=[-1], keepdims=1)
        largest = self.add("Max", [largest, self._smallest])
        stretched = self.add("Mul", [states, self.add("Div", [self._steps, largest])])
        return self.add("QuantizeLinear", [stretched, self._one, self._middle]), largest

    def _linear(self, states: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """The product with `weight`, and `bias`."""
        numbers, largest = self._rounded(states)
        steps = np.maximum(np.abs(weight).max(axis=0), SMALLEST) / _WEIGHT_STEPS
        whole = self.constant(np.rint(weight / steps).astype(np.int8))
        scales = self.constant((steps / _INPUT_STEPS).astype(np.float32))
        product = self.add("MatMulIntegerToFloat", [numbers, whole, self._one, scales, self._middle], domain=_MICROSOFT)
        return self.add("Add", [self.add("Mul", [product, largest]), self.constant(bias)])
