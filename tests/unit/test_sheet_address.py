"""What may stand in a sheet's address, and what is said about everything else: in the language asked for, and never an unforeseen error."""
import random

import pytest

from opi_advisor.channels.sheet_address import COMPARISON_NAMES, PROFILE_NAMES, AddressError, language_of, read_address
from opi_advisor.knowledge import LANGUAGES, default_knowledge
from opi_advisor.placements import Placements, read_placements

KNOWN = default_knowledge()
REFUSED = KNOWN.profile.refused
WHOLE = "side=private&goals=1-5&incentives=x-3&horizon=2-2&risk=4-x&decision_speed=5-2&organisation_type=1-4"


def refusal(query: str, known=PROFILE_NAMES) -> str:
    with pytest.raises(AddressError) as caught:
        read_address(query, known, KNOWN)
    return str(caught.value)


def test_the_language_and_the_placements_are_read():
    assert read_address("", PROFILE_NAMES, KNOWN) == ("da", Placements())
    assert read_address("lang=en", COMPARISON_NAMES, KNOWN) == read_address("l%61ng=%65n", COMPARISON_NAMES, KNOWN) == ("en", Placements())
    for query in (f"lang=en&{WHOLE}", f"{WHOLE}&lang=en"):
        assert read_address(query, PROFILE_NAMES, KNOWN) == ("en", read_placements(WHOLE))


@pytest.mark.parametrize("query, language", [
    ("", "da"), ("lang=en", "en"), ("lang=da", "da"), ("lang=xx", "da"), ("lang=", "da"), ("lang=en&lang=da", "en"), ("lang=english", "da"),
    ("risk=999&lang=en", "en"), ("slang=en", "da"), ("lang=en%00", "da"), ("%ff&lang=en&", "en"),
])
def test_the_language_is_known_of_a_wrong_address_too(query, language):
    assert language_of(query) == language


@pytest.mark.parametrize("query, reason, words", [
    ("risk=<script>", "places", {"name": "risk", "value": "<script>"}),
    ("risk=%3Cscript%3E", "places", {"name": "risk", "value": "<script>"}),
    ("risk=999", "places", {"name": "risk", "value": "999"}),
    ("risk=0-6", "places", {"name": "risk", "value": "0-6"}),
    ("risk=", "places", {"name": "risk", "value": ""}),
    ("risk=%zz", "places", {"name": "risk", "value": "%zz"}),
    ("goals=1-5&risk=1-5-2", "places", {"name": "risk", "value": "1-5-2"}),
    ("risk=1-5%00", "places", {"name": "risk", "value": "1-5\ufffd"}),
    ("risk=%E2%80%AE1-5", "places", {"name": "risk", "value": "\ufffd1-5"}),
    ("risk=" + "9" * 100, "places", {"name": "risk", "value": "9" * 60 + "…"}),
    ("side=neither", "side", {"value": "neither"}),
    ("side=", "side", {"value": ""}),
    ("lang=xx", "language", {"value": "xx"}),
    ("lang=", "language", {"value": ""}),
    ("risk=1-5&risk=1-5", "doubled", {"name": "risk"}),
    ("side=public&side=private", "doubled", {"name": "side"}),
    ("name=x", "unknown", {"name": "name", "known": ", ".join(PROFILE_NAMES)}),
    ("Risk=1-5", "unknown", {"name": "Risk", "known": ", ".join(PROFILE_NAMES)}),
    ("=1-5", "unknown", {"name": "", "known": ", ".join(PROFILE_NAMES)}),
    ("risk", "unreadable", {}),
    ("risk=1-5&", "unreadable", {}),
    ("risk=%ff", "unreadable", {}),
    ("\ufffd", "unreadable", {}),
    ("a=" + "b" * 10_000, "too_long", {"limit": 400}),
])
def test_what_is_wrong_is_said_in_the_language_asked_for(query, reason, words):
    text = getattr(REFUSED, reason)
    assert refusal(query) == text.da.format(**words)
    if "lang" not in query and reason != "too_long" and reason != "unreadable":
        assert refusal(f"lang=en&{query}") == text.en.format(**words)


def test_the_comparison_takes_the_language_alone():
    assert "risk" in refusal("risk=1-5", COMPARISON_NAMES)
    assert refusal("side=public&lang=en", COMPARISON_NAMES) == REFUSED.unknown.en.format(name="side", known="lang")


def test_no_query_brings_an_unforeseen_error():
    """A thousand queries, made of right and wrong pieces by a fixed seed: each is read or refused."""
    chance = random.Random(5)
    pieces = [*PROFILE_NAMES, *LANGUAGES, "public", "=", "&", "-", "1", "5", "x", "%", "%ff", "%00", "%26", "+", ";", "#", "{", "}",
              "{name}", "æ", "\0", "<b>", '"', "\ud7ff", "\U0001f600"]
    outcomes = set()
    for _ in range(1000):
        query = "".join(chance.choices(pieces, k=chance.randrange(12)))
        try:
            language, placements = read_address(query, PROFILE_NAMES, KNOWN)
            assert language in LANGUAGES and isinstance(placements, Placements)
            outcomes.add("read")
        except AddressError as error:
            assert str(error)
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}
