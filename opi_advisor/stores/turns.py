"""The table of turns: one row for each turn of a conversation, with the turn's events as compressed JSON.

A row stands alone: its events give the whole state that the next turn needs, every slot included, so that the next turn reads
this row alone. An event is kept in Rasa's own shape, without what nobody reads afterwards. The reply contract and the buttons are
made for the channel and are not read back from here; what the pipeline read in a message beside its intent is neither.
"""
from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any, Dict, List, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Row

from opi_advisor.stores import NotRead

turns = sa.Table(
    "turns", sa.MetaData(),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("sender_id", sa.String, nullable=False),
    sa.Column("timestamp", sa.Float, nullable=False),  # of the last event, in seconds since 1970
    sa.Column("data", sa.LargeBinary, nullable=False),  # as `pack` makes it
    sa.Index("turns_in_order", "sender_id", "id"),
    sqlite_autoincrement=True,  # an id that was deleted never comes back: who read that turn must not take another one for it
)

# The first byte of `data` names the form. Form 1: JSON in UTF-8, compressed by zlib with the dictionary below. A dictionary belongs to
# its form for ever, as what was written with it can't be read without it; a better one would be form 2.
FORM = 1
#
# The dictionary is 14 turns as `pack` writes them: in English and in Danish, a question that the source does not answer and the questions
# of the six dimensions in the knowledge base; what was asked before stands in the last turn of each language only. Nothing in it comes
# from a person's conversation.
_DICTIONARY = (Path(__file__).parent / "turns_1.dictionary").read_bytes()
_UNREAD = ("metadata", "data", "policy", "confidence")  # of any event
_DONE = "followup"  # says what Rasa is to do next, which it has done when the turn is written


def pack(events: Sequence[Dict[str, Any]]) -> bytes:
    """The `data` of a turn; `events` are as Rasa's `Event.as_dict` gives them.

    A turn is short, and most of it stands in any other turn too: the dictionary saves about half of what zlib alone needs.
    """
    text = json.dumps([_lean(event) for event in events if event["event"] != _DONE], ensure_ascii=False, separators=(",", ":"))
    packing = zlib.compressobj(zdict=_DICTIONARY)
    # People can send halves of surrogate pairs, which strict UTF-8 has no bytes for.
    return bytes([FORM]) + packing.compress(text.encode("utf-8", "surrogatepass")) + packing.flush()


def unpack(row: Row) -> List[Dict[str, Any]]:
    """The events of a row, which has `id` and `data`.

    Raises:
        NotRead: the row is damaged, or was written by a later version.
    """
    data = bytes(row.data)
    if data[:1] != bytes([FORM]):
        raise _unreadable(row, "its form is not known to this version")
    unpacking = zlib.decompressobj(zdict=_DICTIONARY)
    try:
        text = unpacking.decompress(data[1:])
    except zlib.error as error:
        raise _unreadable(row, str(error)) from None
    if not unpacking.eof or unpacking.unused_data:
        raise _unreadable(row, "it has not the length that it should have")
    return json.loads(text.decode("utf-8", "surrogatepass"))  # zlib's checksum says that this is what was written


def _lean(event: Dict[str, Any]) -> Dict[str, Any]:
    kept = {key: value for key, value in event.items() if value is not None and key not in _UNREAD}
    kept["timestamp"] = round(event["timestamp"], 3)
    if "parse_data" in event:
        kept["parse_data"] = {"intent": {"name": (event["parse_data"].get("intent") or {}).get("name")}}
    return kept


def _unreadable(row: Row, why: str) -> NotRead:
    return NotRead(f"Row {row.id} of the table turns can't be read: {why}. Restore it from a backup, or delete its conversation.")
