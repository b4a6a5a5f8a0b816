"""A narrower middle: which units stay, and that the others are missed as little as can be."""
import numpy as np
import pytest

from opi_advisor.nlu.narrowing import UNITS, MiddleStatistics, narrowed

WIDE, WIDTH, PIECES = 1536, 8, 400


@pytest.fixture
def chance():
    return np.random.default_rng(20261130)


@pytest.fixture
def layer(chance):
    return {"fi.w": chance.normal(size=(WIDTH, WIDE)), "fi.b": chance.normal(size=WIDE), "fo.w": chance.normal(size=(WIDE, WIDTH)), "fo.b": np.zeros(WIDTH)}


def measured(middle, parts=3):
    statistics = MiddleStatistics()
    for part in np.array_split(middle, parts):
        statistics.add(part)
    return statistics


def test_the_units_stay_that_move_the_result(layer, chance):
    strong = np.sort(chance.permutation(WIDE)[:UNITS])
    middle = chance.normal(size=(PIECES, WIDE)) * 0.01 + 5  # what never changes moves nothing, however large
    middle[:, strong] = chance.normal(size=(PIECES, UNITS))
    assert measured(middle).strongest(layer).tolist() == strong.tolist()


def test_a_unit_that_nothing_after_it_uses_goes(layer, chance):
    layer["fo.w"][:WIDE - UNITS] = 0
    assert measured(chance.normal(size=(PIECES, WIDE))).strongest(layer).tolist() == list(range(WIDE - UNITS, WIDE))


def test_the_mean_of_what_goes_is_kept(layer, chance):
    middle = chance.normal(size=(PIECES, WIDE)) + chance.normal(size=WIDE)
    statistics = measured(middle)
    units = statistics.strongest(layer)
    narrow = statistics.narrow(layer, units)
    whole = middle @ layer["fo.w"] + layer["fo.b"]
    assert np.allclose((middle[:, units] @ narrow["fo.w"] + narrow["fo.b"]).mean(axis=0), whole.mean(axis=0), atol=1e-3)
    assert not np.allclose((middle[:, units] @ narrow["fo.w"] + layer["fo.b"]).mean(axis=0), whole.mean(axis=0), atol=1e-3)


def test_only_the_middle_becomes_narrower(layer):
    units = np.array([3, 7, 1000])
    found = narrowed({**layer, "q.w": np.ones((WIDTH, WIDTH))}, units)
    assert {name: part.shape for name, part in found.items()} == {
        "fi.w": (WIDTH, 3), "fi.b": (3,), "fo.w": (3, WIDTH), "fo.b": (WIDTH,), "q.w": (WIDTH, WIDTH)}
    assert np.array_equal(found["fo.w"][1], layer["fo.w"][7])
