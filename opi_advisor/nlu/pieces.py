"""From text to what the transformer takes: the pieces of its words, each as a vector."""
from __future__ import annotations

from typing import List

import numpy as np
from sentencepiece import SentencePieceProcessor

from opi_advisor.nlu.encoder_file import EncoderFile, decode

MAX_PIECES = 96  # more of a long message does not change what it asks, and costs time


class Pieces:
    """The tokenizer of the pretrained encoder, and the vectors of its pieces."""

    def __init__(self, file: EncoderFile):
        self.width = file.width
        self._begin, self._end, self._replacements = file.begin, file.end, file.replacements
        self._pieces = SentencePieceProcessor(model_proto=file.pieces)
        self._words = file.blocks("emb.word", file.width)
        self._places = file.vector("emb.pos").reshape(-1, file.width)[:MAX_PIECES + 2] + file.vector("emb.type")[:file.width]

    def of(self, text: str) -> List[int]:
        """The numbers of the pieces that `text` is cut into, between a begin and an end. Capital letters make no difference."""
        sound = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no text
        plain = "".join(self._replacements.get(character, character) for character in sound.lower())
        return [self._begin, *self._pieces.encode(" ".join(plain.split()))[:MAX_PIECES], self._end]

    def vectors(self, pieces: np.ndarray) -> np.ndarray:
        """What the transformer takes for `pieces` (texts x pieces): texts x pieces x width, float32."""
        different, where = np.unique(pieces, return_inverse=True)
        words = decode(self._words[different])[where].reshape(*pieces.shape, self.width)
        return words + self._places[:pieces.shape[1]]
