"""The soak: what counts as an error, how memory is judged, and that its people do all that is said of them."""
import json
import random
import subprocess
import sys

import pytest

from soak import BROKEN, FORGET, TOGETHER, Record, Step, fault, memory_growth, memory_of, message, missed_goals, report, visits

KEPT = [{"text": "..."}, {"custom": {"kind": "answer", "kept": True}}]
HELD = [{"custom": {"kind": "refusal", "kept": False}}]


@pytest.mark.parametrize(("step", "status", "content", "wrong"), [
    (message("a", "hi"), 200, KEPT, None),
    (message("a", "hi"), 200, [], "no reply"),
    (message("a", "hi"), 200, KEPT + KEPT, "no reply"),
    (message("a", "hi"), 200, HELD, "kept is False"),
    (message("a", "hi"), 200, [{"custom": {"kind": "trouble", "kept": True}}], "reply of kind trouble"),
    (message("a", "hi"), 503, None, "status 503 in place of 200"),
    (message("a", "too long", kept=False), 200, HELD, None),
    (message("a", "delete my data", kept=False), 200, KEPT, "kept is True"),
    (Step(b"{", status=400), 400, None, None),
    (Step(b"{", status=400), 200, KEPT, "status 200 in place of 400"),
    (Step(b"{", status=400), 500, None, "status 500 in place of 400"),
])
def test_what_is_an_error(step, status, content, wrong):
    assert fault(step, status, content) == wrong


def test_memory_of_the_last_minute_is_held_against_that_of_the_second():
    minutes = [0.2, 0.9, 1.0, 1.5, 1.9, 2.0, 3.0, 4.1, 4.5, 5.0]
    memory = [{TOGETHER: size} for size in (999, 999, 10, 11, 99, 999, 999, 12, 20, 13)]
    assert memory_growth(Record(minutes=minutes, memory=memory)) == (11, 13)


def test_memory_is_counted_with_that_of_the_children_by_their_names():
    child = "held = b'x' * 50_000_000; print('held', flush=True); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}, 'opi_advisor.action_process'])"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        found = memory_of(process.pid)
        process.communicate(b"\n")
    assert 50 < found["action server"] < 100 and found["Rasa process"] == 0
    assert found[TOGETHER] > found["action server"] + 2  # the parent


def test_people_have_dialogues_and_tours_send_what_is_too_long_or_broken_and_have_themselves_forgotten():
    person = visits("1", random.Random(1), [["hvad driver virksomheden?"], ["and the company?", "why?"]])
    steps = [step for _, visit in zip(range(300), person) for step in visit]
    texts = [json.loads(step.body)["message"] for step in steps if step.status == 200]
    assert {"hvad driver virksomheden?", "why?", "Start the tour", "Start rundvisningen", *FORGET} <= set(texts)
    assert any(len(text) > 1000 for text in texts)
    assert {step.body for step in steps if step.status == 400} == set(BROKEN)


def of_three_minutes(last, *errors):
    record = Record([0.1] * 20, 3, minutes=[0.5, 1.5, 2.9], memory=[{TOGETHER: size} for size in (1, 1000.0, last)])
    record.errors.update(errors)
    return record


@pytest.mark.parametrize(("last", "errors", "missed"), [
    (1100.0, [], []), (500.0, [], []), (1110.0, [], ["memory grew"]), (1000.0, ["no reply"], ["1 errors"]),
    (2000.0, ["no reply", "no reply"], ["memory grew", "2 errors"])])
def test_goals_are_missed_by_more_memory_or_any_error(last, errors, missed):
    found = missed_goals(of_three_minutes(last, *errors))
    assert [goal[:len(start)] for goal, start in zip(found, missed)] == missed and len(found) == len(missed)


def test_the_table_has_the_goals_and_what_was_measured():
    written = report(of_three_minutes(1150.0, "no reply", "no reply"), 3)
    assert "| 2 (2 × no reply) |" in written and "| 1.150 |" in written and "| 1,000 MB / 1,150 MB |" in written
