"""Everything that can happen to two or three messages of one conversation, in every order: see lock_model.py."""
import pytest

from tests.stores.lock_model import GONE, explore


def numbers(world):
    return [message for message, _ in world.turns]


@pytest.mark.parametrize(("owners", "crashes", "mishaps"), [(2, False, 0), (3, False, 0), (3, True, 0), (2, True, 2), (3, True, 1)])
def test_every_turn_is_kept_once_and_knows_all_before_it(owners, crashes, mishaps):
    worlds = explore(owners, crashes, mishaps)
    for world in worlds:
        assert [base for _, base in world.turns] == list(range(len(world.turns)))
        assert len(set(numbers(world))) == len(world.turns)
        for number, owner in enumerate(world.owners):
            if owner.at in ("kept", "overtaken"):
                assert (number in numbers(world)) == (owner.at == "kept")
    assert any(len(world.turns) == owners for world in worlds)


@pytest.mark.parametrize("crashes", [False, True])
def test_without_mishaps_one_answers_at_a_time_in_the_order_in_which_they_came_and_none_is_refused(crashes):
    for world in explore(3, crashes, 0):
        assert sum(owner.at in ("reading", "writing") for owner in world.owners) <= 1
        assert all(owner.at != "overtaken" for owner in world.owners)
        kept = numbers(world)
        assert kept == [number for number in world.came if number in kept]


@pytest.mark.parametrize(("owners", "mishaps"), [(2, 2), (3, 1)])
def test_nobody_waits_for_ever(owners, mishaps):
    """From wherever it stands, every message that lives comes to its end."""
    worlds = explore(owners, True, mishaps)
    before = {world: set() for world in worlds}
    for world, followers in worlds.items():
        for follower in followers:
            before[follower].add(world)
    waiting = [world for world in worlds if all(owner.at in GONE for owner in world.owners)]
    good = set(waiting)
    while waiting:
        for world in before[waiting.pop()] - good:
            good.add(world)
            waiting.append(world)
    assert good == set(worlds)


def test_the_model_has_the_worlds_in_which_a_lease_runs_out_too_early_and_a_turn_is_refused():
    assert any(owner.at == "overtaken" for world in explore(2, False, 1) for owner in world.owners)
