"""From text to what the transformer takes: the pieces of its words, each as a vector."""
from __future__ import annotations

from typing import List

import numpy as np
from sentencepiece import SentencePieceProcessor

from opi_advisor.nlu.encoder_file import EncoderFile, decode

MAX_PIECES = 96  # more of a long message does not change what it asks, and costs time
ENDS = " .?!"  # left out at the end of a text: every tenth piece, and nothing is understood worse


class Pieces:
    """The tokenizer of the pretrained encoder, and the vectors of its pieces."""

    def __init__(self, file: EncoderFile):
        self.width = file.width
        self._begin, self._replacements = file.begin, file.replacements
        self._pieces = SentencePieceProcessor(model_proto=file.pieces)
        self._words = file.blocks("emb.word", file.width)
        self._places = file.vector("emb.pos").reshape(-1, file.width)[:MAX_PIECES + 1] + file.vector("emb.type")[:file.width]

    def of(self, text: str) -> List[int]:
        """The numbers of the pieces that `text` is cut into, after a begin. Capital letters and what ends the sentence make no difference.

        The pretrained encoder has an end after each text as well; without it, and what ends the sentence, a tenth of the time is saved, and the
        development set is understood no worse. Without the begin it is.
        """
        sound = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no text
        plain = " ".join("".join(self._replacements.get(character, character) for character in sound.lower()).split())
        return [self._begin, *self._pieces.encode(plain.rstrip(ENDS))[:MAX_PIECES]]

    def vectors(self, pieces: np.ndarray) -> np.ndarray:
        """What the transformer takes for `pieces` (texts x pieces): texts x pieces x width, float32."""
        different, where = np.unique(pieces, return_inverse=True)
        words = decode(self._words[different])[where].reshape(*pieces.shape, self.width)
        return words + self._places[:pieces.shape[1]]
