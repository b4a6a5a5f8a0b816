"""Placements: read, written, compared, found in messages, and refused."""
import pytest

from opi_advisor.knowledge import DIMENSIONS, PARTIES
from opi_advisor.placements import Gap, Placements, PlacementsError, gaps, language_in, query_in, read_placements

QUERY = "side=public&goals=1-5&horizon=2-2&risk=x-4&decision_speed=5-2"


def test_what_is_read_is_written_alike():
    assert read_placements(QUERY).to_query() == QUERY
    assert read_placements("").to_query() == ""


def test_places_are_of_the_party_that_stands_at_their_place():
    placements = read_placements("risk=2-4")
    assert [placements.place("risk", party) for party in PARTIES] == [2, 4]
    assert placements.place("goals", "private") is None


def test_every_place_of_every_scale_goes_through():
    for dimension in DIMENSIONS:
        for party in PARTIES:
            for place in range(1, 6):
                placements = Placements("private").placed(dimension, party, place)
                assert read_placements(placements.to_query()) == placements
                assert placements.placed(dimension, party, None).places == {}


def test_the_widest_gap_comes_first_and_what_is_not_known_is_no_gap():
    assert gaps(read_placements(QUERY)) == [Gap("goals", 4), Gap("decision_speed", 3)]


def test_the_link_to_the_partner_carries_one_party_and_not_who_placed_it():
    link = read_placements(QUERY).of("public")
    assert link.to_query() == "goals=x-5&horizon=x-2&risk=x-4&decision_speed=x-2"
    assert link.only_party() == "public" and read_placements(QUERY).only_party() is None and Placements().only_party() is None


@pytest.mark.parametrize("query", [
    "risk=<script>", "risk=999", "risk=", "risk", "risk=1-2&risk=1-2", "risk=0-1", "risk=1-6", "risk=1-2-3", "risk=1 - 2", "risk=\u0661-2",
    "side=both", "side=", "side=public&side=public", "colour=1-2", "=1-2", "&&&", "risk=%ff-1", "risk=%00", "lang=da", "a" * 500,
    "&".join(f"risk{number}=1-2" for number in range(30)),
])
def test_anything_else_is_refused_with_a_sentence(query):
    with pytest.raises(PlacementsError) as error:
        read_placements(query)
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(("text", "found"), [
    ("https://intranet.example/opi-advisor/?placing&lang=da&goals=x-5&risk=x-4", "goals=x-5&risk=x-4"),
    ("/?placing=&goals=1-5", "goals=1-5"),
    ("se her: http://127.0.0.1:5005/?placing&goals=x-5", "goals=x-5"),
    ("side=public&goals=1-5", "side=public&goals=1-5"),
    ("  goals=1-5  ", "goals=1-5"),
    ("/profile?lang=en&side=private&risk=1-5", "side=private&risk=1-5"),
    ("goals=9-9", "goals=9-9"),  # found, and then refused
    ("is risk=high?", None), ("what are the goals", None), ("side=public", None), ("https://example.org/?q=1", None), ("", None),
])
def test_placements_are_found_in_a_message_that_is_a_link_or_a_query(text, found):
    assert query_in(text) == found


@pytest.mark.parametrize(("text", "language"), [
    ("/?placing&lang=da&goals=x-5", "da"), ("goals=1-5&lang=en", "en"), ("goals=1-5", None), ("goals=1-5&lang=xx", None), ("lang", None),
])
def test_a_link_names_its_language(text, language):
    assert language_in(text) == language
