"""From the chances of the heads to the labels of a reading: where a rule has the last word over the likeliest class."""
import pytest

from opi_advisor.knowledge import DIMENSIONS
from opi_advisor.nlu.interpreting import MENTIONED, SURE, SURE_OF_SIDE, SURELY_NO_SIDE, guessed, handled, order_of, parties_of, side_of
from opi_advisor.nlu.tasks import ABOUT_DIMENSIONS


def chances(about, follow_up, likeliest):
    """Chances of the intents, and of the dimensions, of which one is the likeliest."""
    of_dimensions = {name: 0.8 if name == likeliest else 0.04 for name in DIMENSIONS}
    also = {f"also {name}": {"yes": chance, "no": 1 - chance} for name, chance in of_dimensions.items()}
    return {"intent": {ABOUT_DIMENSIONS: about, "follow_up": follow_up, "thanks": 1 - about - follow_up}, "dimension": of_dimensions, **also}


@pytest.mark.parametrize(("about", "follow_up", "named", "intent", "leans"), [
    (0.6, 0.3, [], "risk", False),
    (0.3, 0.6, [], "follow_up", False),
    (0.3, 0.6, ["goals"], "goals", True),  # "and their goals?" follows up, and is about what it names
    (0.1, 0.2, ["goals"], "thanks", False),
])
def test_what_a_message_is_about(about, follow_up, named, intent, leans):
    guess = guessed(chances(about, follow_up, "risk"), named)
    assert (guess.intent, guess.leans, guess.nearest[0]) == (intent, leans, "risk")
    assert sum(guess.ranking.values()) == pytest.approx(1)


def test_a_named_dimension_is_not_taken_for_a_follow_up():
    assert guessed(chances(0.5, 0.4, "risk"), ["risk"]).ranking["follow_up"] == 0


@pytest.mark.parametrize(("of_head", "tags", "of_both", "expected"), [
    ({"private": 0.9, "they": 0.1}, ["private"], False, ["private"]),
    ({"private+public": 0.9, "private": 0.1}, ["private", "public"], False, ["private", "public"]),
    ({"they": 0.8, "public": MENTIONED + 0.01, "private": 0}, ["public", None], False, ["public"]),  # the only party named is who "they" are
    ({"we": 0.8, "public": MENTIONED + 0.01, "private": 0}, ["public", None], False, ["public"]),
    ({"nobody": 0.8, "public": MENTIONED + 0.01, "private": 0}, ["public", None], False, ["public"]),
    ({"they": 0.8, "public": MENTIONED - 0.01, "private": 0}, ["public", None], False, ["they"]),
    ({"they": 0.8, "public": 0.2, "private": 0}, ["public", "private"], False, ["they"]),
    ({"other": 0.8, "public": 0.2, "private": 0}, ["public"], False, ["other"]),
    ({"nobody": 0.8, "public": 0.2}, [None], False, []),
    ({"nobody": 0.8, "public": 0.2}, [None], True, ["private", "public"]),  # "how do the two meet?"
    ({"public": 0.8, "nobody": 0.2}, ["public"], True, ["public"]),
    ({"we": 0.8, "nobody": 0.2}, [None], True, ["we"]),  # "how are we ourselves on the two points?"
])
def test_whom_a_message_is_about(of_head, tags, of_both, expected):
    assert parties_of(of_head, tags, of_both) == expected


@pytest.mark.parametrize(("parties", "acting", "intent", "claim", "expected"), [
    (["private"], ["private"], "follow_up", None, []),  # what can a supplier do about that?
    (["private"], [], "follow_up", None, ["private"]),  # what do we do about the supplier?
    (["private"], ["private"], "risk", "public", ["public"]),  # what can a supplier do when it is all so uncertain?
    (["private"], ["private"], "risk", "private", ["private"]),  # how can a supplier become braver?
    (["private"], ["private"], "risk", None, ["private"]),
    (["public"], ["private"], "risk", "private", ["public"]),
    (["private", "public"], ["private", "public"], "follow_up", None, ["private", "public"]),
])
def test_who_acts_is_not_the_one_to_handle(parties, acting, intent, claim, expected):
    assert handled(parties, acting, intent, claim) == expected


@pytest.mark.parametrize(("intent", "private", "none", "said", "side"), [
    ("risk", SURE_OF_SIDE + 0.01, 0.2, [], "private"),
    ("risk", SURE_OF_SIDE - 0.01, 0.2, [], None),
    ("tell_side", 0.2, 0.79, [], "private"),  # it is there to tell a side
    ("tell_side", 0.05, SURELY_NO_SIDE + 0.01, [], None),  # "I'm a consultant"
    ("tell_side", 0.9, 0.05, ["public"], "public"),  # "I'm with the council, our partner is a start-up"
    ("risk", 0.9, 0.05, ["public", "private"], "private"),
])
def test_a_side_is_told_surely_or_in_a_message_that_is_there_to_tell_it(intent, private, none, said, side):
    assert side_of(intent, {"private": private, "none": none, "public": 1 - private - none}, said) == side


@pytest.mark.parametrize(("of_each", "order"), [
    ({}, None), ({"private": -2.0, "public": 3.0}, "aligned"), ({"private": 3.0, "public": -2.0}, "swapped"),
    ({"private": SURE - 0.1, "public": 0.0}, None),  # not sure enough to correct anybody
])
def test_who_is_given_whose_behaviour(of_each, order):
    assert order_of(of_each) == order
