"""The adapter: differences that are kept small, and what learning them does to the encoder."""
import numpy as np
import pytest
from rapidfuzz.distance import OSA

from opi_advisor.nlu.adapter import RANK, Adapter, AdapterError
from opi_advisor.nlu.adapting import adapt, with_slip
from opi_advisor.nlu.component import MessageReader
from opi_advisor.nlu.data import read_examples
from opi_advisor.nlu.narrowing import UNITS
from opi_advisor.nlu.transformer import make_encoder
from opi_advisor.project import NLU_DATA, ROOT

DEPTH = 1
EXAMPLES = read_examples(NLU_DATA)[::60]


def difference(shape, rank):
    chance = np.random.default_rng(1)
    return chance.normal(size=(shape[0], rank)) @ chance.normal(size=(rank, shape[1]))


def test_a_difference_of_few_directions_is_kept():
    before = [{"q.w": np.zeros((64, 80)), "q.b": np.zeros(80)}]
    after = [{"q.w": difference((64, 80), RANK // 2), "q.b": np.arange(80.0)}]
    adapter = Adapter.between(before, after, [np.arange(3)])
    assert np.allclose(adapter.difference(0, "q.w"), after[0]["q.w"], atol=0.1)
    assert np.allclose(adapter.difference(0, "q.b"), after[0]["q.b"])
    assert adapter.parts["l0.q.w.in"].shape == (64, RANK) and adapter.parts["l0.q.w.out"].shape == (RANK, 80)


def test_what_is_saved_is_read_again(tmp_path):
    adapter = Adapter.between([{"q.w": np.zeros((64, 80))}], [{"q.w": difference((64, 80), 3)}], [np.array([2, 5])])
    adapter.save(tmp_path / "adapter.npz")
    read = Adapter.load(tmp_path / "adapter.npz")
    assert np.array_equal(read.difference(0, "q.w"), adapter.difference(0, "q.w"))
    assert read.units(0).tolist() == [2, 5]


@pytest.mark.parametrize("content", [None, b"", b"not an archive"])
def test_a_file_that_is_no_adapter_is_refused_with_advice(tmp_path, content):
    path = tmp_path / "adapter.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AdapterError, match="opi-advisor adapt"):
        Adapter.load(path)


def test_an_adapter_of_before_the_narrowing_is_refused_with_advice(tmp_path):
    np.savez(tmp_path / "adapter.npz", **{"l0.q.b": np.zeros(80)})
    with pytest.raises(AdapterError, match="which units are left.*opi-advisor adapt"):
        Adapter.load(tmp_path / "adapter.npz")


def test_adapting_learns_and_is_repeatable(tmp_path):
    losses = []
    adapter = adapt(EXAMPLES, DEPTH, lambda step, steps, loss: losses.append(loss))
    assert sum(losses[-5:]) < 0.9 * sum(losses[:5])
    again = adapt(EXAMPLES, DEPTH, lambda step, steps, loss: None)
    texts = ["why does the ministry decide so slowly", "are firms afraid of risk"]
    adapter.save(tmp_path / "adapter.npz")
    again.save(tmp_path / "again.npz")
    vectors = make_encoder(DEPTH, tmp_path / "adapter.npz").encode(texts)
    assert np.allclose(vectors, make_encoder(DEPTH, tmp_path / "again.npz").encode(texts), atol=3e-2)
    assert not np.allclose(vectors, make_encoder(DEPTH).encode(texts), atol=3e-2)


def test_what_was_learnt_before_counts_as_much_as_what_is_learnt_now():
    now = adapt(EXAMPLES, DEPTH, lambda step, steps, loss: None)
    nothing = Adapter({name: part if name.endswith(".units") else np.zeros_like(part) for name, part in now.parts.items()})
    mean = adapt(EXAMPLES, DEPTH, lambda step, steps, loss: None, nothing)
    for name in ("q.w", "q.b"):
        assert np.abs(mean.difference(0, name) - now.difference(0, name) / 2).max() < 0.2 * np.abs(now.difference(0, name)).max()


def test_units_that_were_left_before_are_left_again():
    now = adapt(EXAMPLES, DEPTH, lambda step, steps, loss: None)
    others = Adapter({**now.parts, "l0.units": np.arange(UNITS, dtype=np.int16)})
    assert adapt(EXAMPLES, DEPTH, lambda step, steps, loss: None, others).units(0).tolist() == list(range(UNITS))
    assert now.units(0).tolist() != list(range(UNITS))


@pytest.mark.parametrize("text", ["hvorfor er kommunen så langsom", "who is the boldest?"])
def test_a_slip_changes_one_word_by_one_letter(text):
    chance = np.random.default_rng(1)
    slipped = {with_slip(text, chance) for _ in range(50)}
    assert len(slipped) > 10
    assert all(OSA.distance(text, one) <= 1 for one in slipped)
    assert with_slip("er de med", chance) == "er de med"


def test_a_label_that_nothing_teaches_is_named():
    with pytest.raises(ValueError, match="label 'parties'"):
        adapt([example for example in EXAMPLES if example[1].intent == "greet"] + [example for example in EXAMPLES if example[1].intent == "help"],
              DEPTH, lambda step, steps, loss: None)


def test_a_changed_lexicon_or_adapter_is_trained_anew(tmp_path):
    config = {"lexicon": str(tmp_path / "lexicon.yml"), "adapter": str(tmp_path / "adapter.npz")}
    (tmp_path / "lexicon.yml").write_text("a")
    (tmp_path / "adapter.npz").write_text("b")
    before = MessageReader.fingerprint_addon(config)
    (tmp_path / "adapter.npz").write_text("c")
    assert MessageReader.fingerprint_addon(config) != before


def test_rasa_may_ask_without_the_defaults(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert MessageReader.fingerprint_addon({}) == MessageReader.fingerprint_addon(MessageReader.get_default_config())
