"""What a look of the profiler counts for."""
import pytest

from turn_profile import OTHER, PARTS, part_of, report, shares

READ = "read (/x/opi_advisor/nlu/understanding.py:120)"
ENCODE = "encode (/x/opi_advisor/nlu/encoder.py:42)"
GRAPH = "run (/x/rasa/engine/runner/dask.py:82)"
WORKER = "_worker (/python/concurrent/futures/thread.py:81)"


@pytest.mark.parametrize(("stack", "part"), [
    (f"{GRAPH};{READ};{ENCODE};run (/x/onnxruntime/capi/onnxruntime_inference_collection.py:270)", "the encoder"), (f"{GRAPH};{READ}", "n-grams, views and heads"),
    (GRAPH, "Rasa's graph and tracker"), ("main (/x/elsewhere.py:1)", OTHER),
])
def test_a_stack_counts_for_the_innermost_part(stack, part):
    assert part_of(stack) == part


def test_threads_that_wait_for_work_do_not_count():
    counts = shares(f"{GRAPH};{READ} 3\n{GRAPH} 4\n{WORKER} 500\n{WORKER};save (/x/opi_advisor/stores/tracker_store.py:1) 5\n")
    assert counts == {"n-grams, views and heads": 3, "Rasa's graph and tracker": 4, "reading and writing the turn, the disk included": 5}


def test_the_table_has_milliseconds_a_turn():
    text = report([shares(f"{GRAPH} 10\n"), shares("main (/x/elsewhere.py:1) 5\n")], 20)
    assert "| Rasa's graph and tracker | 5.0 | 0.0 |" in text and f"| {OTHER} | 0.0 | 2.5 |" in text and "| together | 5.0 | 2.5 |" in text
    assert not any(f"| {part} |" in text for part in PARTS if part != "Rasa's graph and tracker")
