"""From a group's metadata to the labels that each head learns from."""
import pytest

from opi_advisor.nlu.labels import labels_of


@pytest.mark.parametrize(("metadata", "claim", "order", "assumes", "polar"), [
    ({"parties": ["public"], "premise": "contradicts"}, "private", None, True, False),
    ({"parties": ["public"], "premise": "holds"}, "public", None, True, False),
    ({"parties": ["private"], "premise": "none", "claim": "public"}, "public", None, False, True),
    ({"parties": ["private", "public"], "premise": "contradicts"}, None, "swapped", True, False),
    ({"parties": ["private", "public"], "premise": "none", "claim": "aligned"}, None, "aligned", False, True),
    ({"parties": ["they"], "premise": "holds", "side": "private"}, "public", None, True, False),
    ({"parties": ["we"], "premise": "holds", "side": "private"}, "private", None, True, False),
    ({"parties": ["they"], "premise": "none"}, None, None, None, False),
    ({"parties": ["they"], "premise": "none", "side": "private"}, None, None, False, False),
    ({"parties": ["they"], "premise": "open", "side": "private"}, None, None, None, False),
    ({"parties": [], "premise": "none"}, None, None, False, False),
])
def test_claims_are_worked_out_from_premise_and_party(metadata, claim, order, assumes, polar):
    labels = labels_of("risk", metadata)
    assert (labels.claim, labels.order, labels.assumes, labels.polar) == (claim, order, assumes, polar)


def test_a_phrase_teaches_its_dimension_and_claim_only():
    labels = labels_of("risk", {"lang": "en", "parties": [], "premise": "none", "claim": "private", "phrase": True})
    assert (labels.dimensions, labels.claim, labels.language) == (("risk",), "private", "en")
    assert (labels.parties, labels.facet, labels.assumes, labels.polar, labels.side, labels.elliptical) == (None,) * 6


def test_several_dimensions_and_other_intents():
    assert labels_of("risk", {"dimensions": ["risk", "goals"], "parties": []}).dimensions == ("risk", "goals")
    greeting = labels_of("greet", {"lang": "da"})
    assert (greeting.dimensions, greeting.parties, greeting.facet) == ((), None, None)
